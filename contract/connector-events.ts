import { z } from 'zod';
import { carrierName } from './carrier.ts';
import { InvalidInputError, parseAs } from './parse.ts';

/**
 * What the connector learnt, on its way to `track-events` through the events queue. An event's id is
 * made from what it tells (`connector/event-ids.ts`), so that the same thing told twice has one id.
 */

const base = z.object({
  id: z.string().min(1).max(200),
  carrier: carrierName,
  /** When it happened, by the connector's clock. */
  time: z.iso.datetime(),
});

const ofMessage = base.extend({ messageId: z.uuid(), clientId: z.string().min(1) });

const ofSegment = ofMessage.extend({
  /** Counted from 1. */
  segment: z.int().min(1),
  segments: z.int().min(1),
  commandStatus: z.int(),
  /** `ESME_RINVDSTADR 0x0000000b`, for people. */
  commandStatusText: z.string(),
});

/** At-most-once only: durable before the first octet is written. */
const sending = ofMessage.extend({ type: z.literal('sending') });

/** The SMSC accepted a segment. */
const submitted = ofSegment.extend({
  type: z.literal('submitted'),
  /** As the SMSC wrote it; empty when it gave none. */
  smscMessageId: z.string(),
  /** The segment may have been sent before: received more than once, or submitted again by this process. */
  possibleDuplicate: z.boolean(),
  /** Registered delivery was asked for, so a receipt should come. */
  receiptExpected: z.boolean(),
});

/** The SMSC refused a segment for good; the message is not tried again. */
const rejected = ofSegment.extend({ type: z.literal('rejected') });

/** The validity ended before the SMSC accepted it; not submitted, or refused until then. */
const expired = ofMessage.extend({ type: z.literal('expired') });

/** The connector itself could not make PDUs of it (an address that cannot be written, say). */
const unsendable = ofMessage.extend({ type: z.literal('unsendable'), reason: z.string() });

export const receiptStates = [
  'enroute',
  'delivered',
  'expired',
  'deleted',
  'undeliverable',
  'accepted',
  'unknown',
  'rejected',
] as const;
export type ReceiptState = (typeof receiptStates)[number];

/** A delivery receipt, as the SMSC told it. */
const receipt = base.extend({
  type: z.literal('receipt'),
  /** As the SMSC wrote it; empty when the receipt names none. */
  smscMessageId: z.string(),
  state: z.enum(receiptStates),
  /** The SMSC's own words: `stat` and `err` of the text, network_error_code in hex. */
  stat: z.string().optional(),
  err: z.string().optional(),
  networkErrorCode: z.string().optional(),
  /** As written in the text: its time zone is not in the format. */
  submitDate: z.string().optional(),
  doneDate: z.string().optional(),
  /** Addresses of the receipt: `from` is the handset. */
  from: z.string(),
  to: z.string(),
});

/** Whether a task holds its bind. Sent on change and every 30 s. */
const carrierState = base.extend({
  type: z.literal('carrier-state'),
  /** Which task: random per process. */
  bindId: z.string().min(1),
  state: z.enum(['bound', 'unbound', 'stopped']),
  /** Why it is unbound, for people. */
  reason: z.string().optional(),
});

const connectorEvent = z.discriminatedUnion('type', [
  sending,
  submitted,
  rejected,
  expired,
  unsendable,
  receipt,
  carrierState,
]);

export type ConnectorEvent = z.output<typeof connectorEvent>;
export type SendingEvent = z.output<typeof sending>;
export type SubmittedEvent = z.output<typeof submitted>;
export type RejectedEvent = z.output<typeof rejected>;
export type ReceiptEvent = z.output<typeof receipt>;
export type CarrierStateEvent = z.output<typeof carrierState>;
export type MessageEvent = Exclude<ConnectorEvent, ReceiptEvent | CarrierStateEvent>;

/** One message of the events queue: at most `maxEventsPerList` events in at most `maxEventListBytes`. */
export const maxEventsPerList = 100;
export const maxEventListBytes = 60_000;

export interface EventList {
  readonly version: 1;
  readonly events: readonly ConnectorEvent[];
}

const eventList = z.object({ version: z.literal(1), events: z.array(z.unknown()) });

export type ParsedEvent =
  | { readonly kind: 'event'; readonly event: ConnectorEvent }
  | { readonly kind: 'invalid'; readonly value: unknown; readonly error: InvalidInputError };

/**
 * The events of one queue message, each valid or invalid by itself: a bad one must not hold up 99 good
 * ones. Throws `InvalidInputError` when the list itself cannot be read.
 */
export function parseEventList(json: string): ParsedEvent[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new InvalidInputError('event list', ['not JSON'], { cause });
  }
  return parseAs(eventList, value, 'event list').events.map(parseEvent);
}

function parseEvent(value: unknown): ParsedEvent {
  try {
    return { kind: 'event', event: parseAs(connectorEvent, value, 'connector event') };
  } catch (error) {
    if (error instanceof InvalidInputError) return { kind: 'invalid', value, error };
    throw error;
  }
}
