import { type Field, type FieldValue, layouts } from './layouts.ts';
import type { KnownPdu, MessageIdBody, ShortMessageBody } from './pdu.ts';
import { writeCountedOctets, writeCString, writeOctet } from './write-field.ts';

/**
 * The bodies that a busy connector writes and reads by the thousand, field by field in the order of their layouts.
 * The names in the table would do, but then writing one takes twice as long and reading one thrice.
 */

/** What a PDU has beside its body. */
export type Frame = Pick<KnownPdu, 'commandStatus' | 'sequenceNumber' | 'tlvs' | 'raw' | 'flaws' | 'incomplete'>;

const fields = Object.fromEntries(layouts.submit_sm.map((field) => [field.name, field])) as {
  readonly [Name in keyof ShortMessageBody]: Field<Name>;
};

export function writeShortMessage(target: Buffer, offset: number, body: ShortMessageBody): number {
  let end = offset;
  end = writeCString(target, end, fields.serviceType, body.serviceType);
  end = writeOctet(target, end, fields.sourceAddrTon, body.sourceAddrTon);
  end = writeOctet(target, end, fields.sourceAddrNpi, body.sourceAddrNpi);
  end = writeCString(target, end, fields.sourceAddr, body.sourceAddr);
  end = writeOctet(target, end, fields.destAddrTon, body.destAddrTon);
  end = writeOctet(target, end, fields.destAddrNpi, body.destAddrNpi);
  end = writeCString(target, end, fields.destinationAddr, body.destinationAddr);
  end = writeOctet(target, end, fields.esmClass, body.esmClass);
  end = writeOctet(target, end, fields.protocolId, body.protocolId);
  end = writeOctet(target, end, fields.priorityFlag, body.priorityFlag);
  end = writeCString(target, end, fields.scheduleDeliveryTime, body.scheduleDeliveryTime);
  end = writeCString(target, end, fields.validityPeriod, body.validityPeriod);
  end = writeOctet(target, end, fields.registeredDelivery, body.registeredDelivery);
  end = writeOctet(target, end, fields.replaceIfPresentFlag, body.replaceIfPresentFlag);
  end = writeOctet(target, end, fields.dataCoding, body.dataCoding);
  end = writeOctet(target, end, fields.smDefaultMsgId, body.smDefaultMsgId);
  return writeCountedOctets(target, end, fields.shortMessage, body.shortMessage);
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
