import { z } from 'zod';
import { carrierName } from './carrier.ts';
import { messageStatuses } from './status.ts';

/** What subscribers get from the inbound and status topics: CloudEvents 1.0 in JSON. */

const envelope = z.object({
  specversion: z.literal('1.0'),
  /** The same for the same happening, however often it is published. */
  id: z.string().min(1),
  source: z.string().min(1),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
});

/** A handset's message. `source` is `/carriers/<name>`, `subject` the recipient. */
export const receivedEvent = envelope.extend({
  type: z.literal('sms.received'),
  subject: z.string(),
  data: z.object({
    carrier: carrierName,
    from: z.string(),
    to: z.string(),
    text: z.string(),
    dataCoding: z.int(),
    /** The octets of the text without UDH, base64: nothing is lost where the decoding guessed. */
    octets: z.base64(),
    /** User data header, base64, when there is one. */
    udh: z.base64().optional(),
    /** Set on a part of a long message; parts are published one by one. */
    concatenation: z.object({ reference: z.int(), total: z.int(), part: z.int() }).optional(),
    /** Addresses and octets, hashed: the same for a likely repeat. */
    fingerprint: z.string(),
    /** This process saw the same fingerprint within the last minutes. */
    possibleDuplicate: z.boolean(),
    /** Every TLV but a message_payload that `octets` has, by name where it has one (else `0x1400`), value in hex. */
    tlvs: z.record(z.string(), z.string()),
  }),
});

/** A message's new status. `source` is `/carriers/<name>`, `subject` the message's id, `type` `sms.<status>`. */
export const statusEvent = envelope.extend({
  type: z.enum(messageStatuses.map((status) => `sms.${status}` as const)),
  subject: z.uuid(),
  data: z.object({
    id: z.uuid(),
    clientId: z.string(),
    carrier: carrierName,
    from: z.string().optional(),
    to: z.string(),
    status: z.enum(messageStatuses),
    segments: z.int(),
    possibleDuplicate: z.boolean(),
    /** The SMSC's own words on the event that brought the status. */
    commandStatus: z.string().optional(),
    stat: z.string().optional(),
    err: z.string().optional(),
    /** Why, where the connector or the gateway itself decided. */
    reason: z.string().optional(),
    /** Decided for want of an outcome in time; a later `sms.sent` overrides it. */
    settled: z.literal(true).optional(),
  }),
});

export type ReceivedEvent = z.output<typeof receivedEvent>;
export type StatusEvent = z.output<typeof statusEvent>;

export interface TopicAttributes {
  readonly type: string;
  readonly carrier: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** First word of an inbound text, upper case. */
  readonly keyword?: string | undefined;
}

/**
 * SNS message attributes to filter on. An empty one is left out (SNS refuses it) and characters
 * that SNS would never accept are taken out: https://docs.aws.amazon.com/sns/latest/api/API_MessageAttributeValue.html
 */
export function snsAttributes(
  attributes: TopicAttributes,
): Record<string, { DataType: 'String'; StringValue: string }> {
  const entries = Object.entries(attributes).flatMap(([name, value]) => {
    const clean = typeof value === 'string' ? sanitise(value) : '';
    return clean === '' ? [] : [[name, { DataType: 'String', StringValue: clean }] as const];
  });
  return Object.fromEntries(entries);
}

const maxAttributeLength = 100;

function sanitise(value: string): string {
  return value
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, '')
    .slice(0, maxAttributeLength)
    .toWellFormed();
}
