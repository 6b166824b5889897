import fc from 'fast-check';
import { writePdu } from '../../../connector/smpp/codec/write.ts';
import { createFramer, type Framer } from '../../../connector/smpp/framer.ts';
import { submitSm } from '../../support/pdus.ts';
import { anyPdu, latin1 } from './codec/any-pdu.ts';

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
  const pdus = fc.array(anyPdu(latin1).map(writePdu), { minLength: 1, maxLength: 5 });
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

describe.each([0, 1, 15, 70_001, 0xffffffff])('a command_length of %d', (commandLength) => {
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

test('the limit can be set', () => {
  const framer = createFramer({ maxPduLength: 100 });
  expect(() => takeAll(framer, [withLength(101)])).toThrow('command_length must be 16 to 100, got 101');
});

test.each([
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.9\r\n')],
  ['AMQP', Buffer.from('AMQP\0\0\x09\x01', 'latin1')],
  ['TLS', Buffer.from('15030100020246', 'hex')],
  ['TLS', Buffer.from('160303007a0200', 'hex')],
])('a port that speaks %s is told by name (quirk 50)', (protocol, octets) => {
  expect(() => takeAll(createFramer(), [octets])).toThrow(`this port speaks ${protocol}, not SMPP`);
});
