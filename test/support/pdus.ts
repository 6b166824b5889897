import { type Field, layouts } from '../../connector/smpp/codec/layouts.ts';
import type { CommandName, KnownPdu, PduToWrite, ShortMessageBody } from '../../connector/smpp/codec/pdu.ts';
import { readPdu } from '../../connector/smpp/codec/read.ts';
import { writePdu } from '../../connector/smpp/codec/write.ts';

const shortMessage: ShortMessageBody = {
  serviceType: '',
  sourceAddrTon: 1,
  sourceAddrNpi: 1,
  sourceAddr: '491701234567',
  destAddrTon: 1,
  destAddrNpi: 1,
  destinationAddr: '491707654321',
  esmClass: 0,
  protocolId: 0,
  priorityFlag: 0,
  scheduleDeliveryTime: '',
  validityPeriod: '',
  registeredDelivery: 0,
  replaceIfPresentFlag: 0,
  dataCoding: 0,
  smDefaultMsgId: 0,
  shortMessage: Buffer.from('hello'),
};

const frame = { commandStatus: 0, sequenceNumber: 1, tlvs: [] };

export function submitSm(fields: Partial<PduToWrite<'submit_sm'>> = {}): PduToWrite<'submit_sm'> {
  return { ...frame, ...shortMessage, ...fields, command: 'submit_sm' };
}

export function deliverSm(fields: Partial<PduToWrite<'deliver_sm'>> = {}): PduToWrite<'deliver_sm'> {
  return { ...frame, ...shortMessage, ...fields, command: 'deliver_sm' };
}

const emptyValues = { cstring: '', octet: 0, 'counted-octets': Buffer.alloc(0) };

/** A PDU of any command whose fields are empty but for those given, whatever their type. */
export function pduOf(command: CommandName, fields: Readonly<Record<string, unknown>> = {}): PduToWrite {
  const layout: readonly Field[] = layouts[command];
  const body = Object.fromEntries(layout.map(({ name, kind }) => [name, emptyValues[kind]]));
  return { ...frame, ...body, ...fields, command } as unknown as PduToWrite;
}

/** `pdu` as it arrives from the wire. */
export function asRead<C extends CommandName>(pdu: PduToWrite<C> & PduToWrite): KnownPdu<C> {
  return readPdu(writePdu(pdu)) as KnownPdu<C>;
}
