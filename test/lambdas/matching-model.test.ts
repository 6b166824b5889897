import fc from 'fast-check';
import { maxEventsPerList } from '#contract/connector-events.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { deriveAfterMs } from '../../lambdas/parked-join.ts';
import { rollUp } from '../../lambdas/roll-up.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { type EventRecord, trackRecords } from '../../lambdas/track-records.ts';
import { decideAfterMs } from '../../lambdas/unanswered.ts';
import { acceptedMessage, type CrashPoint, dyingAt, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import {
  anyWorld,
  eventsIn,
  havingSameId,
  idOf,
  receiptsOf,
  recipients,
  type ToldReceipt,
  type World,
} from '../support/receipt-worlds.ts';
import { scheduled } from '../support/scheduled-ports.ts';
import { anyCrash, recordsOf, shuffled } from '../support/storms.ts';

/**
 * What all of matching promises together (docs/decisions/003 and 004), in worlds drawn at random: messages whose ids are
 * written in all ways, shared, or lost; invocations that run at once and die; receipts before their responses.
 */

const dayMs = 86_400_000;

/** How the world's events come, and what becomes of those who handle them. */
interface Course {
  readonly scheduler: fc.Scheduler;
  readonly picks: Iterator<number>;
  readonly perRecord: number;
  /** Of each of the two invocations, and of a run of `settle-due`. */
  readonly crashes: readonly (CrashPoint | null)[];
  /** What failed comes again after the time that decides most, not at once. */
  readonly comesAgainLate: boolean;
}

const anyCourse = fc.record({
  perRecord: fc.integer({ min: 1, max: maxEventsPerList }),
  crashes: fc.array(fc.option(anyCrash), { minLength: 3, maxLength: 3 }),
  comesAgainLate: fc.boolean(),
});

interface Ended {
  readonly ports: TestPorts;
  /** By a receipt's id, the messages to which it was applied, and whether it was published as nobody's. */
  readonly fates: ReadonlyMap<string, { readonly appliedTo: readonly number[]; readonly isPublished: boolean }>;
}

async function run(world: World, course: Course): Promise<Ended> {
  const table = memoryTable();
  const ports = testPorts(table);
  for (const [index, { recipient }] of world.messages.entries())
    await acceptedMessage(ports, idOf(index), { to: recipients[recipient], guarantee: 'at-most-once' });

  const records = recordsOf(shuffled(eventsIn(world), course.picks), course.perRecord);
  const half = Math.ceil(records.length / 2);
  const failed = await invocations(ports, course, [records.slice(0, half), records.slice(half)]);
  if (course.comesAgainLate) await pass(ports, 2 * deriveAfterMs);
  const again = await invocations(ports, { ...course, crashes: [] }, [failed, []]);
  expect(again).toEqual([]);

  ports.advance(2 * deriveAfterMs);
  const one = mortal(scheduled(ports, course.scheduler), course.crashes[2]);
  const other = scheduled(ports, course.scheduler);
  await course.scheduler.waitFor(Promise.all([settleItems(one), settleItems(other)]));
  for (const ms of [0, decideAfterMs, decideAfterMs, dayMs, dayMs]) await pass(ports, ms);

  expect((await table.all()).filter(({ sk, dueAt }) => sk === 'join' && dueAt !== undefined)).toEqual([]);
  return { ports, fates: await fatesOf(ports, world) };
}

/** Two at once, each call of one between any two of the other. Returns the records that come again. */
async function invocations(ports: TestPorts, course: Course, batches: readonly EventRecord[][]) {
  const failed = batches.map((batch, index) => {
    return trackRecords(mortal(scheduled(ports, course.scheduler), course.crashes[index]), batch);
  });
  return (await course.scheduler.waitFor(Promise.all(failed))).flat();
}

function mortal(ports: TestPorts, dies: CrashPoint | null | undefined): TestPorts {
  return dies ? dyingAt(ports, dies) : ports;
}

async function pass(ports: TestPorts, ms: number) {
  ports.advance(ms);
  expect(await settleItems(ports)).toMatchObject({ failed: 0 });
}

async function fatesOf(ports: TestPorts, world: World): Promise<Ended['fates']> {
  const histories = await Promise.all(world.messages.map((_, index) => readMessage(ports.table, idOf(index))));
  return new Map(
    receiptsOf(world).map(({ event }) => {
      const appliedTo = histories.flatMap((message, index) =>
        message?.history.some(({ id }) => id === `${event.id}:1`) ? [index] : [],
      );
      return [event.id, { appliedTo, isPublished: ports.published.some(({ id }) => id === `${event.id}:unmatched`) }];
    }),
  );
}

/** By all that anybody knows, those whose receipt it can be. */
function possibleOwners(world: World, { of, address }: ToldReceipt): number[] {
  if (of === undefined) return [];
  const having = havingSameId(world, of);
  const recipient = world.messages[of]?.recipient;
  // Lost ones are looked for by the very address of a receipt.
  const isLost = having.some((index) => world.messages[index]?.response === 'lost');
  const tells = address === 'same' || (address === 'national' && !isLost);
  return tells ? having.filter((index) => world.messages[index]?.recipient === recipient) : having;
}

/** Whether it must be found: nothing but its own message can be meant. */
function isCertain(world: World, receipt: ToldReceipt): boolean {
  const { of, address } = receipt;
  const message = of === undefined ? undefined : world.messages[of];
  if (of === undefined || message === undefined || havingSameId(world, of).length > 1) return false;
  if (message.response !== 'lost') return world.writing === 'same' || address !== 'odd';
  const lost = world.messages.filter(
    ({ response, recipient }) => response === 'lost' && recipient === message.recipient,
  );
  return lost.length === 1 && address === 'same' && message.receipts.every((each) => each.address === 'same');
}

async function everyCourse(numRuns: number, check: (world: World, ended: Ended, course: Course) => Promise<void>) {
  const picks = fc.infiniteStream(fc.nat());
  const property = fc.asyncProperty(
    anyWorld,
    anyCourse,
    fc.scheduler(),
    picks,
    async (world, drawn, scheduler, drawing) => {
      const course: Course = { ...drawn, scheduler, picks: drawing };
      await check(world, await run(world, course), course);
    },
  );
  await fc.assert(property, { numRuns });
}

type Fate = ToldReceipt & { readonly appliedTo: readonly number[]; readonly isPublished: boolean };

function fatesOfAll(world: World, { fates }: Ended): Fate[] {
  return receiptsOf(world).map((receipt) => ({
    ...receipt,
    ...(fates.get(receipt.event.id) ?? { appliedTo: [], isPublished: false }),
  }));
}

/** Of a shared id, what was decided when one response was not told yet may be another's as well. */
function isDecidedEarly(world: World, { of }: ToldReceipt, { comesAgainLate }: Course): boolean {
  return comesAgainLate && of !== undefined && havingSameId(world, of).length > 1;
}

test("each receipt is one message's, or nobody's and published: never lost, never two messages'", async () => {
  await everyCourse(150, async (world, ended, course) => {
    for (const fate of fatesOfAll(world, ended)) {
      const ends = fate.appliedTo.length + (fate.isPublished ? 1 : 0);
      const expected = isDecidedEarly(world, fate, course) ? Math.max(ends, 1) : 1;
      expect({ ...fate, ends }).toEqual({ ...fate, ends: expected });
    }
  });
});

test("no receipt is given to a message whose it cannot be, and what can be one message's only is given to that", async () => {
  await everyCourse(150, async (world, ended, course) => {
    for (const fate of fatesOfAll(world, ended)) {
      const { of = -1, appliedTo } = fate;
      const possible = isDecidedEarly(world, fate, course) ? havingSameId(world, of) : possibleOwners(world, fate);
      expect({ ...fate, possible }).toEqual({ ...fate, possible: expect.arrayContaining([...appliedTo]) });
      if (isCertain(world, fate)) expect(fate).toEqual({ ...fate, appliedTo: [of], isPublished: false });
    }
  });
});

test('what is published of a message is what its facts imply', async () => {
  await everyCourse(60, async (world, { ports }) => {
    for (const index of world.messages.keys()) {
      const message = await readMessage(ports.table, idOf(index));
      const implied = rollUp(message?.history ?? []).milestones.map(({ key }) => `${idOf(index)}:${key}`);
      const published = ports.published.map(({ id }) => id).filter((id) => id.startsWith(idOf(index)));
      expect([...new Set(published)].sort()).toEqual(implied.sort());
    }
  });
});
