import type { CarrierProfile } from '#contract/carrier.ts';
import { userMessageReferenceOf } from '#contract/message-reference.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { encodeText, type ShortMessage } from '#contract/text/encode-text.ts';
import { addressOf } from './addresses.ts';
import type { PduToWrite, Tlv } from './codec/pdu.ts';
import { tlvTags } from './codec/tables.ts';
import { udhIndicator } from './esm-class.ts';

export type SubmitSm = Omit<PduToWrite<'submit_sm'>, 'sequenceNumber'>;

/** One of the submit_sm of a message. */
export interface Segment {
  /** In the order of the text, counted from 1. */
  readonly segment: number;
  readonly segments: number;
  /** A receipt is asked for. */
  readonly receiptExpected: boolean;
  readonly pdu: SubmitSm;
}

type Options = Pick<CarrierProfile, 'text' | 'addresses' | 'receipts' | 'userMessageReference'>;

/** registered_delivery: a receipt for success and for failure, or none (SMPP 3.4, 5.2.17). */
const receiptRequested = 0x01;
const noReceipt = 0x00;

/**
 * The submit_sm of each segment of `sms`, in the order in which they are sent, but for the validity_period, which is of the moment
 * of the write. The same message always gives the same octets. Throws `InvalidPduError` for an address that cannot be written,
 * and what `encodeText` throws.
 */
export function submitSmsOf(sms: OutboundSms, options: Options): Segment[] {
  const { dataCoding, shortMessages } = encodeText(sms.text, options.text, sms.id);
  const source = addressOf(
    { of: 'sender', address: sms.from ?? '', addressing: sms.fromAddressing },
    options.addresses,
  );
  const destination = addressOf({ of: 'recipient', address: sms.to, addressing: sms.toAddressing }, options.addresses);
  const tlvs = (sms.tlvs ?? []).map(({ tag, value }) => ({ tag, value: Buffer.from(value, 'hex') }));
  const segments = shortMessages.length;
  return shortMessages.map((shortMessage) => {
    const { segment, octets, hasUdh, carriedBy } = shortMessage;
    const receiptExpected = sms.receipt && wantsReceipt(options.receipts.parts, segment, segments);
    const pdu: SubmitSm = {
      command: 'submit_sm',
      commandStatus: 0,
      serviceType: '',
      sourceAddrTon: source.ton,
      sourceAddrNpi: source.npi,
      sourceAddr: source.digits,
      destAddrTon: destination.ton,
      destAddrNpi: destination.npi,
      destinationAddr: destination.digits,
      esmClass: hasUdh ? udhIndicator : 0,
      protocolId: 0,
      priorityFlag: 0,
      scheduleDeliveryTime: '',
      validityPeriod: '',
      registeredDelivery: receiptExpected ? receiptRequested : noReceipt,
      replaceIfPresentFlag: 0,
      dataCoding,
      smDefaultMsgId: 0,
      shortMessage: carriedBy === 'short_message' ? octets : nothing,
      tlvs: [
        ...textTlvs(shortMessage),
        ...(options.userMessageReference
          ? [uint16Tlv(tlvTags.userMessageReference, userMessageReferenceOf(sms.id, segment))]
          : []),
        ...tlvs,
      ],
    };
    return { segment, segments, receiptExpected, pdu };
  });
}

const nothing = Uint8Array.of();

function wantsReceipt(parts: Options['receipts']['parts'], segment: number, segments: number): boolean {
  return parts === 'all' || segment === (parts === 'first' ? 1 : segments);
}

/** What of the text is not in short_message (SMPP 3.4, 5.3.2.22 to 24 and 5.3.2.32). */
function textTlvs({ carriedBy, octets, sar }: ShortMessage): Tlv[] {
  if (carriedBy === 'message_payload') return [{ tag: tlvTags.messagePayload, value: octets }];
  if (sar === undefined) return [];
  return [
    uint16Tlv(tlvTags.sarMsgRefNum, sar.reference),
    { tag: tlvTags.sarTotalSegments, value: Uint8Array.of(sar.total) },
    { tag: tlvTags.sarSegmentSeqnum, value: Uint8Array.of(sar.part) },
  ];
}

function uint16Tlv(tag: number, value: number): Tlv {
  return { tag, value: Uint8Array.of(value >>> 8, value & 0xff) };
}
