import { commandNames, type Field, headerLength, layouts } from './layouts.ts';
import type { CommandName, Pdu, Tlv } from './pdu.ts';
import { commandNameOf, isResponseId } from './tables.ts';

const tlvHeaderLength = 4;
const noTlvs: readonly Tlv[] = [];
const noFlaws: readonly string[] = [];
const noOctets = Buffer.alloc(0);

type FieldValue = string | number | Buffer;

interface MutablePdu {
  commandStatus: number;
  sequenceNumber: number;
  tlvs: readonly Tlv[];
  raw: Buffer;
  flaws: readonly string[];
  [field: string]: FieldValue | readonly Tlv[] | readonly string[];
}

/** A PDU of each command with every field empty: copying one is faster than building an object field by field. */
const blankPdus = new Map(commandNames.map((command) => [command, blankPdu(command)]));

function blankPdu(command: CommandName): MutablePdu {
  const layout: readonly Field[] = layouts[command];
  const body = Object.fromEntries(layout.map((field) => [field.name, blankValue(field)]));
  return { command, commandStatus: 0, sequenceNumber: 0, ...body, tlvs: noTlvs, raw: noOctets, flaws: noFlaws };
}

function blankValue(field: Field): FieldValue {
  switch (field.kind) {
    case 'cstring':
      return '';
    case 'octet':
      return 0;
    case 'counted-octets':
      return noOctets;
  }
}

/**
 * What `frame`, one whole PDU, says. Never throws for a frame of 16 octets or more: what does not follow
 * the specification is read as well as it can be and named in `flaws`; a field that is not there is empty.
 * The result shares the octets of `frame`.
 */
export function readPdu(frame: Buffer): Pdu {
  const commandId = frame.readUInt32BE(4);
  const commandStatus = frame.readUInt32BE(8);
  const sequenceNumber = frame.readUInt32BE(12);
  const command = commandNameOf(commandId);
  if (command === undefined) {
    return { command: 'unknown', commandId, commandStatus, sequenceNumber, tlvs: noTlvs, raw: frame, flaws: noFlaws };
  }

  const pdu: MutablePdu = { ...(blankPdus.get(command) as MutablePdu) };
  pdu.commandStatus = commandStatus;
  pdu.sequenceNumber = sequenceNumber;
  pdu.raw = frame;
  const reader = new BodyReader(frame);
  if (!(commandStatus !== 0 && isResponseId(commandId) && reader.hasNoFields())) {
    reader.readFields(layouts[command], pdu);
  }
  pdu.tlvs = reader.readTlvs();
  if (frame.readUInt32BE(0) !== frame.length) reader.addFlaw('wrong command_length');
  pdu.flaws = reader.flaws;
  // `layouts` names exactly the fields of each body: its type sees to that.
  return pdu as unknown as Pdu;
}

class BodyReader {
  flaws: readonly string[] = noFlaws;
  readonly #frame: Buffer;
  #offset = headerLength;

  constructor(frame: Buffer) {
    this.#frame = frame;
  }

  addFlaw(flaw: string): void {
    this.flaws = [...this.flaws, flaw];
  }

  /**
   * Whether an error response leaves its fields out, as SMPP 3.4 has it (quirk 41). Some send TLVs even so,
   * which would be taken for a message id: no id begins with a control character, and every tag does.
   */
  hasNoFields(): boolean {
    if (this.#offset === this.#frame.length) return true;
    return this.#frame.readUInt8(this.#offset) < 0x20 && endsWithWholeTlv(this.#frame, this.#offset);
  }

  readFields(layout: readonly Field[], pdu: MutablePdu): void {
    for (const field of layout) {
      if (this.#offset >= this.#frame.length) {
        this.addFlaw(`no ${field.name}`);
        return;
      }
      pdu[field.name] = this.#readField(field);
    }
  }

  #readField(field: Field): FieldValue {
    switch (field.kind) {
      case 'cstring':
        return this.#readCString(field);
      case 'octet':
        return this.#frame[this.#offset++] as number;
      case 'counted-octets':
        return this.#readCountedOctets(field);
    }
  }

  #readCString(field: Field): string {
    const frame = this.#frame;
    const start = this.#offset;
    let end = start;
    while (end < frame.length && frame[end] !== 0) end++;
    if (end === frame.length) this.addFlaw(`no NUL after ${field.name}`);
    if (end - start > field.max) this.addFlaw(`${field.name} too long`);
    this.#offset = end + 1;
    return start === end ? '' : frame.toString('latin1', start, end);
  }

  #readCountedOctets(field: Field): Buffer {
    const start = this.#offset + 1;
    const count = this.#frame[this.#offset] as number;
    const octets = this.#frame.subarray(start, start + count);
    if (octets.length < count) this.addFlaw(`${field.name} cut short`);
    if (count > field.max) this.addFlaw(`${field.name} too long`);
    this.#offset = start + octets.length;
    return octets;
  }

  /** All that is left, as TLVs. Call it after the fields. */
  readTlvs(): readonly Tlv[] {
    const frame = this.#frame;
    if (this.#offset >= frame.length) return noTlvs;
    this.#skipExtraNul();
    const contentEnd = endWithoutNuls(frame);
    const tlvs: Tlv[] = [];
    while (this.#offset < frame.length) {
      if (this.#offset >= contentEnd) {
        this.addFlaw('extra NUL');
        break;
      }
      if (frame.length - this.#offset < tlvHeaderLength) {
        this.addFlaw('octets after the last TLV');
        break;
      }
      tlvs.push(this.#readTlv());
    }
    return tlvs;
  }

  #readTlv(): Tlv {
    const tag = this.#frame.readUInt16BE(this.#offset);
    const length = this.#frame.readUInt16BE(this.#offset + 2);
    const start = this.#offset + tlvHeaderLength;
    const value = this.#frame.subarray(start, start + length);
    if (value.length < length) this.addFlaw('TLV cut short');
    this.#offset = start + value.length;
    return { tag, value };
  }

  /** A NUL that closes short_message uncounted (quirk 42) would shift every TLV behind it. */
  #skipExtraNul(): void {
    const shifted = this.#frame[this.#offset] === 0 && !endsWithWholeTlv(this.#frame, this.#offset);
    if (!shifted || !endsWithWholeTlv(this.#frame, this.#offset + 1)) return;
    this.addFlaw('extra NUL');
    this.#offset += 1;
  }
}

/** Whether from `offset` on there are TLVs, or nothing, and the last ends where the frame does. */
function endsWithWholeTlv(frame: Buffer, offset: number): boolean {
  let at = offset;
  while (at + tlvHeaderLength <= frame.length) {
    const tag = frame.readUInt16BE(at);
    if (tag === 0) return false;
    at += tlvHeaderLength + frame.readUInt16BE(at + 2);
  }
  return at === frame.length;
}

function endWithoutNuls(frame: Buffer): number {
  let end = frame.length;
  while (end > 0 && frame[end - 1] === 0) end--;
  return end;
}
