import { encodeUcs2 } from '#contract/text/ucs2.ts';
import { Handsets, type HandsetsOptions } from '../../../../local/simulator/handsets/handsets.ts';
import { KeptMessages } from '../../../../local/simulator/handsets/kept-messages.ts';
import type { Outcome, ShortMessage } from '../../../../local/simulator/messages/short-message.ts';
import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { concatenationUdh } from '../../../support/concatenation-udh.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { stageOf } from '../messages.ts';

const to = '+447700900123';
const dayMs = 24 * 3_600_000;

function short(text: string, change: Partial<ShortMessage> = {}): ShortMessage {
  return {
    messageId: text,
    receiptId: text,
    systemId: 'me',
    session: 1,
    from: 'shop',
    to,
    source: { ton: 5, npi: 0, digits: 'shop' },
    destination: { ton: 1, npi: 1, digits: '447700900123' },
    esmClass: 0,
    protocolId: 0,
    dataCoding: 0,
    registeredDelivery: 0,
    octets: Buffer.from(text, 'ascii'),
    submittedAt: 0,
    expiresAt: dayMs,
    pdu: Buffer.from('00000010', 'hex'),
    ...change,
  };
}

interface Part {
  readonly reference?: number;
  readonly total: number;
  readonly part: number;
}

function part(text: string, { reference = 7, total, part: number }: Part, change: Partial<ShortMessage> = {}) {
  const octets = Buffer.concat([concatenationUdh(reference, total, number), Buffer.from(text, 'ascii')]);
  return short(text, { esmClass: 0x40, octets, ...change });
}

function part16Bit(text: string, { reference = 7, total, part: number }: Part) {
  const udh = Uint8Array.of(6, 8, 4, reference >> 8, reference & 0xff, total, number);
  return short(text, { esmClass: 0x40, octets: Buffer.concat([udh, Buffer.from(text, 'ascii')]) });
}

function setUp(change: BehaviourChange = {}, options: Partial<HandsetsOptions> = {}) {
  const clock = new FakeClock();
  const stage = stageOf(change);
  const replies: string[] = [];
  const onReply = (from: string, recipient: string, text: string) => replies.push(`${from} ${recipient} ${text}`);
  const handsets = new Handsets({ stage, clock, keep: 100, onReply, ...options });
  const told: string[] = [];
  const receive = (message: ShortMessage) => handsets.receive(message, (outcome) => told.push(words(message, outcome)));
  return { handsets, clock, stage, replies, told, receive };
}

function words({ messageId }: ShortMessage, outcome: Outcome): string {
  return `${messageId} ${outcome.state}${outcome.state === 'delivered' ? '' : ` ${outcome.err}`}`;
}

