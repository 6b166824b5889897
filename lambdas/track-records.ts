import { asciiJson } from '#contract/ascii-json.ts';
import { type ParsedEvent, parseEventList } from '#contract/connector-events.ts';
import { InvalidInputError } from '#contract/parse.ts';
import { toError } from '#contract/to-error.ts';
import { applyEvent, type ProjectionPorts } from './apply-event.ts';
import { isLasting } from './aws-faults.ts';
import { concurrently } from './concurrently.ts';
import { describeError, maskNumbers } from './log.ts';
import type { Queue } from './ports.ts';

export interface TrackPorts extends ProjectionPorts {
  readonly queue: Queue;
  readonly deadLetterQueueUrl: string;
}

export interface EventRecord {
  readonly messageId: string;
  readonly body: string;
}

/** An event, or a whole record, that can never be applied. */
interface Reject {
  readonly body: string;
  readonly why: string;
}

const messagesAtOnce = 16;

/**
 * Applies the events of all records, each by itself. Returns the records of which an event met a passing fault:
 * they come again as a whole, and what was done already is found done. An event that can never be applied goes
 * alone to the dead-letter queue, as a list of one that a redrive can bring back, with the reason as attribute.
 */
export async function trackRecords(ports: TrackPorts, records: readonly EventRecord[]): Promise<EventRecord[]> {
  const entries = records.flatMap((record) => readRecord(ports, record));
  const groups = [...Map.groupBy(entries, ({ about }) => about).values()];
  const failed = new Set<EventRecord>();
  const rejects: (Reject & { readonly record: EventRecord })[] = [];
  await concurrently(groups, messagesAtOnce, async (group) => {
    for (const { record, apply } of group) {
      const end = await attempt(ports, record, apply);
      if (end === 'try-again') failed.add(record);
      else if (end !== 'applied') rejects.push({ ...end, record });
    }
  });
  // Not those of a record that comes again: it brings them again too, and each time would put another copy aside.
  const final = rejects.filter(({ record }) => !failed.has(record));
  await concurrently(final, messagesAtOnce, async (reject) => {
    const end = await attempt(ports, reject.record, () => putAside(ports, reject));
    if (end === 'try-again') failed.add(reject.record);
  });
  return records.filter((record) => failed.has(record));
}

interface Entry {
  readonly record: EventRecord;
  /**
   * What the event is about. Events about one thing are applied one after the other: at once they would be right
   * too, but each would read and write what the others do, and publish the same milestones.
   */
  readonly about: string;
  readonly apply: () => Promise<'applied' | Reject>;
}

function readRecord(ports: TrackPorts, record: EventRecord): Entry[] {
  let parsed: ParsedEvent[];
  try {
    parsed = parseEventList(record.body);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const reject = { body: record.body, why: error.message };
    return [{ record, about: record.messageId, apply: async () => reject }];
  }
  return parsed.map((entry) => ({
    record,
    about: subjectOf(entry, record),
    apply: () => applyParsed(ports, entry, record),
  }));
}

function subjectOf(parsed: ParsedEvent, record: EventRecord): string {
  if (parsed.kind === 'invalid') return record.messageId;
  const { event } = parsed;
  switch (event.type) {
    case 'carrier-state':
      return event.bindId;
    case 'receipt':
      return `${event.carrier} ${event.smscMessageId}`;
    case 'part':
      return `${event.carrier} ${event.from} ${event.to}`;
    default:
      return event.messageId;
  }
}

async function applyParsed(ports: TrackPorts, parsed: ParsedEvent, record: EventRecord): Promise<'applied' | Reject> {
  if (parsed.kind === 'invalid') return { body: listOf(parsed.value, record), why: parsed.error.message };
  try {
    await applyEvent(ports, parsed.event);
    return 'applied';
  } catch (cause) {
    const error = toError(cause);
    if (!isLasting(error)) throw error;
    return { body: listOf(parsed.event, record), why: error.message };
  }
}

async function attempt<End>(
  { log }: TrackPorts,
  record: EventRecord,
  work: () => Promise<End>,
): Promise<End | 'try-again'> {
  try {
    return await work();
  } catch (cause) {
    log.error('an event could not be applied now: its record comes again', {
      record: record.messageId,
      ...describeError(toError(cause)),
    });
    return 'try-again';
  }
}

async function putAside({ queue, log, deadLetterQueueUrl }: TrackPorts, { body, why }: Reject): Promise<void> {
  const reason = why
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, 1_000)
    .toWellFormed();
  await queue.send({ queueUrl: deadLetterQueueUrl, body, attributes: { reason } });
  log.error('an event that cannot be applied was put into the events dead-letter queue', {
    reason: maskNumbers(reason),
  });
}

/** A list of one. What is nested too deep to be written again goes with the record in which it came. */
function listOf(event: unknown, record: EventRecord): string {
  try {
    return asciiJson({ version: 1, events: [event] });
  } catch (error) {
    if (error instanceof RangeError) return record.body;
    throw error;
  }
}
