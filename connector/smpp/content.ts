import type { ReceivedAlphabet } from '#contract/text/alphabets.ts';
import { maxSegments, readConcatenation, splitUdh } from '#contract/text/concatenation.ts';
import { meaningOf } from '#contract/text/data-coding.ts';
import type { Tlv } from './codec/pdu.ts';
import { tlvTags } from './codec/tables.ts';
import { tlvInteger } from './codec/tlv.ts';
import type { DeliverSm } from './deliveries.ts';
import { udhIndicator } from './esm-class.ts';
import { isEmptyMessage } from './is-empty-message.ts';

/** Which part of a long message; references of different kinds are different. */
export interface PartNumbers {
  readonly kind: 'udh8' | 'udh16' | 'sar';
  readonly reference: number;
  /** 1 to 255, as `part`. */
  readonly total: number;
  readonly part: number;
}

/** What a handset's message carries, wherever the SMSC put it. */
export interface Content {
  /** Without the UDH. */
  readonly octets: Uint8Array;
  /** From its length octet on; empty when there is none. */
  readonly udh: Uint8Array;
  readonly concatenation: PartNumbers | undefined;
  /** All but the message_payload that `octets` are from. */
  readonly tlvs: readonly Tlv[];
}

/** What the carrier's profile says of its SMSC's messages. */
export interface ContentRules {
  /** A NUL is behind each short_message (quirk 42). */
  readonly nulTerminated: boolean;
  /** What a data_coding means, where it is not the usual. */
  readonly alphabetOf: (dataCoding: number) => ReceivedAlphabet | undefined;
}

/**
 * Its octets are in short_message, or where that is empty, or NUL, in message_payload (quirk 36). A UDH says before the TLVs sar_* which part
 * it is (quirk 35); numbers that cannot be count as none.
 */
export function contentOf(pdu: DeliverSm, rules: ContentRules): Content {
  const payload = isEmptyMessage(pdu.shortMessage) ? tlvOf(pdu, tlvTags.messagePayload) : undefined;
  const all = payload === undefined ? pdu.shortMessage : payload.value;
  const hasUdh = (pdu.esmClass & udhIndicator) !== 0;
  const { udh, body } = hasUdh ? splitUdh(all) : { udh: new Uint8Array(), body: all };
  return {
    octets: payload === undefined && rules.nulTerminated ? withoutNul(body, pdu.dataCoding, rules) : body,
    udh,
    concatenation: readConcatenation(udh) ?? sarOf(pdu),
    tlvs: pdu.tlvs.filter((tlv) => tlv !== payload),
  };
}

/** A NUL that makes whole UTF-16 units belongs to the last of them. */
function withoutNul(body: Uint8Array, dataCoding: number, { alphabetOf }: ContentRules): Uint8Array {
  const isUcs2 = (alphabetOf(dataCoding) ?? meaningOf(dataCoding).alphabet) === 'ucs2';
  const endsInNul = body.at(-1) === 0 && !(isUcs2 && body.length % 2 === 0);
  return endsInNul ? body.subarray(0, -1) : body;
}

/** SMPP 3.4, 5.3.2.22 to 24. */
function sarOf(pdu: DeliverSm): PartNumbers | undefined {
  const reference = integerOf(pdu, tlvTags.sarMsgRefNum);
  const total = integerOf(pdu, tlvTags.sarTotalSegments);
  const part = integerOf(pdu, tlvTags.sarSegmentSeqnum);
  if (reference === undefined || total === undefined || part === undefined) return undefined;
  const arePossible = reference <= 0xffff && total <= maxSegments && part >= 1 && part <= total;
  return arePossible ? { kind: 'sar', reference, total, part } : undefined;
}

function integerOf(pdu: DeliverSm, tag: number): number | undefined {
  const tlv = tlvOf(pdu, tag);
  return tlv && tlvInteger(tlv);
}

function tlvOf(pdu: DeliverSm, wanted: number): Tlv | undefined {
  return pdu.tlvs.find(({ tag }) => tag === wanted);
}
