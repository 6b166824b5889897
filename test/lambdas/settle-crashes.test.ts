import fc from 'fast-check';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { graceMs } from '../../lambdas/messages.ts';
import type { Item } from '../../lambdas/ports.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { messageId, receiptEvent, sendingEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, dyingAt, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import { scheduled } from '../support/scheduled-ports.ts';
import { crashPoints } from '../support/storms.ts';

/** The promise of `settle-items.ts`: whatever is broken off is finished by the next run, and two at once do no harm. */

const day = 86_400_000;
const idOf = (digit: string) => messageId.replace(/.$/, digit);
const [queued, sending, unhandled, sent, derived, one, other, half] = [...'01234567'].map(idOf) as Eight;
const ids = [queued, sending, unhandled, sent, derived, one, other];

type Eight = [string, string, string, string, string, string, string, string];

/** One of each kind of thing that can be due, all of it due at `sceneMs`. */
async function scene(): Promise<readonly Item[]> {
  const table = memoryTable();
  const ports = { ...testPorts(table), retainTextDays: 1 };
  for (const id of ids) await acceptedMessage(ports, id);
  await acceptedMessage(ports, half, { text: 'x'.repeat(200) });
  await applyEvent(ports, sendingEvent({ messageId: sending }));
  await applyEvent(dyingAt(ports, { call: 2, when: 'before' }), submittedEvent({ messageId: unhandled })).catch(
    () => {},
  );
  await applyEvent(ports, receiptEvent({ smscMessageId: `smsc-${sent}-1` }));
  await applyEvent(ports, submittedEvent({ messageId: sent }));
  await applyEvent(ports, receiptEvent({ smscMessageId: 'nobody', id: 'unmatched' }));
  await applyEvent(ports, receiptEvent({ smscMessageId: '7019', id: 'decimal' }));
  await applyEvent(ports, submittedEvent({ messageId: derived, smscMessageId: '1B6B', to: '+447700900123' }));
  for (const id of [one, other]) await applyEvent(ports, submittedEvent({ messageId: id, smscMessageId: 'shared' }));
  await applyEvent(ports, receiptEvent({ smscMessageId: 'shared', id: 'of-two' }));
  for (const segment of [1, 2]) await applyEvent(ports, submittedEvent({ messageId: half, segment, segments: 2 }));
  await applyEvent(ports, receiptEvent({ smscMessageId: `smsc-${half}-2`, id: 'second-half' }));
  // Parked by one handler after another had applied it: due, and nothing to do.
  await table.update(
    { pk: `receipt#acme#smsc-${sent}-1`, sk: 'join' },
    { update: 'SET dueShard = :shard, dueAt = :at', values: { ':shard': '5', ':at': ports.now() + day } },
  );
  return table.all();
}

const sceneMs = day + graceMs;
/** Of a run over the scene. */
const mostCalls = 180;
let items: readonly Item[];

beforeAll(async () => {
  items = await scene();
});

function portsOfScene(): TestPorts & { readonly table: ReturnType<typeof memoryTable> } {
  const table = memoryTable(items);
  const ports = { ...testPorts(table), table };
  ports.advance(sceneMs);
  return ports;
}

/** All that must be the same in the end. When a verdict was passed may differ by a run; what was learnt is a hint. */
async function endOf(ports: ReturnType<typeof portsOfScene>) {
  const all = await ports.table.all();
  return {
    published: publishedIds(ports),
    items: all
      .filter(({ sk }) => sk !== 'id-relation')
      .map(({ pk, sk, status, factCount, published, text, givenUp }) => {
        return { pk, sk, status, factCount, published, text, givenUp };
      }),
    due: all.filter(({ dueAt }) => dueAt !== undefined),
  };
}

/** Runs until nothing is due any more, each a few minutes after the one before, the last ones when receipts are waited for no more. */
async function settleAll(ports: TestPorts): Promise<void> {
  for (let run = 1; run <= 6; run += 1) {
    expect(await settleItems(ports)).toMatchObject({ failed: 0 });
    ports.advance(run === 3 ? 3 * day : 121_000);
  }
}

async function calmEnd() {
  const ports = portsOfScene();
  await settleAll(ports);
  return endOf(ports);
}

test('everything that is due in the scene is settled by runs that nothing disturbs', async () => {
  const { published, due } = await calmEnd();
  expect(due).toEqual([]);
  expect(published).toEqual(
    [
      `${queued}:settled-expired`,
      `${sending}:settled-uncertain`,
      `${unhandled}:sent`,
      `${unhandled}:unconfirmed`,
      `${derived}:delivered`,
      `${one}:unconfirmed`,
      `${other}:unconfirmed`,
      `${half}:delivered`,
      'of-two:unmatched',
      'unmatched:unmatched',
    ].sort(),
  );
  expect(await endOf(portsOfScene())).not.toEqual(await calmEnd());
  expect(published).not.toContain(`${sent}:sent`);
});

test('a run that dies at any of its calls is finished by the next', async () => {
  const expected = await calmEnd();
  for (const point of crashPoints(mostCalls)) {
    const ports = portsOfScene();
    await settleItems(dyingAt(ports, point));
    ports.advance(121_000);
    await settleAll(ports);
    expect(await endOf(ports)).toEqual(expected);
  }
});

test('no run makes more calls than there are points at which it dies', async () => {
  const ports = portsOfScene();
  expect(await settleItems(dyingAt(ports, { call: mostCalls, when: 'before' }))).toMatchObject({ failed: 0 });
});

test('two runs at once, beside a handler, end as one would, however their calls follow one another', async () => {
  const late = receiptEvent({ smscMessageId: `smsc-${unhandled}-1` });
  const alone = portsOfScene();
  await applyEvent(alone, late);
  await settleAll(alone);
  const expected = await endOf(alone);
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const ports = portsOfScene();
    const racing = () => scheduled(ports, scheduler);
    await scheduler.waitFor(Promise.all([settleItems(racing()), settleItems(racing()), applyEvent(racing(), late)]));
    // What was parked beside a handler that had applied it already is looked at after a day.
    ports.advance(2 * day);
    await settleAll(ports);
    expect(await endOf(ports)).toEqual(expected);
  });
  await fc.assert(property, { numRuns: 50 });
});
