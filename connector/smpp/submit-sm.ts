import type { CarrierProfile } from '#contract/carrier.ts';
import { userMessageReferenceOf } from '#contract/message-reference.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { concatenationUdh, maxSegments, referenceOf } from '#contract/text/concatenation.ts';
import { dataCodingOf, segmentText } from '#contract/text/segments.ts';
import type { PduToWrite, Tlv } from './codec/pdu.ts';
import { tlvTags } from './codec/tables.ts';
import { InvalidPduError } from './errors.ts';
import { udhIndicator } from './esm-class.ts';

export type SubmitSm = Omit<PduToWrite<'submit_sm'>, 'sequenceNumber'>;

interface Address {
  readonly ton: number;
  readonly npi: number;
  readonly digits: string;
}

/** registered_delivery: a receipt for success and for failure, or none (SMPP 3.4, 5.2.17). */
const receiptRequested = 0x01;
const noReceipt = 0x00;

/**
 * The submit_sm of each segment of `sms`, in order, but for the validity_period, which is of the moment of the write. The same message
 * always gives the same octets. Throws `InvalidPduError` for a text of more segments than a UDH can count.
 */
export function submitSmsOf(
  sms: OutboundSms,
  { userMessageReference }: Pick<CarrierProfile, 'userMessageReference'>,
): SubmitSm[] {
  const { encoding, segments } = segmentText(sms.text);
  if (segments.length > maxSegments) {
    throw new InvalidPduError('text', `at most ${maxSegments} segments`, String(segments.length));
  }
  const source = addressOf(sms.from ?? '');
  const destination = addressOf(sms.to);
  const reference = referenceOf(sms.id);
  return segments.map((octets, index) => ({
    command: 'submit_sm',
    commandStatus: 0,
    serviceType: '',
    sourceAddrTon: source.ton,
    sourceAddrNpi: source.npi,
    sourceAddr: source.digits,
    destAddrTon: destination.ton,
    destAddrNpi: destination.npi,
    destinationAddr: destination.digits,
    esmClass: segments.length > 1 ? udhIndicator : 0,
    protocolId: 0,
    priorityFlag: 0,
    scheduleDeliveryTime: '',
    validityPeriod: '',
    registeredDelivery: sms.receipt ? receiptRequested : noReceipt,
    replaceIfPresentFlag: 0,
    dataCoding: dataCodingOf(encoding),
    smDefaultMsgId: 0,
    shortMessage:
      segments.length > 1 ? Buffer.concat([concatenationUdh(reference, segments.length, index + 1), octets]) : octets,
    tlvs: userMessageReference ? [referenceTlv(sms.id, index + 1)] : [],
  }));
}

function referenceTlv(messageId: string, segment: number): Tlv {
  const value = Buffer.alloc(2);
  value.writeUInt16BE(userMessageReferenceOf(messageId, segment));
  return { tag: tlvTags.userMessageReference, value };
}

/**
 * TON and NPI by kind of address (quirk 67; values: SMPP 3.4, 5.2.5 and 5.2.6):
 *
 *   none           0/0  unknown: the SMSC puts its own sender
 *   +447700900123  1/1  international, ISDN; "+" is not sent
 *   12345          3/0  network specific: a short code
 *   anything else  5/0  alphanumeric
 */
function addressOf(address: string): Address {
  if (address === '') return { ton: 0, npi: 0, digits: '' };
  if (/^\+\d+$/.test(address)) return { ton: 1, npi: 1, digits: address.slice(1) };
  if (/^\d+$/.test(address)) return { ton: 3, npi: 0, digits: address };
  return { ton: 5, npi: 0, digits: address };
}
