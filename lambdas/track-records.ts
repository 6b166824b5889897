import { asciiJson } from '#contract/ascii-json.ts';
import { type ParsedEvent, parseEventList } from '#contract/connector-events.ts';
import { InvalidInputError } from '#contract/parse.ts';
import { toError } from '#contract/to-error.ts';
import { applyEvent, type ProjectionPorts, UnmatchableReceiptError } from './apply-event.ts';
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

type Done = 'done' | 'try-again';

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
  await concurrently(groups, messagesAtOnce, async (group) => {
    for (const { record, work } of group) {
      if ((await attempt(ports, record, work)) === 'try-again') failed.add(record);
    }
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
  readonly work: () => Promise<void>;
}

function readRecord(ports: TrackPorts, record: EventRecord): Entry[] {
  let parsed: ParsedEvent[];
  try {
    parsed = parseEventList(record.body);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return [{ record, about: record.messageId, work: () => putAside(ports, record.body, error.message) }];
  }
  return parsed.map((entry) => ({ record, about: subjectOf(entry, record), work: () => applyParsed(ports, entry) }));
}

function subjectOf(parsed: ParsedEvent, record: EventRecord): string {
  if (parsed.kind === 'invalid') return record.messageId;
  const { event } = parsed;
  switch (event.type) {
    case 'carrier-state':
      return event.bindId;
    case 'receipt':
      return `${event.carrier} ${event.smscMessageId}`;
    default:
      return event.messageId;
  }
}

async function applyParsed(ports: TrackPorts, parsed: ParsedEvent): Promise<void> {
  if (parsed.kind === 'invalid') return putAside(ports, listOf(parsed.value), parsed.error.message);
  try {
    await applyEvent(ports, parsed.event);
  } catch (cause) {
    const error = toError(cause);
    if (!(error instanceof UnmatchableReceiptError || isLasting(error))) throw error;
    await putAside(ports, listOf(parsed.event), error.message);
  }
}

async function attempt({ log }: TrackPorts, record: EventRecord, work: () => Promise<void>): Promise<Done> {
  try {
    await work();
    return 'done';
  } catch (cause) {
    log.error('an event could not be applied now: its record comes again', {
      record: record.messageId,
      ...describeError(toError(cause)),
    });
    return 'try-again';
  }
}

async function putAside({ queue, log, deadLetterQueueUrl }: TrackPorts, body: string, why: string): Promise<void> {
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

function listOf(event: unknown): string {
  return asciiJson({ version: 1, events: [event] });
}