describe('a handset that is on', () => {
  test('shows a short message as it is, and how it came', () => {
    const { handsets, receive, told } = setUp();
    receive(short('Hello'));
    expect(handsets.messages({ to })).toEqual([
      {
        number: 1,
        from: 'shop',
        to,
        kind: 'text',
        text: 'Hello',
        dataCoding: 0,
        parts: 1,
        messageIds: ['Hello'],
        receivedAt: '2026-01-01T00:00:00.000Z',
        shortMessages: [
          {
            messageId: 'Hello',
            pdu: '00000010',
            sourceAddrTon: 5,
            sourceAddrNpi: 0,
            sourceAddr: 'shop',
            destAddrTon: 1,
            destAddrNpi: 1,
            destinationAddr: '447700900123',
            esmClass: 0,
            protocolId: 0,
            dataCoding: 0,
            udh: '',
            octets: '48656c6c6f',
          },
        ],
      },
    ]);
    expect(told).toEqual(['Hello delivered']);
  });

  test('tells all of it in JSON', () => {
    const { handsets, receive } = setUp();
    receive(part('a', { total: 2, part: 1 }));
    receive(part('b', { total: 2, part: 2 }));
    expect(JSON.parse(JSON.stringify(handsets.messages()))).toMatchObject([
      {
        text: 'ab',
        shortMessages: [
          { messageId: 'a', udh: '050003070201', octets: '61', part: { reference: 7, total: 2, part: 1 } },
          { messageId: 'b', udh: '050003070202', octets: '62', part: { reference: 7, total: 2, part: 2 } },
        ],
      },
    ]);
  });

  test('has its own messages, and one can ask for those after a certain one', () => {
    const { handsets, receive } = setUp();
    for (const recipient of ['+1', '+2', '+1']) receive(short('hi', { to: recipient }));
    expect(handsets.messages({ to: '+1' }).map(({ number }) => number)).toEqual([1, 3]);
    expect(handsets.messages({ to: '+1', after: 1 }).map(({ number }) => number)).toEqual([3]);
    expect(handsets.messages({ after: 3 })).toEqual([]);
    expect(handsets.messages({ after: 99 })).toEqual([]);
    expect(handsets.view('+2').messages.map(({ number }) => number)).toEqual([2]);
  });

  test('forgets the oldest messages, and numbers go on', () => {
    const { handsets, receive } = setUp({}, { keep: 2 });
    for (const text of ['a', 'b', 'c', 'd']) receive(short(text));
    expect(handsets.messages().map(({ number, text }) => `${number} ${text}`)).toEqual(['3 c', '4 d']);
    expect(handsets.messages({ after: 1 }).map(({ number }) => number)).toEqual([3, 4]);
    expect(handsets.messages({ after: 3 }).map(({ number }) => number)).toEqual([4]);
    expect(handsets.stats().messages).toBe(4);
  });

  test('forgets earlier when messages are long', () => {
    const { handsets, receive } = setUp({}, { keep: 10_000 });
    const long = short('', { octets: Buffer.alloc(0x10_0000), dataCoding: 4 });
    receive(short('a', { to: '+1' }));
    for (let count = 0; count < 127; count++) receive(long);
    expect(handsets.messages({ to: '+1' })).toHaveLength(1);
    receive(long);
    expect(handsets.messages({ to: '+1' })).toEqual([]);
  });

  test('can be waited for', async () => {
    const { handsets, receive } = setUp();
    const waiting = handsets.awaitMessages({ to: '+2' }, new AbortController().signal);
    receive(short('not this', { to: '+1' }));
    receive(short('this', { to: '+2' }));
    expect(await waiting).toMatchObject([{ text: 'this' }]);
  });

  test('is waited for by many at once, each of whom looks at what is new only', async () => {
    const { handsets, receive } = setUp();
    const stop = new AbortController().signal;
    const polls = ['+1', '+2', '+3'].map((number) => handsets.awaitMessages({ to: number }, stop));
    const list = jest.spyOn(KeptMessages.prototype, 'list');
    for (const number of ['+3', '+4', '+1', '+2']) receive(short('a', { to: number }));
    const found = await Promise.all(polls);
    const lists = list.mock.calls.length;
    list.mockRestore();
    expect(found).toMatchObject([[{ number: 3 }], [{ number: 4 }], [{ number: 1 }]]);
    expect(lists).toBe(0);
  });

  test('is waited for beyond the messages that there are', async () => {
    const { handsets, receive } = setUp();
    receive(short('1'));
    const waiting = handsets.awaitMessages({ after: 2 }, new AbortController().signal);
    for (const text of ['2', '3', '4']) receive(short(text));
    expect(await waiting).toMatchObject([{ number: 3, text: '3' }]);
  });

  test('is waited for by the sender that it shows', async () => {
    const { handsets, receive } = setUp({ handsets: { sender: '80808' } });
    const waiting = handsets.awaitMessages({ from: '80808' }, new AbortController().signal);
    receive(short('a'));
    expect(await waiting).toMatchObject([{ from: '80808', text: 'a' }]);
    expect(handsets.messages({ from: '80808' })).toMatchObject([{ text: 'a' }]);
    expect(handsets.messages({ from: 'shop' })).toEqual([]);
  });

  test('has so many messages that there is a list after the first', () => {
    const { handsets, receive } = setUp({}, { keep: 20_000 });
    for (let count = 0; count < 10_001; count++) receive(short('a'));
    expect(handsets.messages()).toHaveLength(10_000);
    expect(handsets.messages({ after: 10_000 }).map(({ number }) => number)).toEqual([10_001]);
  });

  test('has messages so long that there is a list after the first', () => {
    const { handsets, receive } = setUp();
    const long = (octets: number) => receive(short('', { octets: Buffer.alloc(octets), dataCoding: 4 }));
    for (const octets of [0x30_0000, 0x10_0000, 0xf_0000, 0x10_0000]) long(octets);
    expect(handsets.messages().map(({ number }) => number)).toEqual([1]);
    expect(handsets.messages({ after: 1 }).map(({ number }) => number)).toEqual([2, 3]);
    expect(handsets.messages({ after: 3 }).map(({ number }) => number)).toEqual([4]);
  });

  test('is not waited for any more when that is told', async () => {
    const stop = new AbortController();
    const waiting = setUp().handsets.awaitMessages({ to: '+2' }, stop.signal);
    stop.abort();
    expect(await waiting).toEqual([]);
  });
});

