import type { CarrierProfile } from '#contract/carrier.ts';
import type { Content, ContentRules } from './smpp/content.ts';
import type { DeliverSm } from './smpp/deliveries.ts';
import { type NameOfTag, tagNames } from './smpp/tlvs-by-name.ts';

/** What must be known of a carrier to say what its SMSC delivers. Made once. */
export interface Source extends ContentRules {
  readonly carrier: string;
  readonly assemblySeconds: number;
  readonly nameOf: NameOfTag;
}

/** A handset's message, or a part of one, on its way to its event. */
export interface Arrival {
  readonly pdu: DeliverSm;
  readonly content: Content;
  /** ISO 8601. */
  readonly time: string;
  /** Of this arrival: a repeat has another. */
  readonly id: string;
  /** Of `pdu`. */
  readonly fingerprint: string;
  readonly possibleDuplicate: boolean;
}

export function sourceOf({ name, assemblySeconds, tlvs, text }: CarrierProfile): Source {
  const alphabets = new Map(text.receivedEncodings.map(({ dataCoding, alphabet }) => [dataCoding, alphabet]));
  return {
    carrier: name,
    assemblySeconds,
    nameOf: tagNames(tlvs),
    nulTerminated: text.nulTerminated,
    alphabetOf: (dataCoding) => alphabets.get(dataCoding),
  };
}

/** SMPP 3.4 says 20 octets, some SMSCs give more (quirk 44); what is longer still is no address but a fault. */
export const longestAddress = 64;

/** type_of_number 1 is international (SMPP 3.4, 5.2.5): written as E.164, as the API takes it. */
export function addressText(address: string, ton: number): string {
  const international = 1;
  const written = address.slice(0, longestAddress);
  return ton === international && /^\d+$/.test(written) ? `+${written}` : written;
}
