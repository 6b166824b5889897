import smpp, { type PDU } from 'smpp';
import { filters } from 'smpp/lib/defs.js';
import { toError } from '#contract/to-error.ts';
import { headerOctets } from '../smpp.ts';

/**
 * The package `smpp`, made fit for a peer that must not lose octets or go deaf. Its tables are global:
 * what is changed here holds for the whole process.
 */

/** A PDU of the package with the octets it came as. */
export type ReceivedPdu = PDU & { readonly octets: Buffer };

/** Where a PDU should begin there is none: from here on the octets of the connection mean nothing. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
  readonly code = 'framing';
}

/** A message_payload TLV may fill 64 KiB; the package's own limit is 16 KiB. */
const maxPduOctets = 70_000;

const undecodable = new WeakMap<PDU, Error>();

// The package decodes text by data_coding and throws the octets away; dates likewise.
filters.message.decode = (value) => value;
filters.time.decode = (value) => value;

interface OctetStream {
  read(octets: number): Buffer | null;
}

/** So many octets, if they have come; what a connection ends with may be fewer, and is dropped. */
function readExactly(stream: OctetStream, octets: number): Buffer | undefined {
  const read = stream.read(octets);
  return read?.length === octets ? read : undefined;
}

Object.assign(smpp.PDU, {
  maxLength: maxPduOctets,
  // A command_length of 0 to 4 makes the package wait for ever, without an error.
  commandLength(stream: OctetStream): number | false {
    const field = readExactly(stream, 4);
    if (field === undefined) return false;
    const length = field.readUInt32BE(0);
    if (length >= headerOctets && length <= maxPduOctets) return length;
    throw new FramingError(`command_length must be ${headerOctets} to ${maxPduOctets}, got ${length}`);
  },
  // An exception here, for a PDU whose end is known, would make the package deaf to all that come after it.
  fromStream(stream: OctetStream, length: number): PDU | false {
    const rest = readExactly(stream, length - 4);
    if (rest === undefined) return false;
    // Memory of its own: whoever keeps it does not keep all that came with it.
    const octets = Buffer.allocUnsafeSlow(length);
    octets.writeUInt32BE(length, 0);
    rest.copy(octets, 4);
    const pdu = decode(octets);
    Object.defineProperty(pdu, 'octets', { value: octets });
    return pdu;
  },
});

/** Of a PDU that the package cannot decode it keeps the header; `whyUndecodable` tells the reason. */
function decode(octets: Buffer): PDU {
  try {
    return new smpp.PDU(octets);
  } catch (cause) {
    const header = Buffer.from(octets.subarray(0, headerOctets));
    header.writeUInt32BE(headerOctets, 0);
    const pdu = new smpp.PDU(header);
    undecodable.set(pdu, toError(cause));
    return pdu;
  }
}

/** Whether it came over a session, and so has its octets. */
export function isReceived(pdu: PDU): pdu is ReceivedPdu {
  return Buffer.isBuffer(pdu.octets);
}

export function whyUndecodable(pdu: PDU): Error | undefined {
  return undecodable.get(pdu);
}

/** A field of a PDU that may be missing: the package leaves out what the body was too short for. */
export function numberOf(pdu: PDU, field: string): number {
  const value = pdu[field];
  return typeof value === 'number' ? value : 0;
}

export function stringOf(pdu: PDU, field: string): string {
  const value = pdu[field];
  return typeof value === 'string' ? value : '';
}

export function octetsOf(pdu: PDU, field: string): Buffer {
  const value = pdu[field];
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}
