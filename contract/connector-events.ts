import * as z from 'zod';
import { asciiJson } from './ascii-json.ts';
import { carrierName } from './carrier-name.ts';
import { InvalidInputError, parseAs, parseJsonAs } from './parse.ts';
import { errorClasses, idRelations, receiptStates } from './receipts.ts';
import { receivedAlphabets } from './text/alphabets.ts';

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

/** What the SMSC told beside the fields of the PDU: by the profile's name for it, SMPP's, or the tag (`0x1400`); values in hex. */
const tlvs = z.record(text, text);

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
  /** As the message has it: to tell messages apart to which an SMSC gave one id. */
  to: text.optional(),
  /** Of the carrier's profile, where it is not the default: how receipts of several segments make one status, and how long they are waited for. */
  rollUp: z.literal('any').optional(),
  receiptTimeoutSeconds: z.int().min(1).optional(),
  tlvs: tlvs.optional(),
});

/** The SMSC refused a segment for good; the message is not tried again. */
const rejected = ofSegment.extend({ type: z.literal('rejected'), tlvs: tlvs.optional() });

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
  /** The same as the carrier's profile has them read, where they are plausible. */
  submittedAt: z.iso.datetime().optional(),
  doneAt: z.iso.datetime().optional(),
  /** What the carrier's profile says that `err` or `networkErrorCode` means; of a receipt that tells of no failure it is absent. */
  errorClass: z.enum(errorClasses).optional(),
  /** How its id differs from that of the response, where the carrier's profile says so. */
  idRelation: z.enum(idRelations).optional(),
  tlvs: tlvs.optional(),
  /** user_message_reference, of an SMSC that repeats what a submit_sm had. */
  userMessageReference: z.int().min(0).max(0xffff).optional(),
  /** Of its text, 4,000 at most, where that names no id, or no state that is known: what a person needs to write a pattern. */
  octets: z.base64().optional(),
  /** Addresses of the receipt: `from` is the handset. */
  from: text,
  to: text,
});

/** One part of a long message of a handset: `track-events` puts them together. */
const part = base.extend({
  type: z.literal('part'),
  /** Addresses as the inbound topic has them. */
  from: text,
  to: text,
  /** By what the sender numbered the parts; references of different kinds are different. */
  concatenation: z.object({
    kind: z.enum(['udh8', 'udh16', 'sar']),
    reference: z.int().min(0).max(0xffff),
    total: z.int().min(1).max(255),
    part: z.int().min(1).max(255),
  }),
  dataCoding: z.int().min(0).max(255),
  /** What the carrier's profile says that `dataCoding` means, where it does. */
  alphabet: z.enum(receivedAlphabets).optional(),
  /** Without the UDH. */
  octets: z.base64(),
  udh: z.base64().optional(),
  fingerprint: text,
  possibleDuplicate: z.boolean(),
  tlvs,
  /** How long after the last part that came the others are waited for. */
  assemblySeconds: z.int().min(1),
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
  .discriminatedUnion('type', [sending, submitted, rejected, expired, unsendable, receipt, part, carrierState])
  .refine((event) => !('segments' in event) || event.segment <= event.segments, {
    path: ['segment'],
    error: 'must be at most segments',
  });

export type ConnectorEvent = z.output<typeof connectorEvent>;
export type SendingEvent = z.output<typeof sending>;
export type SubmittedEvent = z.output<typeof submitted>;
export type RejectedEvent = z.output<typeof rejected>;
export type ReceiptEvent = z.output<typeof receipt>;
export type PartEvent = z.output<typeof part>;
export type CarrierStateEvent = z.output<typeof carrierState>;
export type MessageEvent = Exclude<ConnectorEvent, ReceiptEvent | PartEvent | CarrierStateEvent>;

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
