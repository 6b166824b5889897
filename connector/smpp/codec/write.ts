import { InvalidPduError } from '../errors.ts';
import { valuesOfShortMessage } from './frequent.ts';
import { commandNames, type Field, type FieldValue, headerLength, layouts } from './layouts.ts';
import type { CommandName, PduToWrite, Tlv, UnnumberedPdu } from './pdu.ts';
import { commandIdOf } from './tables.ts';
import { maxTlvValue, tlvHeaderLength } from './tlv.ts';

/**
 * Strict: nothing an SMSC could misread is written, such as a NUL within a string, which would shift every
 * field behind it. What throws `InvalidPduError` may have changed octets behind `offset`, none before.
 */

/** The octets of `pdu`. */
export function writePdu(pdu: PduToWrite): Buffer {
  const octets = Buffer.allocUnsafe(longestOf(pdu));
  return octets.subarray(0, encodePdu(pdu, pdu.sequenceNumber, octets, 0));
}

interface Command {
  readonly id: number;
  readonly layout: readonly Field[];
  /** Most octets without TLVs. */
  readonly longest: number;
}

const commands: ReadonlyMap<CommandName, Command> = new Map(
  commandNames.map((name) => {
    const layout = layouts[name];
    return [name, { id: commandIdOf(name), layout, longest: headerLength + longestBody(layout) }];
  }),
);

function longestBody(layout: readonly Field[]): number {
  // A string ends with a NUL, counted octets begin with their count.
  return layout.reduce((length, { kind, writtenMax }) => length + (kind === 'octet' ? 1 : writtenMax + 1), 0);
}

function commandOf({ command }: UnnumberedPdu): Command {
  return commands.get(command) as Command;
}

/** No fewer octets than `pdu` takes. */
export function longestOf(pdu: UnnumberedPdu): number {
  let length = commandOf(pdu).longest;
  for (const { value } of pdu.tlvs) length += tlvHeaderLength + value.length;
  return length;
}

/** Writes `pdu` at `offset` of `target`, which has room for `longestOf(pdu)`; returns the offset behind it. */
export function encodePdu(pdu: UnnumberedPdu, sequenceNumber: number, target: Buffer, offset: number): number {
  checkUint32('commandStatus', pdu.commandStatus);
  // Ours are 1 to 0x7fffffff, but a response echoes whatever the peer sent.
  checkUint32('sequenceNumber', sequenceNumber);
  const { id, layout } = commandOf(pdu);
  let end = writeFields(target, offset + headerLength, layout, valuesOf(pdu, layout));
  for (const tlv of pdu.tlvs) end = writeTlv(target, end, tlv);
  writeUint32(target, offset, end - offset);
  writeUint32(target, offset + 4, id);
  writeUint32(target, offset + 8, pdu.commandStatus);
  writeUint32(target, offset + 12, sequenceNumber);
  return end;
}

/** Undefined is what the types forbid: it is refused like any other value. */
type Values = readonly (FieldValue | undefined)[];

function valuesOf(pdu: UnnumberedPdu, layout: readonly Field[]): Values {
  if (pdu.command === 'submit_sm' || pdu.command === 'deliver_sm') return valuesOfShortMessage(pdu);
  // `layouts` names the fields of each body: its type sees to that.
  const body = pdu as unknown as Readonly<Record<string, FieldValue>>;
  return layout.map(({ name }) => body[name]);
}

function writeFields(target: Buffer, offset: number, layout: readonly Field[], values: Values): number {
  let end = offset;
  for (let index = 0; index < layout.length; index++) {
    const field = layout[index] as Field;
    const value = values[index];
    switch (field.kind) {
      case 'octet':
        target[end] = checkedOctet(field, value);
        end += 1;
        break;
      case 'cstring':
        end = writeCString(target, end, field, value);
        break;
      case 'counted-octets':
        end = writeCountedOctets(target, end, field, value);
    }
  }
  return end;
}

function checkedOctet({ name }: Field, value: FieldValue | undefined): number {
  if (typeof value !== 'number') throw new InvalidPduError(name, 'an integer of 0 to 255', typeof value);
  if ((value & 0xff) !== value) throw new InvalidPduError(name, 'an integer of 0 to 255', `${value}`);
  return value;
}

function writeCountedOctets(target: Buffer, offset: number, field: Field, value: FieldValue | undefined): number {
  if (!(value instanceof Uint8Array)) throw new InvalidPduError(field.name, 'octets', typeof value);
  if (value.length > field.writtenMax) {
    throw new InvalidPduError(field.name, `at most ${field.writtenMax} octets`, `${value.length}`);
  }
  target[offset] = value.length;
  target.set(value, offset + 1);
  return offset + 1 + value.length;
}

/** Octet by octet: faster than a call into native code for strings as short as these. */
function writeCString(target: Buffer, offset: number, field: Field, value: FieldValue | undefined): number {
  if (typeof value !== 'string') throw new InvalidPduError(field.name, 'a string', typeof value);
  if (value.length > field.writtenMax) {
    throw new InvalidPduError(field.name, `at most ${field.writtenMax} characters`, `${value.length}`);
  }
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code === 0) throw new InvalidPduError(field.name, 'without NUL', `one at position ${index}`);
    if (code > 0xff) {
      throw new InvalidPduError(field.name, 'of Latin-1 characters only', `another at position ${index}`);
    }
    target[offset + index] = code;
  }
  target[offset + value.length] = 0;
  return offset + value.length + 1;
}

function writeTlv(target: Buffer, offset: number, { tag, value }: Tlv): number {
  if ((tag & 0xffff) !== tag) throw new InvalidPduError('TLV tag', 'an integer of 0 to 65535', String(tag));
  if (value.length > maxTlvValue) {
    const name = `TLV 0x${tag.toString(16).padStart(4, '0')}`;
    throw new InvalidPduError(name, `at most ${maxTlvValue} octets`, `${value.length}`);
  }
  target[offset] = tag >>> 8;
  target[offset + 1] = tag;
  target[offset + 2] = value.length >>> 8;
  target[offset + 3] = value.length;
  target.set(value, offset + tlvHeaderLength);
  return offset + tlvHeaderLength + value.length;
}

function checkUint32(field: string, value: number): void {
  if (value >>> 0 !== value) throw new InvalidPduError(field, 'an integer of 0 to 0xffffffff', String(value));
}

function writeUint32(target: Buffer, offset: number, value: number): void {
  target[offset] = value >>> 24;
  target[offset + 1] = value >>> 16;
  target[offset + 2] = value >>> 8;
  target[offset + 3] = value;
}
