import fc from 'fast-check';
import type { Pdu } from '../../../../connector/smpp/codec/pdu.ts';
import { readPdu } from '../../../../connector/smpp/codec/read.ts';
import { writePdu } from '../../../../connector/smpp/codec/write.ts';
import { createFramer } from '../../../../connector/smpp/framer.ts';
import { pduOf } from '../../../support/pdus.ts';
import { anyOctets, anyPdu } from './any-pdu.ts';

/**
 * What a bad PDU does to the next one. Most of these make the session of the package `smpp` deaf in part of the cases;
 * ours must either name the stream as broken or give the next PDU.
 */

const octetsOfPdu = anyPdu().map(writePdu);
const next = writePdu(pduOf('enquire_link', { sequenceNumber: 999 }));

interface Received {
  readonly pdus: readonly Pdu[];
  readonly pendingOctets: number;
  readonly isBroken: boolean;
}

function receive(stream: Buffer): Received {
  const framer = createFramer();
  const pdus: Pdu[] = [];
  try {
    for (const frame of framer.push(stream)) pdus.push(readPdu(frame));
    return { pdus, pendingOctets: framer.pendingOctets, isBroken: false };
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-framing' });
    return { pdus, pendingOctets: framer.pendingOctets, isBroken: true };
  }
}

function withLength(octets: Buffer, length: number): Buffer {
  const changed = Buffer.from(octets);
  changed.writeUInt32BE(length);
  return changed;
}

function wellFramed(octets: Buffer): Buffer {
  return withLength(octets, octets.length);
}

function withBody(octets: Buffer, body: Buffer): Buffer {
  return wellFramed(Buffer.concat([octets.subarray(0, 16), body]));
}

const length = fc.nat();
const flips = fc.array(fc.tuple(fc.nat(), fc.nat(0xff)), { minLength: 1, maxLength: 4 });

function flipped(octets: Buffer, changes: readonly (readonly [number, number])[]): Buffer {
  const changed = Buffer.from(octets);
  if (octets.length > 16) for (const [at, octet] of changes) changed[16 + (at % (octets.length - 16))] = octet;
  return changed;
}

describe('a well-framed PDU does the next one no harm:', () => {
  test.each<[string, fc.Arbitrary<Buffer>]>([
    [
      'cut short',
      fc.tuple(octetsOfPdu, length).map(([pdu, cut]) => wellFramed(pdu.subarray(0, 16 + (cut % (pdu.length - 15))))),
    ],
    [
      'with a TLV of any tag, length and octets behind it',
      fc
        .tuple(octetsOfPdu, anyOctets(4), anyOctets(20))
        .map(([pdu, header, value]) => wellFramed(Buffer.concat([pdu, header, value]))),
    ],
    ['with 1 to 4 octets of its body changed', fc.tuple(octetsOfPdu, flips).map(([pdu, at]) => flipped(pdu, at))],
    ['with any octets for a body', fc.tuple(octetsOfPdu, anyOctets(300)).map(([pdu, body]) => withBody(pdu, body))],
    [
      'of any command_id',
      fc.tuple(octetsOfPdu, fc.nat(0xffffffff)).map(([pdu, id]) => {
        const changed = Buffer.from(pdu);
        changed.writeUInt32BE(id, 4);
        return changed;
      }),
    ],
    ['with 0xff for a body', fc.nat(300).map((count) => withBody(next, Buffer.alloc(count, 0xff)))],
    ['with NULs for a body', fc.tuple(octetsOfPdu, fc.nat(300)).map(([pdu, n]) => withBody(pdu, Buffer.alloc(n)))],
    [
      'with 1 to 8 trailing octets',
      fc
        .tuple(octetsOfPdu, fc.uint8Array({ minLength: 1, maxLength: 8 }))
        .map(([pdu, trailing]) => wellFramed(Buffer.concat([pdu, trailing]))),
    ],
  ])('%s', (_, anyMutant) => {
    fc.assert(
      fc.property(anyMutant, (mutant) => {
        const { pdus, pendingOctets, isBroken } = receive(Buffer.concat([mutant, next]));
        expect(pdus.map(({ raw }) => raw.toString('hex'))).toEqual([mutant.toString('hex'), next.toString('hex')]);
        expect(pdus[1]).toMatchObject({ command: 'enquire_link', sequenceNumber: 999, flaws: [] });
        expect({ pendingOctets, isBroken }).toEqual({ pendingOctets: 0, isBroken: false });
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a command_length that no PDU can have ends the stream:', () => {
  test.each<[string, fc.Arbitrary<number>]>([
    ['0', fc.constant(0)],
    ['1 to 4', fc.integer({ min: 1, max: 4 })],
    ['5 to 15', fc.integer({ min: 5, max: 15 })],
    ['over the limit', fc.integer({ min: 70_001, max: 0xffffffff })],
  ])('%s', (_, anyLength) => {
    fc.assert(
      fc.property(octetsOfPdu, anyLength, (pdu, commandLength) => {
        const { pdus, isBroken } = receive(Buffer.concat([next, withLength(pdu, commandLength), next]));
        expect(pdus.map(({ raw }) => raw)).toEqual([next]);
        expect(isBroken).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a command_length that is not that of its PDU loses no octet:', () => {
  test.each<[string, fc.Arbitrary<number>]>([
    ['shorter by 1 to 8', fc.integer({ min: -8, max: -1 })],
    ['longer by 1 to 64', fc.integer({ min: 1, max: 64 })],
  ])('%s', (_, anyDifference) => {
    fc.assert(
      fc.property(octetsOfPdu, anyDifference, (pdu, difference) => {
        const stream = Buffer.concat([withLength(pdu, Math.max(16, pdu.length + difference)), next]);
        const { pdus, pendingOctets, isBroken } = receive(stream);
        const taken = Buffer.concat(pdus.map(({ raw }) => raw));
        // What is left either waits, counted, for the rest of a PDU, or is what made the stream broken.
        expect(stream.subarray(0, taken.length).equals(taken)).toBe(true);
        if (!isBroken) expect(taken.length + pendingOctets).toBe(stream.length);
      }),
      { numRuns: 1_000 },
    );
  });
});
