import fc from 'fast-check';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { decideAfterMs } from '../../lambdas/unanswered.ts';
import type { TestTable } from '../support/dynamo.ts';
import { messageId, receiptEvent, sendingEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, dyingAt, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import { scheduled } from '../support/scheduled-ports.ts';
import { crashPoints, permutations } from '../support/storms.ts';

/**
 * The promise of `adopt-receipts.ts`, over the course of a lost response beside a message that goes well: the same end
 * in every order, wherever a process dies, and when two decide at once.
 */

type Ports = TestPorts & { readonly table: TestTable };

const otherId = messageId.replace(/.$/, 'f');
const day = 86_400_000;
const stray = (given = {}) => receiptEvent({ smscMessageId: 'stray', ...given });
const events = [sendingEvent(), stray(), submittedEvent({ messageId: otherId })];

async function begin(): Promise<Ports> {
  const memory = memoryTable();
  const fresh = { ...testPorts(memory), table: memory };
  await acceptedMessage(fresh, messageId, { guarantee: 'at-most-once' });
  await acceptedMessage(fresh, otherId, { guarantee: 'at-most-once' });
  return fresh;
}

async function endOf(all: Ports) {
  const histories = [await readMessage(all.table, messageId), await readMessage(all.table, otherId)];
  return {
    published: publishedIds(all),
    messages: histories.map((message) => ({ status: message?.row.status, facts: message?.history })),
    // Rows that are sent wait on for receipts.
    due: (await all.table.all()).filter(({ sk, dueAt }) => sk !== 'row' && dueAt !== undefined),
  };
}

async function settled(all: Ports) {
  for (let run = 1; run <= 2; run += 1) {
    all.advance(decideAfterMs);
    expect(await settleItems(all)).toMatchObject({ failed: 0 });
  }
  return endOf(all);
}

async function calmEnd() {
  const calm = await begin();
  for (const event of events) await applyEvent(calm, event);
  return settled(calm);
}

test('the calm course ends delivered', async () => {
  expect(await calmEnd()).toMatchObject({
    messages: [{ status: 'delivered' }, { status: 'sent' }],
    published: [`${messageId}:delivered`, `${messageId}:sending`, `${otherId}:sent`],
    due: [],
  });
});

test('every order ends the same', async () => {
  const expected = await calmEnd();
  for (const order of permutations(events)) {
    const each = await begin();
    for (const event of order) await applyEvent(each, event);
    expect(await settled(each)).toEqual(expected);
  }
});

test('a handler that dies at any call is completed by its retry', async () => {
  const expected = await calmEnd();
  for (const event of events) {
    for (const point of crashPoints(9)) {
      const each = await begin();
      await applyEvent(dyingAt(each, point), event).catch(() => {});
      for (const other of events) await applyEvent(each, other);
      expect(await settled(each)).toEqual(expected);
    }
  }
});

/** As far as the decision is to be made. */
async function undecided() {
  const each = await begin();
  for (const event of events) await applyEvent(each, event);
  each.advance(decideAfterMs);
  return each;
}

test('a run that dies at any call of the decision is completed by the next', async () => {
  const expected = await calmEnd();
  const whole = await undecided();
  expect(await settleItems(dyingAt(whole, { call: 60, when: 'before' }))).toMatchObject({ failed: 0 });
  for (const point of crashPoints(60)) {
    const each = await undecided();
    await settleItems(dyingAt(each, point));
    expect(await settled(each)).toEqual(expected);
  }
});

test('two runs that decide at once, beside a handler, end as one would, however their calls follow one another', async () => {
  const expected = await calmEnd();
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const each = await undecided();
    const racing = () => scheduled(each, scheduler);
    await scheduler.waitFor(Promise.all([settleItems(racing()), settleItems(racing()), applyEvent(racing(), stray())]));
    // What one put off while the other gave it its owner is looked at after a day.
    each.advance(day);
    expect(await settled(each)).toEqual(expected);
  });
  await fc.assert(property, { numRuns: 50 });
});

test('two ids that are decided at once do not get one segment', async () => {
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const each = await undecided();
    await applyEvent(each, stray({ id: 'second', smscMessageId: 'second' }));
    each.advance(decideAfterMs);
    const racing = () => settleItems(scheduled(each, scheduler));
    await scheduler.waitFor(Promise.all([racing(), racing()]));
    await settled(each);
    const { history = [] } = (await readMessage(each.table, messageId)) ?? {};
    expect(history.filter(({ type }) => type === 'receipt')).toHaveLength(1);
  });
  await fc.assert(property, { numRuns: 50 });
});

test('a response that comes to an id that was just given to its message is the surer of the two', async () => {
  const each = await undecided();
  const update: TestTable['update'] = async (key, change) => {
    const after = await each.table.update(key, change);
    if (change.update !== 'ADD owners :owner') return after;
    // Its handler dies as soon as it is an owner too, and so does the one that decides.
    const response = submittedEvent({ smscMessageId: 'stray' });
    await applyEvent(dyingAt(each, { call: 2, when: 'after' }), response).catch(() => {});
    throw new Error('died');
  };
  expect(await settleItems({ ...each, table: { ...each.table, update } })).toMatchObject({ failed: 1 });
  await settled(each);
  const { history = [] } = (await readMessage(each.table, messageId)) ?? {};
  expect(history.filter(({ type }) => type === 'receipt')).toMatchObject([{ matchedBy: 'id' }]);
});