describe('parts', () => {
  test('are joined in their order, whatever the order in which they come, and each is delivered when it does', () => {
    const { handsets, receive, told } = setUp();
    receive(part('c', { total: 3, part: 3 }));
    receive(part('a', { total: 3, part: 1 }));
    expect(handsets.messages()).toEqual([]);
    expect(handsets.stats().incomplete).toBe(1);
    receive(part('b', { total: 3, part: 2 }));
    expect(handsets.messages()).toMatchObject([{ text: 'abc', parts: 3, messageIds: ['a', 'b', 'c'] }]);
    expect(handsets.stats().incomplete).toBe(0);
    expect(told).toEqual(['c delivered', 'a delivered', 'b delivered']);
  });

  test('that were cut inside a character are joined before they are read', () => {
    const { handsets, receive } = setUp();
    const octets = encodeUcs2('😀');
    for (const number of [1, 2]) {
      const half = Buffer.concat([concatenationUdh(1, 2, number), octets.subarray(2 * number - 2, 2 * number)]);
      receive(short('', { esmClass: 0x40, dataCoding: 8, octets: half }));
    }
    expect(handsets.messages()).toMatchObject([{ text: '😀' }]);
  });

  test('that come again take the place of the first', () => {
    const { handsets, receive } = setUp();
    receive(part('a', { total: 2, part: 1 }));
    receive(part('A', { total: 2, part: 1 }));
    receive(part('b', { total: 2, part: 2 }));
    expect(handsets.messages()).toMatchObject([{ text: 'Ab', parts: 2 }]);
  });

  test('with another reference, number of parts, sender, recipient or kind of reference do not mix', () => {
    const { handsets, receive } = setUp();
    receive(part('a', { total: 2, part: 1 }));
    receive(part('b', { total: 2, part: 2, reference: 8 }));
    receive(part('b', { total: 3, part: 2 }));
    receive(part('b', { total: 2, part: 2 }, { from: 'other' }));
    receive(part('b', { total: 2, part: 2 }, { to: '+1' }));
    receive(part16Bit('b', { total: 2, part: 2 }));
    receive(short('b', { sar: { reference: 7, total: 2, part: 2 } }));
    expect(handsets.messages()).toEqual([]);
    expect(handsets.stats().incomplete).toBe(7);
  });

  test('are joined by 16-bit references, which may stand behind other elements', () => {
    const { handsets, receive } = setUp();
    const udh = (number: number) => Uint8Array.of(10, 0x70, 2, 1, 2, 8, 4, 1, 2, 2, number);
    for (const number of [1, 2])
      receive(short('', { esmClass: 0x40, octets: Buffer.concat([udh(number), Buffer.from(`${number}`)]) }));
    expect(handsets.messages()).toMatchObject([{ text: '12', shortMessages: [{ part: { reference: 258 } }, {}] }]);
  });

  test('are joined by sar_* TLVs, of which a UDH takes the place', () => {
    const { handsets, receive } = setUp();
    receive(short('b', { sar: { reference: 300, total: 2, part: 2 } }));
    receive(short('a', { sar: { reference: 300, total: 2, part: 1 } }));
    receive(part('c', { total: 2, part: 1 }, { sar: { reference: 300, total: 9, part: 9 } }));
    receive(part('d', { total: 2, part: 2 }, { sar: { reference: 300, total: 9, part: 9 } }));
    expect(handsets.messages().map(({ text }) => text)).toEqual(['ab', 'cd']);
  });

  test('of a message that says it has one are a message', () => {
    const { handsets, receive } = setUp();
    receive(part('a', { total: 1, part: 1 }));
    expect(handsets.messages()).toMatchObject([{ text: 'a', parts: 1 }]);
  });

  test('are forgotten a day after the first', async () => {
    const { handsets, clock, receive } = setUp();
    receive(part('a', { total: 2, part: 1 }));
    await clock.advance(dayMs - 1);
    expect(handsets.stats().incomplete).toBe(1);
    await clock.advance(1);
    expect(handsets.stats().incomplete).toBe(0);
    expect(clock.pending).toBe(0);
    receive(part('b', { total: 2, part: 2 }));
    expect(handsets.messages()).toEqual([]);
  });

  test('of the oldest messages are forgotten when they are too many', () => {
    const { handsets, receive } = setUp();
    for (let reference = 0; reference <= 10_000; reference++)
      receive(short('a', { sar: { reference, total: 2, part: 1 } }));
    expect(handsets.stats().incomplete).toBe(10_000);
    receive(short('b', { sar: { reference: 0, total: 2, part: 2 } }));
    expect(handsets.messages()).toEqual([]);
    receive(short('b', { sar: { reference: 10_000, total: 2, part: 2 } }));
    expect(handsets.messages()).toMatchObject([{ text: 'ab' }]);
  });

  test('are forgotten earlier when they are long', () => {
    const { handsets, receive } = setUp();
    for (let reference = 0; reference < 100; reference++)
      receive(short('', { octets: Buffer.alloc(0x10_0000), sar: { reference, total: 2, part: 1 } }));
    expect(handsets.stats().incomplete).toBe(63);
  });

  test('are forgotten in time behind older ones that may take longer', async () => {
    const { handsets, receive, clock, stage } = setUp({ handsets: { parts: { withinMs: 7 * dayMs } } });
    receive(part('a', { total: 2, part: 1, reference: 1 }));
    stage.play({ scenarios: [], change: {} });
    receive(part('b', { total: 2, part: 1, reference: 2 }));
    await clock.advance(dayMs);
    expect(handsets.view(to).incomplete.map(({ reference }) => reference)).toEqual([1]);
    await clock.advance(6 * dayMs);
    expect(handsets.stats().incomplete).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('that came again take no room twice', () => {
    const { handsets, receive } = setUp();
    const octets = Buffer.alloc(0x10_0000);
    receive(short('a', { sar: { reference: 1, total: 2, part: 1 } }));
    for (let count = 0; count < 100; count++) receive(short('', { octets, sar: { reference: 2, total: 2, part: 1 } }));
    expect(handsets.view(to).incomplete.map(({ reference }) => reference)).toEqual([1, 2]);
  });

  test('that were withdrawn take no room', () => {
    const { handsets, receive } = setUp({ handsets: { parts: { withinMs: 1_000 } } });
    receive(part('a', { total: 3, part: 1 }));
    for (let count = 0; count < 100; count++) {
      const long = short('', { octets: Buffer.alloc(0x10_0000), sar: { reference: count % 2, total: 3, part: 2 } });
      if (count < 2) receive(short('b', { sar: { reference: count, total: 3, part: 1 } }));
      receive(long);
      handsets.withdraw(long);
    }
    expect(handsets.stats().incomplete).toBe(3);
  });

  test('of too many are forgotten when they come, not when somebody looks', () => {
    const { handsets, receive, told } = setUp({ handsets: { parts: { withinMs: 1_000 } } });
    for (let reference = 0; reference < 64; reference++)
      receive(short('a', { octets: Buffer.alloc(0x10_0000), sar: { reference, total: 2, part: 1 } }));
    expect(told).toEqual(['a undelivered 034']);
    expect(handsets.stats().incomplete).toBe(63);
    expect(handsets.view(to).incomplete).toHaveLength(63);
    expect(told).toHaveLength(1);
  });

  test('that are never completed stay the oldest, however many others are', async () => {
    const { handsets, receive, clock } = setUp({}, { keep: 1 });
    receive(part('a', { total: 2, part: 1, reference: 0 }));
    await clock.advance(1);
    for (let count = 0; count < 5_000; count++)
      for (const number of [1, 2]) receive(part('b', { total: 2, part: number, reference: 1 }));
    receive(part('c', { total: 2, part: 1, reference: 2 }));
    expect(handsets.stats()).toMatchObject({ messages: 5_000, incomplete: 2 });
    await clock.advance(dayMs - 1);
    expect(handsets.stats().incomplete).toBe(1);
  });

  test('of too many never arrive', () => {
    const { handsets, receive, told } = setUp({ handsets: { maxParts: 2 } });
    receive(part('a', { total: 3, part: 1 }));
    receive(part('b', { total: 2, part: 1 }));
    receive(part('c', { total: 2, part: 2 }));
    expect(told).toEqual(['a undelivered 034', 'b delivered', 'c delivered']);
    expect(handsets.messages()).toMatchObject([{ text: 'bc' }]);
  });
});

test('parts that are here, and how many there should be, are told of the handset for which they are', () => {
  const { handsets, receive } = setUp();
  receive(part('c', { total: 3, part: 3 }));
  receive(part('a', { total: 3, part: 1 }));
  receive(part('b', { total: 2, part: 1, reference: 8 }, { to: '+1' }));
  const incomplete = [{ from: 'shop', reference: 7, total: 3, parts: [1, 3] }];
  expect(handsets.view(to)).toMatchObject({ incomplete });
  receive(part('b', { total: 3, part: 2 }));
  expect(handsets.view(to)).toMatchObject({ incomplete: [], messages: [{ text: 'abc' }] });
});

describe('parts that must come over one session', () => {
  const change = { handsets: { parts: { oneSession: true } } };

  test('are delivered together', () => {
    const { handsets, receive, told, clock } = setUp(change);
    receive(part('a', { total: 2, part: 1 }));
    receive(part('A', { total: 2, part: 1 }));
    expect(told).toEqual([]);
    receive(part('b', { total: 2, part: 2 }));
    expect(told).toEqual(['a delivered', 'A delivered', 'b delivered']);
    expect(handsets.messages()).toMatchObject([{ text: 'Ab' }]);
    expect(clock.pending).toBe(0);
  });

  test('never arrive over two, those that come later neither', () => {
    const { handsets, receive, told, clock } = setUp(change);
    receive(part('a', { total: 3, part: 1 }));
    receive(part('b', { total: 3, part: 2 }, { session: 2 }));
    expect(told).toEqual(['a undelivered 034', 'b undelivered 034']);
    receive(part('c', { total: 3, part: 3 }));
    expect(told.at(-1)).toBe('c undelivered 034');
    expect(handsets.messages()).toEqual([]);
    expect(handsets.stats().incomplete).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('that were lost can be sent anew', () => {
    const { handsets, receive } = setUp(change);
    receive(part('a', { total: 2, part: 1 }));
    receive(part('b', { total: 2, part: 2 }, { session: 2 }));
    receive(part('a', { total: 2, part: 1 }, { session: 2 }));
    receive(part('b', { total: 2, part: 2 }, { session: 2 }));
    expect(handsets.messages()).toMatchObject([{ text: 'ab' }]);
  });
});

describe('parts that must come within a time', () => {
  const change = { handsets: { parts: { withinMs: 1_000 } } };

  test('never arrive after it', async () => {
    const { handsets, receive, told, clock } = setUp(change);
    receive(part('a', { total: 2, part: 1 }));
    await clock.advance(999);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['a undelivered 034']);
    receive(part('b', { total: 2, part: 2 }));
    expect(handsets.messages()).toEqual([]);
    expect(handsets.stats().incomplete).toBe(1);
  });

  test('may come over several sessions', () => {
    const { handsets, receive, told } = setUp(change);
    receive(part('a', { total: 2, part: 1 }));
    receive(part('b', { total: 2, part: 2 }, { session: 2 }));
    expect(told).toEqual(['a delivered', 'b delivered']);
    expect(handsets.messages()).toMatchObject([{ text: 'ab' }]);
  });

  test('are not waited for once they were withdrawn', async () => {
    const { handsets, receive, told, clock } = setUp(change);
    const first = part('a', { total: 3, part: 1 });
    receive(first);
    receive(part('b', { total: 3, part: 2 }));
    handsets.withdraw(first);
    receive(part('c', { total: 3, part: 3 }));
    expect(handsets.messages()).toEqual([]);
    await clock.advance(1_000);
    expect(told).toEqual(['b undelivered 034', 'c undelivered 034']);
  });

  test('wait on for those that are here when one that came again is withdrawn', async () => {
    const { handsets, receive, told, clock } = setUp(change);
    const again = part('A', { total: 2, part: 1 });
    receive(part('a', { total: 2, part: 1 }));
    receive(again);
    handsets.withdraw(again);
    expect(told).toEqual([]);
    await clock.advance(1_000);
    expect(told).toEqual(['a undelivered 034']);
    expect(handsets.stats().incomplete).toBe(0);
  });

  test('leave no timer when all were withdrawn, or at the end', () => {
    const { handsets, receive, clock } = setUp(change);
    const first = part('a', { total: 3, part: 1 });
    receive(first);
    handsets.withdraw(first);
    expect(clock.pending).toBe(0);
    receive(first);
    handsets.end();
    expect(clock.pending).toBe(0);
  });
});

describe('a handset that cannot take messages', () => {
  test.each([
    ['off', '027'],
    ['full', '032'],
  ] as const)('because it is %s tells so once, and takes them in their order when it can', (state, err) => {
    const { handsets, receive, told } = setUp();
    handsets.set(to, { state });
    receive(short('a'));
    receive(short('b'));
    expect(told).toEqual([`a enroute ${err}`, `b enroute ${err}`]);
    expect(handsets.set(to, { state: 'off' })).toMatchObject({ state: 'off', waiting: 2, messages: [] });
    expect(told).toHaveLength(2);
    expect(handsets.set(to, { state: 'on' })).toMatchObject({ state: 'on', waiting: 0, messages: [{}, {}] });
    expect(told.slice(2)).toEqual(['a delivered', 'b delivered']);
  });

  test.each([
    ['blocked', 'rejected 013'],
    ['unknown', 'undelivered 001'],
  ] as const)('because it is %s never does, what waited for it neither', (state, outcome) => {
    const { handsets, receive, told } = setUp();
    handsets.set(to, { state: 'off' });
    receive(short('a'));
    handsets.set(to, { state });
    receive(short('b'));
    expect(told.slice(1)).toEqual([`a ${outcome}`, `b ${outcome}`]);
    expect(handsets.stats()).toEqual({ messages: 0, waiting: 0, incomplete: 0 });
  });

  test('hears nothing of what was withdrawn', () => {
    const { handsets, receive, told } = setUp();
    handsets.set(to, { state: 'off' });
    const message = short('a');
    receive(message);
    handsets.withdraw(message);
    handsets.withdraw(message);
    handsets.set(to, { state: 'on' });
    expect(told).toEqual(['a enroute 027']);
    expect(handsets.stats()).toEqual({ messages: 0, waiting: 0, incomplete: 0 });
  });

  test('has room for so many, others have theirs', () => {
    const { handsets, receive } = setUp({}, { maxWaiting: 2 });
    for (const number of [to, '+1']) handsets.set(number, { state: 'off' });
    expect(handsets.hasRoomFor(to)).toBe(true);
    for (const text of ['a', 'b']) receive(short(text));
    expect(handsets.hasRoomFor(to)).toBe(false);
    expect(handsets.hasRoomFor('+1')).toBe(true);
    handsets.set(to, { state: 'on' });
    expect(handsets.hasRoomFor(to)).toBe(true);
  });

  test('has no room when all together have none', () => {
    const { handsets, receive } = setUp();
    const state = 'off';
    for (let number = 0; number < 1_000; number++) {
      handsets.set(`${number}`, { state });
      for (let count = 0; count < 100; count++) receive(short('a', { to: `${number}` }));
    }
    handsets.set(to, { state });
    expect(handsets.hasRoomFor(to)).toBe(false);
    expect(handsets.hasRoomFor('+1000')).toBe(true);
  });
});

test('handsets that are off have no room when what waits for them is long', () => {
  const { handsets, receive } = setUp();
  for (const number of ['+1', '+2', to]) handsets.set(number, { state: 'off' });
  const octets = Buffer.alloc(0x10_0000);
  const messages = ['+1', '+2'].flatMap((number) =>
    Array.from({ length: 64 }, () => short('', { to: number, octets })),
  );
  for (const message of messages) receive(message);
  expect(handsets.hasRoomFor(to)).toBe(false);
  for (const message of messages.slice(0, 1)) handsets.withdraw(message);
  expect(handsets.hasRoomFor(to)).toBe(true);
  receive(short('', { octets }));
  expect(handsets.hasRoomFor(to)).toBe(false);
  handsets.set('+2', { state: 'blocked' });
  expect(handsets.hasRoomFor(to)).toBe(true);
});

describe('a number', () => {
  test.each([
    ['0901', 'unknown'],
    ['0902', 'blocked'],
    ['0903', 'full'],
    ['0904', 'off'],
    ['0905', 'off'],
    ['0906', 'on'],
    ['0915', 'on'],
  ])('that ends with %s is %s, until somebody sets something else', (ending, state) => {
    const { handsets } = setUp();
    const number = `+44770090${ending}`;
    expect(handsets.view(number)).toEqual({ number, state, answer: null, waiting: 0, incomplete: [], messages: [] });
    expect(handsets.set(number, { answer: 'x' })).toMatchObject({ state, answer: 'x' });
    expect(handsets.set(number, { state: 'full' })).toMatchObject({ state: 'full', answer: 'x' });
  });

  test('that ends with 0905 is switched on ten seconds after the first message, and stays so', async () => {
    const { handsets, receive, told, clock } = setUp();
    const number = '+447700900905';
    receive(short('a', { to: number }));
    await clock.advance(9_000);
    receive(short('b', { to: number }));
    expect(told).toEqual(['a enroute 027', 'b enroute 027']);
    await clock.advance(1_000);
    receive(short('c', { to: number }));
    expect(told.slice(2)).toEqual(['a delivered', 'b delivered', 'c delivered']);
    expect(handsets.view(number).state).toBe('on');
    expect(clock.pending).toBe(0);
  });

  test('that ends with 0905 stays off if somebody switches it off', async () => {
    const { handsets, receive, told, clock } = setUp();
    const number = '+447700900905';
    receive(short('a', { to: number }));
    handsets.set(number, { state: 'off' });
    receive(short('b', { to: number }));
    await clock.advance(60_000);
    expect(told).toEqual(['a enroute 027', 'b enroute 027']);
    expect(clock.pending).toBe(0);
  });

  test('that ends with 0905 leaves no timer at the end', () => {
    const { handsets, receive, clock } = setUp();
    receive(short('a', { to: '+447700900905' }));
    handsets.end();
    expect(clock.pending).toBe(0);
  });

  test('is as it was set while 10,000 others are, and forgotten in the end', () => {
    const { handsets } = setUp();
    handsets.set(to, { state: 'off' });
    for (let number = 1; number < 10_000; number++) handsets.set(`${number}`, { state: 'off' });
    expect(handsets.view(to).state).toBe('off');
    for (let number = 1; number <= 20_000; number++) handsets.set(`${number}`, { state: 'off' });
    expect(handsets.view(to).state).toBe('on');
    expect(handsets.view('20000').state).toBe('off');
  });
});

describe('a number with and one without "+"', () => {
  const bare = to.slice(1);

  test('are one handset, whose messages are shown as they came', () => {
    const { handsets, receive } = setUp();
    receive(short('a'));
    receive(short('b', { to: bare }));
    for (const number of [to, bare]) {
      expect(handsets.messages({ to: number }).map((message) => message.to)).toEqual([to, bare]);
      expect(handsets.view(number)).toMatchObject({ number, messages: [{}, {}] });
    }
  });

  test('are waited for together', async () => {
    const { handsets, receive } = setUp();
    const waiting = [to, bare].map((number) => handsets.awaitMessages({ to: number }, new AbortController().signal));
    receive(short('a', { to: bare }));
    expect(await Promise.all(waiting)).toMatchObject([[{ text: 'a' }], [{ text: 'a' }]]);
  });

  test('are off together, and have one room for what waits', () => {
    const { handsets, receive, told } = setUp({}, { maxWaiting: 2 });
    handsets.set(bare, { state: 'off', answer: 'x' });
    expect(handsets.view(to)).toMatchObject({ state: 'off', answer: 'x' });
    const withdrawn = short('b', { to: bare });
    receive(short('a'));
    receive(withdrawn);
    expect(handsets.hasRoomFor(to)).toBe(false);
    expect(handsets.view(bare)).toMatchObject({ waiting: 2 });
    handsets.withdraw(withdrawn);
    handsets.set(to, { state: 'on' });
    expect(told).toEqual(['a enroute 027', 'b enroute 027', 'a delivered']);
  });

  test('are switched on by one timer', async () => {
    const { receive, told, clock } = setUp();
    receive(short('a', { to: '+447700900905' }));
    receive(short('b', { to: '447700900905' }));
    expect(clock.pending).toBe(1);
    await clock.advance(10_000);
    expect(told.slice(2)).toEqual(['a delivered', 'b delivered']);
  });

  test('have parts of one message', () => {
    const { handsets, receive } = setUp();
    receive(part('a', { total: 2, part: 1 }));
    receive(part('b', { total: 2, part: 2 }, { to: bare }));
    expect(handsets.messages()).toMatchObject([{ text: 'ab' }]);
  });
});

test('handsets that switch themselves on look at no message that they have already', async () => {
  const { handsets, receive, clock } = setUp();
  receive(short('a', { to: '+447700900905' }));
  const view = jest.spyOn(handsets, 'view');
  const list = jest.spyOn(KeptMessages.prototype, 'list');
  await clock.advance(10_000);
  const looks = [view.mock.calls.length, list.mock.calls.length];
  list.mockRestore();
  expect(looks).toEqual([0, 0]);
  expect(handsets.messages()).toMatchObject([{ text: 'a' }]);
});

describe('a reset', () => {
  test('forgets messages, states, answers and parts, and messages are counted on', () => {
    const { handsets, receive, replies } = setUp();
    handsets.set(to, { answer: 'x' });
    receive(short('a'));
    receive(part('b', { total: 2, part: 1 }));
    handsets.set(to, { state: 'off' });
    handsets.reset();
    expect(handsets.stats()).toEqual({ messages: 1, waiting: 0, incomplete: 0 });
    const nothing = { answer: null, waiting: 0, incomplete: [], messages: [] };
    expect(handsets.view(to)).toEqual({ number: to, state: 'on', ...nothing });
    receive(short('c'));
    expect(handsets.messages()).toMatchObject([{ number: 2, text: 'c' }]);
    expect(replies).toHaveLength(1);
  });

  test('says nothing about what waited, then or later', async () => {
    const { handsets, receive, told, clock } = setUp({ handsets: { parts: { withinMs: 1_000 } } });
    receive(short('a', { to: '+447700900905' }));
    receive(part('b', { total: 2, part: 1 }));
    handsets.reset();
    expect(clock.pending).toBe(0);
    await clock.advance(10_000);
    handsets.set('+447700900905', { state: 'on' });
    expect(told).toEqual(['a enroute 027']);
    expect(handsets.messages()).toEqual([]);
  });

  test('leaves all the room that there was', () => {
    const { handsets, receive } = setUp({}, { maxWaiting: 1, keep: 2 });
    handsets.set(to, { state: 'off' });
    receive(short('a'));
    handsets.reset();
    handsets.set(to, { state: 'off' });
    expect(handsets.hasRoomFor(to)).toBe(true);
    handsets.set(to, { state: 'on' });
    for (const text of ['b', 'c', 'd']) receive(short(text));
    expect(handsets.messages().map(({ text }) => text)).toEqual(['c', 'd']);
  });

  test('leaves those waiting who wait for a message', async () => {
    const { handsets, receive } = setUp();
    const waiting = handsets.awaitMessages({ to }, new AbortController().signal);
    handsets.reset();
    receive(short('a'));
    expect(await waiting).toMatchObject([{ text: 'a' }]);
  });
});

describe('answers', () => {
  const echo = '+447700900915';

  test('go back to the sender, once for a whole message', () => {
    const { handsets, receive, replies } = setUp();
    handsets.set(to, { answer: 'thanks' });
    receive(short('Hello'));
    receive(part('a', { total: 2, part: 1 }));
    expect(replies).toEqual([`${to} shop thanks`]);
    receive(part('b', { total: 2, part: 2 }));
    expect(replies).toEqual([`${to} shop thanks`, `${to} shop thanks`]);
  });

  test('are the text itself for numbers that end with 0915', () => {
    const { receive, replies } = setUp();
    receive(short('ab', { to: echo }));
    receive(short('', { to: echo, dataCoding: 4, octets: Uint8Array.of(1, 2) }));
    receive(short('none'));
    expect(replies).toEqual([`${echo} shop ab`]);
  });

  test('of such a number can be others, none, and then the text again', () => {
    const { handsets, receive, replies } = setUp();
    for (const answer of ['other', '', null]) {
      handsets.set(echo, { answer });
      receive(short('text', { to: echo }));
    }
    expect(replies).toEqual([`${echo} shop other`, `${echo} shop text`]);
  });

  test('go to nobody when there is no sender', () => {
    const { receive, replies } = setUp();
    receive(short('ab', { to: echo, from: '' }));
    expect(replies).toEqual([]);
  });

  test('go to who sent it, not to who is shown', () => {
    const { receive, replies, handsets } = setUp({ handsets: { sender: '80808' } });
    receive(short('ab', { to: echo }));
    expect(handsets.messages()).toMatchObject([{ from: '80808' }]);
    expect(replies).toEqual([`${echo} shop ab`]);
  });
});

describe('the sender that a phone shows', () => {
  test('of letters can be taken for GSM 03.38, numbers not', () => {
    const { handsets, receive } = setUp({ handsets: { senderAlphabet: 'gsm7' } });
    receive(short('a', { from: 'A_B', source: { ton: 5, npi: 0, digits: 'A_B' } }));
    receive(short('b', { from: '+1', source: { ton: 1, npi: 1, digits: '1' } }));
    expect(handsets.messages().map(({ from }) => from)).toEqual(['A§B', '+1']);
  });
});
