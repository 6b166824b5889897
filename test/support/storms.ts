import fc from 'fast-check';
import { type ConnectorEvent, maxEventsPerList } from '#contract/connector-events.ts';
import { readMessage } from '../../lambdas/messages.ts';
import type { Item } from '../../lambdas/ports.ts';
import { rollUp } from '../../lambdas/roll-up.ts';
import { type EventRecord, trackRecords } from '../../lambdas/track-records.ts';
import type { TestTable } from './dynamo.ts';
import { at, messageId } from './factories.ts';
import { acceptedMessage, type CrashPoint, dyingAt, publishedIds, type TestPorts, testPorts } from './lambda-ports.ts';
import { memoryTable } from './memory-table.ts';

/** What queue, retries and crashes make of a life's events on their way to the table. */
export interface Storm {
  /** Draws the order. */
  readonly picks: Iterator<number>;
  /** Which events are told once more, later. */
  readonly repeats: readonly number[];
  readonly eventsPerRecord: number;
  readonly crashes: readonly CrashPoint[];
}

export const anyCrash = fc.record<CrashPoint>({
  call: fc.integer({ min: 1, max: 30 }),
  when: fc.constantFrom('before', 'after'),
});

export const anyStorm: fc.Arbitrary<Storm> = fc.record({
  picks: fc.infiniteStream(fc.nat()),
  repeats: fc.array(fc.nat(), { maxLength: 4 }),
  eventsPerRecord: fc.integer({ min: 1, max: 5 }),
  crashes: fc.array(anyCrash, { maxLength: 4 }),
});

export function recordsIn(storm: Storm, events: readonly ConnectorEvent[]): EventRecord[] {
  return recordsOf(shuffled([...events, ...repeated(events, storm.repeats)], storm.picks), storm.eventsPerRecord);
}

export function recordsOf(events: readonly unknown[], perRecord = maxEventsPerList): EventRecord[] {
  const records: EventRecord[] = [];
  for (let start = 0; start < events.length; start += perRecord) {
    const body = JSON.stringify({ version: 1, events: events.slice(start, start + perRecord) });
    records.push({ messageId: `record-${start}`, body });
  }
  return records;
}

/** The same things told again by another process: the same ids at another time. */
function repeated(events: readonly ConnectorEvent[], repeats: readonly number[]): ConnectorEvent[] {
  return repeats.flatMap((n) => {
    const event = events[n % events.length];
    return event === undefined ? [] : [{ ...event, time: at(30 + (n % 60)) }];
  });
}

export function shuffled<T>(items: readonly T[], picks: Iterator<number>): T[] {
  const left = [...items];
  const result: T[] = [];
  while (left.length > 0) result.push(...left.splice(picks.next().value % left.length, 1));
  return result;
}

export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((others) => [item, ...others]));
}

/** Every call of a process that makes `calls` of them, before and after it has its effect. */
export function crashPoints(calls: number): CrashPoint[] {
  return Array.from({ length: calls }, (_, index) => index + 1).flatMap((call) => [
    { call, when: 'before' } as const,
    { call, when: 'after' } as const,
  ]);
}

/** Brings the records until none fails, as SQS does; each crash ends one try. */
export async function trackThroughCrashes(
  ports: TestPorts,
  records: readonly EventRecord[],
  crashes: readonly CrashPoint[] = [],
): Promise<void> {
  let left = [...records];
  for (const crash of crashes) left = await trackRecords(dyingAt(ports, crash), left);
  const failed = await trackRecords(ports, left);
  if (failed.length > 0) throw new Error(`records failed without a crash: ${ports.logged.join()}`);
}

let accepted: readonly Item[] | undefined;

/** Ports over a table in memory that has one accepted message, `messageId`. */
export async function portsWithMessage(): Promise<TestPorts & { readonly table: TestTable }> {
  accepted ??= await acceptedItems();
  const table = memoryTable(accepted);
  return { ...testPorts(table), table };
}

async function acceptedItems(): Promise<readonly Item[]> {
  const table = memoryTable();
  await acceptedMessage(testPorts(table), messageId);
  return table.all();
}

/** All that must not depend on order, repetition or crashes. */
export async function endOf(ports: TestPorts) {
  const message = await readMessage(ports.table, messageId);
  if (message === undefined) throw new Error('the row is gone');
  const { published: marked = new Set<string>(), ...row } = message.row;
  return {
    row,
    facts: message.history.map(({ id }) => id).sort(),
    marked: [...marked].sort(),
    published: publishedIds(ports),
  };
}

/** Ids of what the facts imply, all of which must be published and marked. */
export async function impliedIds(ports: TestPorts): Promise<string[]> {
  const message = await readMessage(ports.table, messageId);
  return rollUp(message?.history ?? [])
    .milestones.map(({ key }) => `${messageId}:${key}`)
    .sort();
}
