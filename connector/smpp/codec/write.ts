import { InvalidPduError } from '../errors.ts';
import { type Field, headerLength, layouts } from './layouts.ts';
import type { PduToWrite, Tlv } from './pdu.ts';
import { commandIdOf } from './tables.ts';

const tlvHeaderLength = 4;
const maxTlvValue = 0xffff;

type FieldValue = string | number | Uint8Array;

/**
 * The octets of `pdu`. Every value is checked before anything is allocated; throws `InvalidPduError` for
 * what an SMSC could misread: a NUL within a string would shift every field behind it.
 */
export function writePdu(pdu: PduToWrite): Buffer {
  const values = bodyValues(pdu);
  const length = headerLength + bodyLength(values) + tlvsLength(pdu.tlvs);
  checkUint32('commandStatus', pdu.commandStatus);
  // Ours are 1 to 0x7fffffff, but a response echoes whatever the peer sent.
  checkUint32('sequenceNumber', pdu.sequenceNumber);

  const octets = Buffer.allocUnsafe(length);
  octets.writeUInt32BE(length, 0);
  octets.writeUInt32BE(commandIdOf(pdu.command), 4);
  octets.writeUInt32BE(pdu.commandStatus, 8);
  octets.writeUInt32BE(pdu.sequenceNumber, 12);
  let offset = headerLength;
  for (const value of values) offset = writeValue(octets, offset, value);
  for (const tlv of pdu.tlvs) offset = writeTlv(octets, offset, tlv);
  return octets;
}

/** The checked values of the body, in the order of the wire. */
function bodyValues(pdu: PduToWrite): FieldValue[] {
  // `layouts` names exactly the fields of each body: its type sees to that.
  const body = pdu as unknown as Readonly<Record<string, FieldValue>>;
  const layout: readonly Field[] = layouts[pdu.command];
  const values: FieldValue[] = [];
  for (const field of layout) values.push(checkedValue(field, body[field.name]));
  return values;
}

function checkedValue(field: Field, value: FieldValue | undefined): FieldValue {
  switch (field.kind) {
    case 'octet':
      if (typeof value !== 'number' || (value & 0xff) !== value) {
        throw new InvalidPduError(field.name, 'an integer of 0 to 255', String(value));
      }
      return value;
    case 'cstring':
      if (typeof value !== 'string') throw new InvalidPduError(field.name, 'a string', typeof value);
      checkCString(field, value);
      return value;
    case 'counted-octets':
      if (!(value instanceof Uint8Array)) throw new InvalidPduError(field.name, 'octets', typeof value);
      if (value.length > field.max) {
        throw new InvalidPduError(field.name, `at most ${field.max} octets`, `${value.length}`);
      }
      return value;
  }
}

/** An integer takes one octet; a string its characters and a NUL; octets their count and themselves. */
function bodyLength(values: readonly FieldValue[]): number {
  let length = 0;
  for (const value of values) length += typeof value === 'number' ? 1 : value.length + 1;
  return length;
}

function checkCString(field: Field, value: string): void {
  if (value.length > field.max) {
    throw new InvalidPduError(field.name, `at most ${field.max} characters`, `${value.length}`);
  }
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code === 0) throw new InvalidPduError(field.name, 'without NUL', `one at position ${index}`);
    if (code > 0xff) {
      throw new InvalidPduError(field.name, 'of Latin-1 characters only', `another at position ${index}`);
    }
  }
}

function tlvsLength(tlvs: readonly Tlv[]): number {
  let length = 0;
  for (const { tag, value } of tlvs) {
    if ((tag & 0xffff) !== tag) throw new InvalidPduError('TLV tag', 'an integer of 0 to 65535', String(tag));
    if (value.length > maxTlvValue) {
      const name = `TLV 0x${tag.toString(16).padStart(4, '0')}`;
      throw new InvalidPduError(name, `at most ${maxTlvValue} octets`, `${value.length}`);
    }
    length += tlvHeaderLength + value.length;
  }
  return length;
}

function checkUint32(field: string, value: number): void {
  if (value >>> 0 !== value) throw new InvalidPduError(field, 'an integer of 0 to 0xffffffff', String(value));
}

/** Returns the offset behind what was written. */
function writeValue(octets: Buffer, offset: number, value: FieldValue): number {
  if (typeof value === 'number') {
    octets[offset] = value;
    return offset + 1;
  }
  if (typeof value === 'string') {
    // Faster than a call into native code for strings as short as these.
    for (let index = 0; index < value.length; index++) octets[offset + index] = value.charCodeAt(index);
    octets[offset + value.length] = 0;
    return offset + value.length + 1;
  }
  octets[offset] = value.length;
  octets.set(value, offset + 1);
  return offset + 1 + value.length;
}

function writeTlv(octets: Buffer, offset: number, { tag, value }: Tlv): number {
  octets.writeUInt16BE(tag, offset);
  octets.writeUInt16BE(value.length, offset + 2);
  octets.set(value, offset + tlvHeaderLength);
  return offset + tlvHeaderLength + value.length;
}
