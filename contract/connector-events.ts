import * as z from 'zod';
import { asciiJson } from './ascii-json.ts';
import { carrierName } from './carrier-name.ts';
import { InvalidInputError, parseAs, parseJsonAs } from './parse.ts';

/**
 * What the connector learnt, on its way to `track-events` through the events queue. An event's id is
 * made from what it tells (`connector/event-ids.ts`), so that the same thing told twice has one id.
 * The list's version is the version of all events in it.
 */

/** A surrogate without its other half can be in JSON, but not in a table or a topic. */
const text = z.string().refine((given) => given.isWellFormed(), 'must be well-formed Unicode');

/** `crypto.randomUUID()` and `uuid` write lower case, and it is a key: what was made upper case on its way is still it. */
const messageId = z.uuid().toLowerCase();

const base = z.object({
  id: text.min(1).max(200),
  carrier: carrierName,
  /** When it happened, by the connector's clock. */
  time: z.iso.datetime(),
});

const ofMessage = base.extend({ messageId, clientId: text.min(1) });

const ofSegment = ofMessage.extend({
  /** Counted from 1. */
  segment: z.int().min(1),
  segments: z.int().min(1),
  commandStatus: z.int(),
  /** `ESME_RINVDSTADR 0x0000000b`, for people. */
  commandStatusText: text,
});

/** At-most-once only: durable before the first octet is written. */
const sending = ofMessage.extend({ type: z.literal('sending') });

/** The SMSC accepted a segment. */
const submitted = ofSegment.extend({
  type: z.literal('submitted'),
  /** As the SMSC wrote it; empty when it gave none. */
  smscMessageId: text,
  /** The segment may have been sent before: received more than once, or submitted again by this process. */
  possibleDuplicate: z.boolean(),
  /** Registered delivery was asked for, so a receipt should come. */
  receiptExpected: z.boolean(),
});

/** The SMSC refused a segment for good; the message is not tried again. */
const rejected = ofSegment.extend({ type: z.literal('rejected') });

/** The validity ended before the SMSC was heard to accept it. */
const expired = ofMessage.extend({
  type: z.literal('expired'),
  possiblySubmitted: z
    .boolean()
    .optional()
    .describe('A submit of it went unanswered, or another process had it before: the SMSC may have accepted it.'),
});

/** The connector itself could not make PDUs of it (an address that cannot be written, say). */
const unsendable = ofMessage.extend({ type: z.literal('unsendable'), reason: text });

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
  smscMessageId: text,
  state: z.enum(receiptStates),
  /** The SMSC's own words: `stat` and `err` of the text, network_error_code in hex. */
  stat: text.optional(),
  err: text.optional(),
  networkErrorCode: text.optional(),
  /** As written in the text: its time zone is not in the format. */
  submitDate: text.optional(),
  doneDate: text.optional(),
  /** user_message_reference, of an SMSC that repeats what a submit_sm had. */
  userMessageReference: z.int().min(0).max(0xffff).optional(),
  /** Addresses of the receipt: `from` is the handset. */
  from: text,
  to: text,
});

/** Whether a task holds its bind. Sent on change and every 30 s. */
const carrierState = base.extend({
  type: z.literal('carrier-state'),
  /** Which task: random per process. */
  bindId: text.min(1).max(200),
  state: z.enum(['bound', 'unbound', 'stopped']),
  /** Why it is unbound, for people. */
  reason: text.optional(),
  /** submit_sm per second that the carrier accepted from this task, over the last 30 s. */
  effectiveRate: z.number().min(0).optional(),
  /** submit_sm per second that this task allows itself: its share of the account's rate, or less where throttling taught it so. */
  rateLimit: z.number().positive().optional(),
  /** The SMSC has throttled, and nothing is sent for a moment. */
  throttled: z.boolean().optional(),
  /** Messages that wait in each lane, as SQS counts them: roughly. */
  backlog: z.object({ urgent: z.int().min(0), normal: z.int().min(0) }).optional(),
});

const connectorEvent = z
  .discriminatedUnion('type', [sending, submitted, rejected, expired, unsendable, receipt, carrierState])
  .refine((event) => !('segments' in event) || event.segment <= event.segments, {
    path: ['segment'],
    error: 'must be at most segments',
  });

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

/** What the connector writes. */
export const eventList = z.object({
  version: z.literal(1),
  events: z.array(connectorEvent).max(maxEventsPerList),
});

/** What is read: of each event by itself. */
const readableList = z.object({ version: z.literal(1), events: z.array(z.unknown()) });

export type ParsedEvent =
  | { readonly kind: 'event'; readonly event: ConnectorEvent }
  | { readonly kind: 'invalid'; readonly value: unknown; readonly error: InvalidInputError };

/**
 * The events of one queue message, each valid or invalid by itself: a bad one must not hold up 99 good
 * ones. Throws `InvalidInputError` when the list itself cannot be read.
 */
export function parseEventList(json: string): ParsedEvent[] {
  const { events } = parseJsonAs(readableList, json, 'event list');
  const mayHoldGiants = json.length > maxEventListBytes;
  return events.map((value) => parseEvent(value, mayHoldGiants));
}

function parseEvent(value: unknown, mayBeGiant: boolean): ParsedEvent {
  try {
    if (mayBeGiant) assertSize(value);
    return { kind: 'event', event: parseAs(connectorEvent, value, 'connector event') };
  } catch (error) {
    if (error instanceof InvalidInputError) return { kind: 'invalid', value, error };
    throw error;
  }
}

/** What would fit into no list of ours might not fit into an item or a topic either. */
function assertSize(value: unknown): void {
  const octets = octetsOf(value);
  if (octets <= maxEventListBytes) return;
  throw new InvalidInputError('connector event', [`must be at most ${maxEventListBytes} octets, got ${octets}`]);
}

function octetsOf(value: unknown): number {
  try {
    return asciiJson(value).length;
  } catch (error) {
    // Nested deeper than the stack goes. Reading it took none.
    if (error instanceof RangeError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}
