import * as z from 'zod';
import { npi, ton } from './carrier-addresses.ts';
import { carrierName } from './carrier-name.ts';
import { parseJsonAs } from './parse.ts';

export const priorities = ['urgent', 'normal'] as const;
export type Priority = (typeof priorities)[number];

export const guarantees = ['at-least-once', 'at-most-once'] as const;
export type Guarantee = (typeof guarantees)[number];

/** TON and NPI of one message, whatever the carrier's rules say. */
export const addressing = z.object({ ton, npi });

/** A message in an outbound lane: from `send-message` to the connector. The lane's group is the recipient. */
export const outboundSms = z.object({
  version: z.literal(1),
  /** The message's id, a UUIDv7. */
  id: z.uuid(),
  /** Which API key or role sent it. */
  clientId: z.string().min(1),
  carrier: carrierName,
  /** E.164 with "+". */
  to: z.string().min(1),
  /** E.164 with "+", a short code, or 1 to 11 alphanumeric characters; absent: the SMSC puts its own. */
  from: z.string().min(1).optional(),
  text: z.string().min(1),
  priority: z.enum(priorities),
  guarantee: z.enum(guarantees),
  /** Whether the SMSC is asked for receipts. Messages that an older API enqueued do not say, and want them. */
  receipt: z.boolean().default(true),
  /** For `from` and `to`, where the message has its own. */
  fromAddressing: addressing.optional(),
  toAddressing: addressing.optional(),
  /** Beside those that the gateway sets itself; values in hex. */
  tlvs: z.array(z.object({ tag: z.int().min(1).max(0xffff), value: z.hex() })).optional(),
  acceptedAt: z.iso.datetime(),
  /** Never submitted after this. */
  validUntil: z.iso.datetime(),
  /** Not to be submitted before this: the connector enqueued it anew, as the SMSC could not take it. */
  notBefore: z.iso.datetime().optional(),
});

export type OutboundSms = z.output<typeof outboundSms>;

/** Throws `InvalidInputError` naming the bad fields, never their values. */
export function parseOutboundSms(json: string): OutboundSms {
  return parseJsonAs(outboundSms, json, 'outbound sms');
}
