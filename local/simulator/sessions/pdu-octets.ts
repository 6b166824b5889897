import smpp from 'smpp';
import { commands } from 'smpp/lib/defs.js';
import { known } from '../known.ts';
import { headerOctets } from '../smpp.ts';

export interface PduContent {
  readonly sequence: number;
  /** @default ESME_ROK */
  readonly status?: number;
  /**
   * As the package has them; without effect if there is another status than ESME_ROK. `extraTlvs` are more TLVs, by
   * their tags and in hexadecimal, `{'0x1400': hex}`: the package itself writes only those that it knows.
   */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A PDU as it goes over the wire. Throws for fields that fit in none. */
export function pduOctets(command: string, content: PduContent): Buffer {
  const { sequence, status = 0, fields = {} } = content;
  const pdu = new smpp.PDU(command, { ...fields, command_status: status, sequence_number: sequence });
  const octets = pdu.toBuffer();
  const { extraTlvs } = fields;
  if (typeof extraTlvs !== 'object' || extraTlvs === null || status !== 0) return octets;
  return withMore(octets, ...Object.entries(extraTlvs).map(([tag, hex]) => tlvOctets(tag, String(hex))));
}

/** Of `fields` those of the mandatory part. */
export function withoutTlvs(command: string, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const params = commands[command]?.params ?? {};
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name in params));
}

/** `pdu` with more at its end, and a command_length that says so. */
export function withMore(pdu: Buffer, ...more: readonly Uint8Array[]): Buffer {
  const octets = Buffer.concat([pdu, ...more]);
  octets.writeUInt32BE(octets.length, 0);
  return octets;
}

/** A header and a body, whatever they say. */
export function rawPdu(commandId: number, sequence: number, body: Uint8Array = new Uint8Array()): Buffer {
  const header = Buffer.alloc(headerOctets);
  header.writeUInt32BE(headerOctets + body.length, 0);
  header.writeUInt32BE(commandId, 4);
  header.writeUInt32BE(sequence, 12);
  return Buffer.concat([header, body]);
}

export function commandId(command: string): number {
  return known(commands, command).id;
}

function tlvOctets(tag: string, hex: string): Buffer {
  const value = Buffer.from(hex, 'hex');
  const header = Buffer.alloc(4);
  header.writeUInt16BE(Number(tag), 0);
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value]);
}
