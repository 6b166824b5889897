import fc from 'fast-check';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { trackRecords } from '../../lambdas/track-records.ts';
import { messageId } from '../support/factories.ts';
import { dyingAt } from '../support/lambda-ports.ts';
import { anyLife, eventsOf, happening, type Life, livesOf } from '../support/lives.ts';
import {
  anyStorm,
  crashPoints,
  endOf,
  impliedIds,
  permutations,
  portsWithMessage,
  recordsIn,
  recordsOf,
  trackThroughCrashes,
} from '../support/storms.ts';

/**
 * The promise of `apply-event.ts`: the same end whatever the order, the repetitions and the crashes. Everything is
 * tried of small lives, much of large ones. What happens between two who work at once: `interleavings.test.ts`.
 */

/** The end of a life whose events come once and one after the other, checked to miss nothing. */
async function calmEnd(life: Life) {
  const ports = await portsWithMessage();
  for (const event of eventsOf(life, messageId)) await applyEvent(ports, event);
  const end = await endOf(ports);
  const implied = await impliedIds(ports);
  expect(end.published).toEqual(implied);
  expect(end.marked.map((key) => `${messageId}:${key}`)).toEqual(implied);
  return end;
}

const delivered: Life = {
  segments: 2,
  happenings: [
    happening('submitted'),
    happening('submitted', { segment: 2 }),
    happening('receipt'),
    happening('receipt', { segment: 2 }),
  ],
};
const sentAgain: Life = {
  segments: 1,
  happenings: [
    happening('submitted'),
    happening('submitted', { attempt: 1 }),
    happening('receipt', { state: 'undeliverable' }),
    happening('receipt', { attempt: 1 }),
  ],
};
const refusedAsACopy: Life = {
  segments: 1,
  happenings: [happening('submitted'), happening('expired'), happening('rejected'), happening('receipt')],
};

test('every order of every life of up to three things ends the same', async () => {
  for (const life of livesOf(3)) {
    const expected = await calmEnd(life);
    for (const happenings of permutations(life.happenings)) {
      expect(await calmEnd({ ...life, happenings })).toEqual(expected);
    }
  }
});

test.each([
  ['delivered', delivered],
  ['sent again', sentAgain],
  ['refused as a copy', refusedAsACopy],
])('every order, with every event told twice, of a message that was %s ends the same', async (_, life) => {
  const expected = await calmEnd(life);
  for (const order of permutations(eventsOf(life, messageId))) {
    for (const twice of order) {
      const ports = await portsWithMessage();
      await trackThroughCrashes(ports, recordsOf([...order, twice], 1));
      expect(await endOf(ports)).toEqual(expected);
    }
  }
});

test.each([
  ['delivered', delivered],
  ['refused as a copy', refusedAsACopy],
])('every order, with a crash at every call, of a message that was %s ends the same', async (_, life) => {
  const expected = await calmEnd(life);
  for (const order of permutations(eventsOf(life, messageId))) {
    // To die after a call, before the next: one of the two will do.
    for (const point of crashPoints(callsOfAll).filter(({ when }) => when === 'before')) {
      const ports = await portsWithMessage();
      await trackThroughCrashes(ports, recordsOf(order, 2), [point]);
      expect(await endOf(ports)).toEqual(expected);
    }
  }
});

/** More than the events of these lives take. */
const callsOfAll = 28;

test('every call of these lives is one at which a crash is tried', async () => {
  for (const { happenings } of [delivered, refusedAsACopy]) {
    const ports = await portsWithMessage();
    const records = recordsOf(eventsOf({ segments: 2, happenings }, messageId), 2);
    expect(await trackRecords(dyingAt(ports, { call: callsOfAll, when: 'before' }), records)).toEqual([]);
  }
});

test('a long life ends the same in any order, however often its events are told, batched and broken off', async () => {
  const property = fc.asyncProperty(anyLife(6, 8), anyStorm, async (life, storm) => {
    const ports = await portsWithMessage();
    await trackThroughCrashes(ports, recordsIn(storm, eventsOf(life, messageId)), storm.crashes);
    expect(await endOf(ports)).toEqual(await calmEnd(life));
    const due = (await ports.table.all()).filter(({ sk, dueAt }) => sk.startsWith('event#') && dueAt !== undefined);
    expect(due).toEqual([]);
  });
  await fc.assert(property, { numRuns: 200 });
});

test('what time decides of a life is the same after any storm, and then nothing is due any more', async () => {
  const later = async (ports: Awaited<ReturnType<typeof portsWithMessage>>) => {
    ports.advance(4 * 86_400_000);
    // Once for what was due, once for what became so.
    for (let run = 1; run <= 2; run += 1) expect(await settleItems(ports)).toMatchObject({ failed: 0 });
    expect((await ports.table.all()).filter(({ dueAt }) => dueAt !== undefined)).toEqual([]);
    return endOf(ports);
  };
  const property = fc.asyncProperty(anyLife(3, 4), anyStorm, async (life, storm) => {
    const calm = await portsWithMessage();
    await trackThroughCrashes(calm, recordsOf(eventsOf(life, messageId), 1));
    const stormy = await portsWithMessage();
    await trackThroughCrashes(stormy, recordsIn(storm, eventsOf(life, messageId)), storm.crashes);
    expect(await later(stormy)).toEqual(await later(calm));
  });
  await fc.assert(property, { numRuns: 100 });
});

test('what a handler that died left unpublished is published by settle-due, though its record never comes again', async () => {
  const calls = crashPoints(7).filter(({ call, when }) => call > 1 || when === 'after');
  for (const point of calls) {
    const ports = await portsWithMessage();
    const events = eventsOf({ segments: 1, happenings: [happening('submitted')] }, messageId);
    await trackRecords(dyingAt(ports, point), recordsOf(events));
    ports.advance(121_000);
    expect(await settleItems(ports)).toMatchObject({ failed: 0 });
    expect(await endOf(ports)).toMatchObject({ row: { status: 'sent' }, marked: ['sent'] });
    expect(ports.published.map(({ id }) => id)).toContain(`${messageId}:sent`);
  }
});
