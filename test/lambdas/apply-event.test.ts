import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { ConnectorEvent } from '#contract/connector-events.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { rollUp } from '../../lambdas/roll-up.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { type EventRecord, trackRecords } from '../../lambdas/track-records.ts';
import { type Dynamo, startDynamo, type TestTable } from '../support/dynamo.ts';
import {
  acceptedMessage,
  type CrashPoint,
  dyingAt,
  publishedIds,
  type TestPorts,
  testPorts,
} from '../support/lambda-ports.ts';
import { anyLife, eventOf, happening } from '../support/lives.ts';

/** The promise of `apply-event.ts`: the same end whatever the order, the repetitions and the crashes. */

let dynamo: Dynamo;
let table: TestTable;

beforeAll(async () => {
  dynamo = await startDynamo();
  table = await dynamo.newTable();
});

afterAll(() => dynamo.stop());

const anyCrash = fc.record<CrashPoint>({
  call: fc.integer({ min: 1, max: 20 }),
  when: fc.constantFrom('before', 'after'),
});

/** What queue and crashes make of a life's events. */
const anyStorm = fc.record({
  picks: fc.infiniteStream(fc.nat()),
  repeats: fc.array(fc.nat(), { maxLength: 3 }),
  eventsPerRecord: fc.integer({ min: 1, max: 4 }),
  crashes: fc.array(anyCrash, { maxLength: 4 }),
});

test('every order, repetition and batching of a life, with crashes anywhere, ends in the same row and the same published ids', async () => {
  const property = fc.asyncProperty(anyLife, anyStorm, async ({ segments, happenings }, storm) => {
    const [calmId, stormyId] = [randomUUID(), randomUUID()];
    const calm = await portsWithMessage(calmId);
    for (const each of happenings) await applyEvent(calm, eventOf(each, calmId, segments));

    const stormy = await portsWithMessage(stormyId);
    const told = shuffled(withRepeats(happenings, storm.repeats), storm.picks);
    const records = recordsOf(
      told.map((each) => eventOf(each, stormyId, segments)),
      storm.eventsPerRecord,
    );
    await trackThroughCrashes(stormy, records, storm.crashes);

    const expected = await endOf(calm, calmId);
    expect(expected.published).toEqual(expected.implied);
    expect(expected.marked).toEqual(expected.implied);
    expect(await endOf(stormy, stormyId)).toEqual(expected);
  });
  await fc.assert(property, { numRuns: 30 });
  const stillDue = (await table.all()).filter(({ sk, dueAt }) => sk.startsWith('event#') && dueAt !== undefined);
  expect(stillDue).toEqual([]);
});

test('a life that crashes at any one of its calls is completed when its records come again', async () => {
  const happenings = [happening('receipt'), happening('submitted')];
  const points = Array.from({ length: 16 }, (_, index) => index + 1).flatMap((call): CrashPoint[] => [
    { call, when: 'before' },
    { call, when: 'after' },
  ]);
  for (const point of points) {
    const id = randomUUID();
    const ports = await portsWithMessage(id);
    const records = recordsOf(
      happenings.map((each) => eventOf(each, id, 1)),
      1,
    );
    await trackThroughCrashes(ports, records, [point]);
    expect(await endOf(ports, id)).toMatchObject({ status: 'delivered', published: ['delivered', 'sent'] });
  }
});

test('what a handler that died left unpublished is published by settle-due, though its record never comes again', async () => {
  const fresh = await dynamo.newTable();
  for (let call = 2; call <= 7; call += 1) {
    const id = randomUUID();
    const ports = testPorts(fresh);
    await acceptedMessage(ports, id);
    await trackRecords(
      dyingAt(ports, { call, when: 'before' }),
      recordsOf([eventOf(happening('submitted'), id, 1)], 1),
    );
    ports.advance(121_000);
    expect(await settleItems(ports)).toEqual({ done: 1, failed: 0 });
    expect(await endOf(ports, id)).toMatchObject({ status: 'sent', published: ['sent'], marked: ['sent'] });
  }
});

async function portsWithMessage(id: string): Promise<TestPorts> {
  const ports = testPorts(table);
  await acceptedMessage(ports, id);
  return ports;
}

/** Brings the records until none fails, as SQS does; each crash ends one try. */
async function trackThroughCrashes(ports: TestPorts, records: EventRecord[], crashes: readonly CrashPoint[]) {
  let left = records;
  for (const crash of crashes) left = await trackRecords(dyingAt(ports, crash), left);
  expect(await trackRecords(ports, left)).toEqual([]);
}

/** All that must not depend on the order, without the message's id. */
async function endOf(ports: TestPorts, id: string) {
  const message = await readMessage(ports.table, id);
  if (message === undefined) throw new Error('the row is gone');
  const { row, history } = message;
  return {
    status: row.status,
    factCount: row.factCount,
    dueAt: row.dueAt,
    marked: [...(row.published ?? [])].sort(),
    implied: rollUp(history)
      .milestones.map(({ key }) => key)
      .sort(),
    published: publishedIds(ports).map((eventId) => eventId.slice(id.length + 1)),
    facts: history.map((fact) => fact.id.replaceAll(id, '')).sort(),
  };
}

function recordsOf(events: readonly ConnectorEvent[], perRecord: number): EventRecord[] {
  const records: EventRecord[] = [];
  for (let start = 0; start < events.length; start += perRecord) {
    const body = JSON.stringify({ version: 1, events: events.slice(start, start + perRecord) });
    records.push({ messageId: `record-${start}`, body });
  }
  return records;
}

function withRepeats<T>(items: readonly T[], repeats: readonly number[]): T[] {
  return [...items, ...repeats.flatMap((n) => items.slice(n % items.length || 0).slice(0, 1))];
}

function shuffled<T>(items: readonly T[], picks: Iterator<number>): T[] {
  const left = [...items];
  const result: T[] = [];
  while (left.length > 0) result.push(...left.splice(picks.next().value % left.length, 1));
  return result;
}
