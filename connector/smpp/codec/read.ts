import { unreachable } from '#contract/unreachable.ts';
import { type Frame, messageIdPdu, shortMessagePdu } from './frequent.ts';
import { commandNames, type Field, type FieldValue, headerLength, layouts } from './layouts.ts';
import type { CommandName, KnownPdu, Pdu, Tlv } from './pdu.ts';
import { commandIdOf, isResponseId } from './tables.ts';
import { tlvHeaderLength } from './tlv.ts';

const noTlvs: readonly Tlv[] = [];
const noFlaws: readonly string[] = [];
const noOctets = Buffer.alloc(0);

interface Command {
  readonly name: CommandName;
  readonly layout: readonly Field[];
  readonly isResponse: boolean;
}

const commandsById: ReadonlyMap<number, Command> = new Map(
  commandNames.map((name) => {
    const id = commandIdOf(name);
    return [id, { name, layout: layouts[name], isResponse: isResponseId(id) }];
  }),
);

const submitSmResp = commandIdOf('submit_sm_resp');
const [messageIdField] = layouts.submit_sm_resp as readonly [Field];
const esmeRok = 0;

/**
 * What `frame`, one whole PDU, says. Never throws for a frame of 16 octets or more: what does not follow
 * the specification is read as well as it can be and named in `flaws`; a field that is not there is empty.
 * The result shares the octets of `frame`.
 */
export function readPdu(frame: Buffer): Pdu {
  const commandId = uint32(frame, 4);
  return (commandId === submitSmResp ? readAcceptance(frame) : undefined) ?? readAnyPdu(frame, commandId);
}

/**
 * A submit_sm_resp as nearly all of them are, accepted and with nothing but its id, in half the time; undefined for
 * any other.
 */
function readAcceptance(raw: Buffer): KnownPdu<'submit_sm_resp'> | undefined {
  const end = raw.length - 1;
  const isPlain = uint32(raw, 0) === raw.length && uint32(raw, 8) === esmeRok && end > headerLength;
  if (!isPlain || end - headerLength > messageIdField.specifiedMax || raw[end] !== 0) return undefined;
  for (let at = headerLength; at < end; at++) if (raw[at] === 0) return undefined;
  return {
    command: 'submit_sm_resp',
    commandStatus: esmeRok,
    sequenceNumber: uint32(raw, 12),
    messageId: raw.toString('latin1', headerLength, end),
    tlvs: noTlvs,
    raw,
    flaws: noFlaws,
    incomplete: false,
  };
}

function readAnyPdu(frame: Buffer, commandId: number): Pdu {
  const reader = new FrameReader(frame);
  const command = commandsById.get(commandId);
  const values = command === undefined ? [] : reader.readBody(command);
  if (uint32(frame, 0) !== frame.length) reader.addFlaw('wrong command_length');
  return command === undefined
    ? { command: 'unknown', commandId, ...commonFields(reader) }
    : knownPdu(command, reader, values);
}

function knownPdu({ name, layout }: Command, frame: Frame, values: readonly FieldValue[]): Pdu {
  switch (name) {
    case 'submit_sm':
    case 'deliver_sm':
      return shortMessagePdu(name, frame, values);
    case 'submit_sm_resp':
    case 'deliver_sm_resp':
    case 'data_sm_resp':
      return messageIdPdu(name, frame, values);
    default: {
      const pdu: Record<string, unknown> = { command: name, ...commonFields(frame) };
      for (const [index, field] of layout.entries()) pdu[field.name] = values[index];
      // `layouts` names the fields of each body: its type sees to that.
      return pdu as unknown as Pdu;
    }
  }
}

/** Without what else a reader has. */
function commonFields({ commandStatus, sequenceNumber, tlvs, raw, flaws, incomplete }: Frame): Frame {
  return { commandStatus, sequenceNumber, tlvs, raw, flaws, incomplete };
}

function emptyValue(field: Field): FieldValue {
  switch (field.kind) {
    case 'cstring':
      return '';
    case 'octet':
      return 0;
    case 'counted-octets':
      return noOctets;
    default:
      return unreachable(field.kind);
  }
}

class FrameReader implements Frame {
  readonly raw: Buffer;
  readonly commandStatus: number;
  readonly sequenceNumber: number;
  tlvs: readonly Tlv[] = noTlvs;
  flaws: readonly string[] = noFlaws;
  incomplete = false;
  #offset = headerLength;

  constructor(raw: Buffer) {
    this.raw = raw;
    this.commandStatus = uint32(raw, 8);
    this.sequenceNumber = uint32(raw, 12);
  }

  addFlaw(flaw: string): void {
    this.flaws = [...this.flaws, flaw];
  }

