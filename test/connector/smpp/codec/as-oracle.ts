import { type Field, layouts } from '../../../../connector/smpp/codec/layouts.ts';
import type { CommandName, Pdu, PduToWrite, Tlv } from '../../../../connector/smpp/codec/pdu.ts';
import { tlvName } from '../../../../connector/smpp/codec/tables.ts';
import { PDU } from '../../../support/smpp-oracle.ts';

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function oracleTlv({ tag, value }: Tlv): [string, unknown] {
  const octets = Buffer.from(value);
  const name = tlvName(tag) ?? String(tag);
  switch (name) {
    case 'message_state':
      return [name, octets.readUInt8(0)];
    case 'user_message_reference':
      return [name, octets.readUInt16BE(0)];
    case 'receipted_message_id':
      return [name, octets.toString('latin1', 0, octets.length - 1)];
    default:
      return [name, octets];
  }
}

/** The fields of a PDU of ours as the package names and types them. */
export function oracleFields(pdu: PduToWrite | Pdu): Record<string, unknown> {
  const layout: readonly Field[] = layouts[pdu.command as CommandName];
  const body = pdu as unknown as Record<string, unknown>;
  return {
    command_status: pdu.commandStatus,
    sequence_number: pdu.sequenceNumber,
    ...Object.fromEntries(layout.map(({ name }) => [snakeCase(name), body[name]])),
    ...Object.fromEntries(pdu.tlvs.map(oracleTlv)),
  };
}

export function asOracleWrites(pdu: PduToWrite): Buffer {
  return new PDU(pdu.command, oracleFields(pdu)).toBuffer();
}
