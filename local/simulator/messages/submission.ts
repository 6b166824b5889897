import { type Concatenation, readConcatenation, splitUdh } from '#contract/text/concatenation.ts';
import type { Behaviour } from '../play/behaviour.ts';
import { numberOf, octetsOf, type ReceivedPdu, stringOf } from '../sessions/package-smpp.ts';
import { udhIndicator } from '../smpp.ts';
import { type Address, fromAddress } from './address.ts';
import type { ShortMessage } from './short-message.ts';

/** What the ESME says about a message; the rest is the SMSC's. */
export type Content = Omit<
  ShortMessage,
  'messageId' | 'receiptId' | 'systemId' | 'session' | 'submittedAt' | 'expiresAt'
>;

/** What a submit_sm or data_sm asks for, whether or not the SMSC will do it. */
export interface Submission {
  readonly content: Content;
  /** Its octets are of message_payload: the SMSC itself cuts them for the radio. */
  readonly isPayload: boolean;
  /** Whether there are sar_* TLVs, also when they are ignored. */
  readonly hasSar: boolean;
  /** As it came, empty if it did not. */
  readonly scheduleDeliveryTime: string;
  readonly validityPeriod: string;
}

/** As an SMSC with these habits reads it: of what it ignores nothing is left. */
export function readSubmission(pdu: ReceivedPdu, submits: Behaviour['submits']): Submission {
  return {
    content: contentOf(pdu, submits),
    isPayload: takesPayload(pdu, submits) && octetsOf(pdu, 'message_payload').length > 0,
    hasSar: pdu.sar_msg_ref_num !== undefined,
    scheduleDeliveryTime: stringOf(pdu, 'schedule_delivery_time'),
    validityPeriod: stringOf(pdu, 'validity_period'),
  };
}

export function sourceOf(pdu: ReceivedPdu): Address {
  return {
    ton: numberOf(pdu, 'source_addr_ton'),
    npi: numberOf(pdu, 'source_addr_npi'),
    digits: stringOf(pdu, 'source_addr'),
  };
}

export function destinationOf(pdu: ReceivedPdu): Address {
  return {
    ton: numberOf(pdu, 'dest_addr_ton'),
    npi: numberOf(pdu, 'dest_addr_npi'),
    digits: stringOf(pdu, 'destination_addr'),
  };
}

export function hasUdh({ esmClass }: Pick<ShortMessage, 'esmClass'>): boolean {
  return (esmClass & udhIndicator) !== 0;
}

/** The octets without a UDH in front. */
export function bodyOf(short: Pick<ShortMessage, 'esmClass' | 'octets'>): Uint8Array {
  return hasUdh(short) ? splitUdh(short.octets).body : short.octets;
}

/** Which part of which message it is, if it is one. */
export function concatenationOf(short: Pick<ShortMessage, 'esmClass' | 'octets' | 'sar'>): Concatenation | undefined {
  const inUdh = hasUdh(short) ? readConcatenation(splitUdh(short.octets).udh) : undefined;
  return inUdh ?? short.sar;
}

function takesPayload(pdu: ReceivedPdu, { payload }: Behaviour['submits']): boolean {
  return payload === 'taken' && octetsOf(pdu, 'short_message').length === 0;
}

function contentOf(pdu: ReceivedPdu, submits: Behaviour['submits']): Content {
  const [source, destination] = [sourceOf(pdu), destinationOf(pdu)];
  return {
    from: fromAddress(source),
    to: fromAddress(destination),
    source,
    destination,
    esmClass: numberOf(pdu, 'esm_class'),
    protocolId: numberOf(pdu, 'protocol_id'),
    dataCoding: numberOf(pdu, 'data_coding'),
    registeredDelivery: numberOf(pdu, 'registered_delivery'),
    octets: octetsOf(pdu, takesPayload(pdu, submits) ? 'message_payload' : 'short_message'),
    sar: submits.sar === 'ignored' ? undefined : sarOf(pdu),
    userMessageReference: userMessageReferenceOf(pdu),
    pdu: pdu.octets,
  };
}

function sarOf(pdu: ReceivedPdu): Concatenation | undefined {
  const total = numberOf(pdu, 'sar_total_segments');
  const part = numberOf(pdu, 'sar_segment_seqnum');
  if (part < 1 || part > total) return undefined;
  return { reference: numberOf(pdu, 'sar_msg_ref_num'), total, part };
}

function userMessageReferenceOf(pdu: ReceivedPdu): number | undefined {
  const { user_message_reference: reference } = pdu;
  return typeof reference === 'number' ? reference : undefined;
}
