import { concatenationUdh } from '#contract/text/concatenation.ts';
import { encodeUcs2 } from '#contract/text/ucs2.ts';
import { Handsets, type ShortMessage } from '../../../local/simulator/handsets.ts';

const handset = '+447700900123';

function short(text: string, more: Partial<ShortMessage> = {}): ShortMessage {
  const octets = Buffer.from(text, 'ascii');
  return { from: 'shop', to: handset, dataCoding: 0, hasUdh: false, octets, messageId: text, ...more };
}

function part(reference: number, total: number, number: number, text: string): ShortMessage {
  const octets = Buffer.concat([concatenationUdh(reference, total, number), Buffer.from(text, 'ascii')]);
  return short(text, { hasUdh: true, octets });
}

test('a short message is read as it is', () => {
  const handsets = new Handsets();
  handsets.receive(short('Hello'));
  expect(handsets.messages(handset)).toEqual([
    { number: 1, from: 'shop', to: handset, text: 'Hello', dataCoding: 0, parts: 1, messageIds: ['Hello'] },
  ]);
});

test('GSM and UCS-2 are told apart by data_coding', () => {
  const handsets = new Handsets();
  handsets.receive(short('', { octets: Uint8Array.of(0x1b, 0x65, 0x00) }));
  handsets.receive(short('', { octets: encodeUcs2('Ж😀'), dataCoding: 8 }));
  expect(handsets.messages().map(({ text }) => text)).toEqual(['€@', 'Ж😀']);
});

test('parts are joined in their order, whatever the order in which they come', () => {
  const handsets = new Handsets();
  handsets.receive(part(7, 3, 3, 'c'));
  handsets.receive(part(7, 3, 1, 'a'));
  expect(handsets.messages()).toEqual([]);
  handsets.receive(part(7, 3, 2, 'b'));
  expect(handsets.messages()).toMatchObject([{ text: 'abc', parts: 3, messageIds: ['a', 'b', 'c'] }]);
});

test('parts that were cut inside a character are joined before they are read', () => {
  const handsets = new Handsets();
  const [high, low] = [encodeUcs2('😀').subarray(0, 2), encodeUcs2('😀').subarray(2)];
  const half = (number: number, octets: Uint8Array) =>
    short('', { hasUdh: true, dataCoding: 8, octets: Buffer.concat([concatenationUdh(1, 2, number), octets]) });
  handsets.receive(half(1, high));
  handsets.receive(half(2, low));
  expect(handsets.messages()).toMatchObject([{ text: '😀' }]);
});

test('a part that comes again does not make the message twice as long', () => {
  const handsets = new Handsets();
  handsets.receive(part(7, 2, 1, 'a'));
  handsets.receive(part(7, 2, 1, 'A'));
  handsets.receive(part(7, 2, 2, 'b'));
  expect(handsets.messages()).toMatchObject([{ text: 'Ab', parts: 2 }]);
});

test('messages with another reference, length or sender do not mix', () => {
  const handsets = new Handsets();
  handsets.receive(part(7, 2, 1, 'a'));
  handsets.receive(part(8, 2, 2, 'b'));
  handsets.receive(part(7, 3, 2, 'b'));
  handsets.receive({ ...part(7, 2, 2, 'b'), from: 'other' });
  expect(handsets.messages()).toEqual([]);
});

test('parts by sar TLVs are joined too', () => {
  const handsets = new Handsets();
  handsets.receive(short('b', { sar: { reference: 300, total: 2, part: 2 } }));
  handsets.receive(short('a', { sar: { reference: 300, total: 2, part: 1 } }));
  expect(handsets.messages()).toMatchObject([{ text: 'ab', parts: 2 }]);
});

test('each number has its own messages, and one can ask for those after a certain one', () => {
  const handsets = new Handsets();
  for (const to of ['+1', '+2', '+1']) handsets.receive(short(to, { to }));
  expect(handsets.messages('+1').map(({ number }) => number)).toEqual([1, 3]);
  expect(handsets.messages('+1', 1).map(({ number }) => number)).toEqual([3]);
});

test('one can wait for a message', async () => {
  const handsets = new Handsets();
  const waiting = handsets.awaitMessages('+2', 0, new AbortController().signal);
  handsets.receive(short('not this', { to: '+1' }));
  handsets.receive(short('this', { to: '+2' }));
  expect(await waiting).toMatchObject([{ text: 'this' }]);
});

test('waiting ends when it is told to', async () => {
  const stop = new AbortController();
  const waiting = new Handsets().awaitMessages('+2', 0, stop.signal);
  stop.abort();
  expect(await waiting).toEqual([]);
});
