import fc from 'fast-check';
import { writePdu } from '../../../connector/smpp/codec/write.ts';
import { createFramer, type Framer } from '../../../connector/smpp/framer.ts';
import { pduOf, submitSm } from '../../support/pdus.ts';
import { anyPdu } from './codec/any-pdu.ts';

const pdu = writePdu(submitSm());

function takeAll(framer: Framer, chunks: readonly Buffer[]): Buffer[] {
  return chunks.flatMap((chunk) => [...framer.push(chunk)]);
}

function inChunks(octets: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(octets.subarray(at, at + size));
    at += size;
  }
  return [...chunks, octets.subarray(at)];
}

test('PDUs come out as they went in, however the stream is split', () => {
  const pdus = fc.array(anyPdu().map(writePdu), { minLength: 1, maxLength: 5 });
  const sizes = fc.array(fc.oneof(fc.nat(5), fc.nat(300)), { maxLength: 50 });
  fc.assert(
    fc.property(pdus, sizes, (expected, chunkSizes) => {
      const framer = createFramer();
      expect(takeAll(framer, inChunks(Buffer.concat(expected), chunkSizes))).toEqual(expected);
      expect(framer.pendingOctets).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test('PDUs come out as they went in, wherever the stream is cut in three', () => {
  const expected = [
    pduOf('enquire_link'),
    pduOf('submit_sm_resp', { messageId: '123' }),
    pduOf('deliver_sm_resp', { tlvs: [{ tag: 0x001d, value: Buffer.from('no') }] }),
  ].map(writePdu);
  const octets = Buffer.concat(expected);
  for (let first = 0; first <= octets.length; first++) {
    for (let second = first; second <= octets.length; second++) {
      const framer = createFramer();
      const pdus = takeAll(framer, inChunks(octets, [first, second - first]));
      if (pdus.length !== 3 || !Buffer.concat(pdus).equals(octets)) throw new Error(`cut at ${first} and ${second}`);
      expect(framer.pendingOctets).toBe(0);
    }
  }
});

test('a chunk of no octets changes nothing', () => {
  const framer = createFramer();
  const none = Buffer.alloc(0);
  expect(takeAll(framer, [none, pdu.subarray(0, 2), none, pdu.subarray(2, 20), none, pdu.subarray(20)])).toEqual([pdu]);
});

test('a PDU that comes octet by octet comes out whole', () => {
  const framer = createFramer();
  expect(
    takeAll(
      framer,
      [...pdu, ...pdu].map((octet) => Buffer.of(octet)),
    ),
  ).toEqual([pdu, pdu]);
});

test('the longest PDU comes out whole from chunks of one octet, in linear time', () => {
  const octets = Buffer.alloc(70_000);
  octets.writeUInt32BE(octets.length);
  const framer = createFramer();
  expect(
    takeAll(
      framer,
      [...octets].map((octet) => Buffer.of(octet)),
    ),
  ).toEqual([octets]);
});

test('a PDU that is not whole is told by its octets', () => {
  const framer = createFramer();
  for (const size of [3, pdu.length - 1]) {
    takeAll(framer, [pdu.subarray(framer.pendingOctets, size)]);
    expect(framer.pendingOctets).toBe(size);
  }
  takeAll(framer, [pdu.subarray(-1)]);
  expect(framer.pendingOctets).toBe(0);
});

function withLength(length: number): Buffer {
  const octets = Buffer.alloc(16);
  octets.writeUInt32BE(length);
  return octets;
}

test('an error of whoever takes the PDUs is theirs, and the framer takes the next chunk', () => {
  const framer = createFramer();
  const takeOne = (chunk: Buffer) => {
    for (const _ of framer.push(chunk)) throw new Error('ours');
  };
  expect(() => takeOne(pdu)).toThrow('ours');
  expect(takeAll(framer, [pdu])).toEqual([pdu]);
});

test('a PDU that is kept is not written over by the next one', () => {
  const framer = createFramer();
  const [kept] = takeAll(framer, [pdu.subarray(0, 3), pdu.subarray(3)]);
  takeAll(framer, inChunks(Buffer.alloc(16, '\0\0\0\x10'), [3]));
  expect(kept).toEqual(pdu);
});

describe.each([0, 1, 2, 3, 4, 5, 15, 70_001, 0xffffffff])('a command_length of %d', (commandLength) => {
  const bad = expect.objectContaining({ code: 'bad-framing', commandLength });

  test('ends the stream, after the PDUs before it', () => {
    const pdus = createFramer().push(Buffer.concat([pdu, withLength(commandLength)]));
    expect(pdus.next().value).toEqual(pdu);
    expect(() => pdus.next()).toThrow(bad);
  });

  test('ends the stream when it comes in pieces, and for good', () => {
    const framer = createFramer();
    const octets = withLength(commandLength);
    takeAll(framer, [octets.subarray(0, 3)]);
    expect(() => takeAll(framer, [octets.subarray(3)])).toThrow(bad);
    expect(() => takeAll(framer, [pdu])).toThrow(bad);
  });
});

test('a command_length that no PDU can have is told beside those that it can', () => {
  const told = 'command_length must be 16 to 70000, got 70001';
  expect(() => takeAll(createFramer(), [withLength(70_001)])).toThrow(told);
});

test.each([
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.9\r\n')],
  ['AMQP', Buffer.from('AMQP\0\0\x09\x01', 'latin1')],
  ['TLS', Buffer.from('15030100020246', 'hex')],
  ['TLS', Buffer.from('160303007a0200', 'hex')],
  ['SMTP or FTP', Buffer.from('220 mail.example.com ESMTP\r\n')],
  ['SMTP or FTP', Buffer.from('220-FTP server ready\r\n')],
  ['POP3', Buffer.from('+OK POP3 ready\r\n')],
  ['Redis', Buffer.from('-ERR unknown command\r\n')],
])('a port that speaks %s is told by name (quirk 50)', (protocol, octets) => {
  const said = `this port speaks ${protocol}, not SMPP`;
  expect(() => takeAll(createFramer(), [octets])).toThrow(said);
  expect(() =>
    takeAll(
      createFramer(),
      [...octets].map((octet) => Buffer.of(octet)),
    ),
  ).toThrow(said);
});
