import type { FieldValue } from './layouts.ts';
import type { KnownPdu, MessageIdBody, ShortMessageBody } from './pdu.ts';

/**
 * The bodies that a busy connector writes and reads by the thousand, field by field in the order of their layouts.
 * The names in the table would do, but then writing one takes twice as long and reading one thrice.
 */

/** What a PDU has beside its body. */
export type Frame = Pick<KnownPdu, 'commandStatus' | 'sequenceNumber' | 'tlvs' | 'raw' | 'flaws' | 'incomplete'>;

export function valuesOfShortMessage(body: ShortMessageBody): FieldValue[] {
  return [
    body.serviceType,
    body.sourceAddrTon,
    body.sourceAddrNpi,
    body.sourceAddr,
    body.destAddrTon,
    body.destAddrNpi,
    body.destinationAddr,
    body.esmClass,
    body.protocolId,
    body.priorityFlag,
    body.scheduleDeliveryTime,
    body.validityPeriod,
    body.registeredDelivery,
    body.replaceIfPresentFlag,
    body.dataCoding,
    body.smDefaultMsgId,
    body.shortMessage,
  ];
}

export function shortMessagePdu<Command>(command: Command, frame: Frame, values: readonly FieldValue[]) {
  return {
    command,
    commandStatus: frame.commandStatus,
    sequenceNumber: frame.sequenceNumber,
    serviceType: values[0] as string,
    sourceAddrTon: values[1] as number,
    sourceAddrNpi: values[2] as number,
    sourceAddr: values[3] as string,
    destAddrTon: values[4] as number,
    destAddrNpi: values[5] as number,
    destinationAddr: values[6] as string,
    esmClass: values[7] as number,
    protocolId: values[8] as number,
    priorityFlag: values[9] as number,
    scheduleDeliveryTime: values[10] as string,
    validityPeriod: values[11] as string,
    registeredDelivery: values[12] as number,
    replaceIfPresentFlag: values[13] as number,
    dataCoding: values[14] as number,
    smDefaultMsgId: values[15] as number,
    shortMessage: values[16] as Uint8Array,
    tlvs: frame.tlvs,
    raw: frame.raw,
    flaws: frame.flaws,
    incomplete: frame.incomplete,
  } satisfies ShortMessageBody & Frame & { command: Command };
}

export function messageIdPdu<Command>(command: Command, frame: Frame, values: readonly FieldValue[]) {
  return {
    command,
    commandStatus: frame.commandStatus,
    sequenceNumber: frame.sequenceNumber,
    messageId: values[0] as string,
    tlvs: frame.tlvs,
    raw: frame.raw,
    flaws: frame.flaws,
    incomplete: frame.incomplete,
  } satisfies MessageIdBody & Frame & { command: Command };
}
