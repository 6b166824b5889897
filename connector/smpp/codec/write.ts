import { InvalidPduError } from '../errors.ts';
import { writeShortMessage } from './frequent.ts';
import { commandNames, type Field, type FieldValue, headerLength, layouts } from './layouts.ts';
import type { CommandName, PduToWrite, Tlv, UnnumberedPdu } from './pdu.ts';
import { commandIdOf } from './tables.ts';
import { maxTlvValue, tlvHeaderLength } from './tlv.ts';
import { writeField } from './write-field.ts';

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
}

const commands: ReadonlyMap<CommandName, Command> = new Map(
  commandNames.map((name) => {
    return [name, { id: commandIdOf(name), layout: layouts[name] }];
  }),
);

function longestBody(layout: readonly Field[]): number {
  // A string ends with a NUL, counted octets begin with their count.
  return layout.reduce((length, { kind, writtenMax }) => length + (kind === 'octet' ? 1 : writtenMax + 1), 0);
}

function commandOf({ command }: UnnumberedPdu): Command {
  return commands.get(command) as Command;
}

/** Of whatever command, without TLVs: a few hundred octets, for which it is not worth looking each up. */
const longestWithoutTlvs = headerLength + Math.max(...Object.values(layouts).map(longestBody));

/** No fewer octets than `pdu` takes. */
export function longestOf(pdu: UnnumberedPdu): number {
  let length = longestWithoutTlvs;
  for (const { value } of pdu.tlvs) length += tlvHeaderLength + value.length;
  return length;
}

/** Writes `pdu` at `offset` of `target`, which has room for `longestOf(pdu)`; returns the offset behind it. */
export function encodePdu(pdu: UnnumberedPdu, sequenceNumber: number, target: Buffer, offset: number): number {
  checkUint32('commandStatus', pdu.commandStatus);
  // Ours are 1 to 0x7fffffff, but a response echoes whatever the peer sent.
  checkUint32('sequenceNumber', sequenceNumber);
  const { id, layout } = commandOf(pdu);
  let end = writeBody(target, offset + headerLength, pdu, layout);
  for (const tlv of pdu.tlvs) end = writeTlv(target, end, tlv);
  writeUint32(target, offset, end - offset);
  writeUint32(target, offset + 4, id);
  writeUint32(target, offset + 8, pdu.commandStatus);
  writeUint32(target, offset + 12, sequenceNumber);
  return end;
}

function writeBody(target: Buffer, offset: number, pdu: UnnumberedPdu, layout: readonly Field[]): number {
  if (pdu.command === 'submit_sm' || pdu.command === 'deliver_sm') return writeShortMessage(target, offset, pdu);
  // `layouts` names the fields of each body: its type sees to that.
  const body = pdu as unknown as Readonly<Record<string, FieldValue>>;
  let end = offset;
  for (const field of layout) end = writeField(target, end, field, body[field.name]);
  return end;
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