  /** The values of the layout, one each; then `tlvs` is read too. */
  readBody({ layout, isResponse }: Command): readonly FieldValue[] {
    const isErrorResponse = isResponse && this.commandStatus !== 0;
    const values = isErrorResponse && this.#hasNoFields() ? layout.map(emptyValue) : this.#readFields(layout);
    if (isErrorResponse) this.incomplete = false;
    if (this.#offset < this.raw.length) this.tlvs = this.#readTlvs();
    return values;
  }

  /**
   * Whether an error response leaves its fields out, as SMPP 3.4 has it (quirk 41). Some send TLVs even so,
   * which would be taken for a message id: no id begins with a control character, and every tag does.
   */
  #hasNoFields(): boolean {
    if (this.#offset === this.raw.length) return true;
    return (this.raw[this.#offset] as number) < 0x20 && endsWithWholeTlv(this.raw, this.#offset);
  }

  #readFields(layout: readonly Field[]): readonly FieldValue[] {
    return layout.map((field) => {
      if (this.#offset < this.raw.length) return this.#readField(field);
      // The first of them tells it.
      if (!this.incomplete) this.addFlaw(`no ${field.name}`);
      this.incomplete = true;
      return emptyValue(field);
    });
  }

  #readField(field: Field): FieldValue {
    switch (field.kind) {
      case 'cstring':
        return this.#readCString(field);
      case 'octet':
        return this.raw[this.#offset++] as number;
      case 'counted-octets':
        return this.#readCountedOctets(field);
      default:
        return unreachable(field.kind);
    }
  }

  /** One without its NUL is taken to end with the PDU (quirk 42): nothing of it is missing. */
  #readCString(field: Field): string {
    const { raw } = this;
    const start = this.#offset;
    let end = start;
    while (end < raw.length && raw[end] !== 0) end++;
    if (end === raw.length) this.addFlaw(`no NUL after ${field.name}`);
    if (end - start > field.specifiedMax) this.addFlaw(`${field.name} too long`);
    this.#offset = end + 1;
    return start === end ? '' : raw.toString('latin1', start, end);
  }

  #readCountedOctets(field: Field): Buffer {
    const start = this.#offset + 1;
    const count = this.raw[this.#offset] as number;
    const octets = this.raw.subarray(start, start + count);
    if (octets.length < count) {
      this.addFlaw(`${field.name} cut short`);
      this.incomplete = true;
    }
    if (count > field.specifiedMax) this.addFlaw(`${field.name} too long`);
    this.#offset = start + octets.length;
    return octets;
  }

  /** All that is left. */
  #readTlvs(): readonly Tlv[] {
    const { raw } = this;
    this.#skipExtraNul();
    const contentEnd = endWithoutNuls(raw);
    const tlvs: Tlv[] = [];
    while (this.#offset < raw.length) {
      if (this.#offset >= contentEnd) {
        this.addFlaw('extra NUL');
        break;
      }
      if (raw.length - this.#offset < tlvHeaderLength) {
        this.addFlaw('octets after the last TLV');
        break;
      }
      tlvs.push(this.#readTlv());
    }
    return tlvs;
  }

  #readTlv(): Tlv {
    const tag = uint16(this.raw, this.#offset);
    const length = uint16(this.raw, this.#offset + 2);
    const start = this.#offset + tlvHeaderLength;
    const value = this.raw.subarray(start, start + length);
    if (value.length < length) this.addFlaw('TLV cut short');
    this.#offset = start + value.length;
    return { tag, value };
  }

  /** A NUL that closes short_message uncounted (quirk 42) would shift every TLV behind it. */
  #skipExtraNul(): void {
    const shifted = this.raw[this.#offset] === 0 && !endsWithWholeTlv(this.raw, this.#offset);
    if (!shifted || !endsWithWholeTlv(this.raw, this.#offset + 1)) return;
    this.addFlaw('extra NUL');
    this.#offset += 1;
  }
}

/** Whether from `offset` on there are TLVs, or nothing, and the last ends where the frame does. */
function endsWithWholeTlv(frame: Buffer, offset: number): boolean {
  let at = offset;
  while (at + tlvHeaderLength <= frame.length) {
    if (uint16(frame, at) === 0) return false;
    at += tlvHeaderLength + uint16(frame, at + 2);
  }
  return at === frame.length;
}

function endWithoutNuls(frame: Buffer): number {
  let end = frame.length;
  while (end > 0 && frame[end - 1] === 0) end--;
  return end;
}

/** Four times as fast as the methods of Buffer, which check where they read: here it is known. */
function uint32(octets: Buffer, at: number): number {
  return ((uint16(octets, at) << 16) | uint16(octets, at + 2)) >>> 0;
}

function uint16(octets: Buffer, at: number): number {
  return ((octets[at] as number) << 8) | (octets[at + 1] as number);
}
