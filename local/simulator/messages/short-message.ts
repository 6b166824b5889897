import type { Concatenation } from '#contract/text/concatenation.ts';
import type { Address } from './address.ts';

/** One submit_sm or data_sm that was accepted. */
export interface ShortMessage {
  /** As the response has it. */
  readonly messageId: string;
  /** As receipts have it. */
  readonly receiptId: string;
  readonly systemId: string;
  /** Number of the session over which it came. */
  readonly session: number;
  /** `+447700900123`, a short code or a name. */
  readonly from: string;
  readonly to: string;
  readonly source: Address;
  readonly destination: Address;
  readonly esmClass: number;
  readonly protocolId: number;
  readonly dataCoding: number;
  readonly registeredDelivery: number;
  /** Text or data, with its UDH in front if esm_class says that there is one. */
  readonly octets: Uint8Array;
  /** From the sar_* TLVs, when the sender used those. */
  readonly sar?: Concatenation | undefined;
  readonly userMessageReference?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly submittedAt: number;
  readonly expiresAt: number;
  /** The whole PDU as it came. */
  readonly pdu: Buffer;
}

/** message_state (SMPP 3.4, 5.2.28) by our words. */
export const messageStates = {
  enroute: 1,
  delivered: 2,
  expired: 3,
  deleted: 4,
  undelivered: 5,
  unknown: 7,
  rejected: 8,
} as const;

export type MessageState = keyof typeof messageStates;

/** What became of a short message at its handset. `err` is three digits, as in a receipt. */
export type Outcome =
  | { readonly state: 'delivered' }
  | { readonly state: 'undelivered' | 'rejected'; readonly err: string }
  /** Tried in vain; it is tried again when the handset can take it. */
  | { readonly state: 'enroute'; readonly err: string };
