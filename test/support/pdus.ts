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

/** `pdu` as it arrives from the wire. */
export function asRead<C extends CommandName>(pdu: PduToWrite<C> & PduToWrite): KnownPdu<C> {
  return readPdu(writePdu(pdu)) as KnownPdu<C>;
}
