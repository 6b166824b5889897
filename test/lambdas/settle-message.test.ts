import { applyEvent } from '../../lambdas/apply-event.ts';
import { graceMs, readMessage } from '../../lambdas/messages.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import type { TestTable } from '../support/dynamo.ts';
import { at, expiredEvent, messageId, receiptEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, dyingAt, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import { crashPoints } from '../support/storms.ts';

/** How long receipts are waited for, and what is said then. */

let table: TestTable;
let ports: TestPorts;

beforeEach(() => {
  table = memoryTable();
  ports = testPorts(table);
});

const day = 86_400_000;
/** Of `submittedEvent()`. */
const acceptedAt = Date.parse(at(2));
const timeout = 3 * day;

const rowOf = async () => (await readMessage(table, messageId))?.row;
const dueItems = async () => (await table.all()).filter(({ dueAt }) => dueAt !== undefined);

async function settledAt(time: number): Promise<void> {
  ports.advance(time - ports.now());
  expect(await settleItems(ports)).toMatchObject({ failed: 0 });
}

test('a message whose receipt never comes is unconfirmed three days after its acceptance, not before', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent());
  await settledAt(Date.parse(at(0)) + day + graceMs);
  expect(await rowOf()).toMatchObject({ status: 'sent', dueAt: acceptedAt + timeout });
  await settledAt(acceptedAt + timeout - 1);
  expect(await rowOf()).toMatchObject({ status: 'sent' });
  await settledAt(acceptedAt + timeout);
  expect(await rowOf()).toMatchObject({ status: 'unconfirmed' });
  expect(ports.published.at(-1)).toMatchObject({
    id: `${messageId}:unconfirmed`,
    type: 'sms.unconfirmed',
    data: { settled: true, reason: 'no receipt that tells its end came in time' },
  });
  expect(await dueItems()).toEqual([]);
});

test('a receipt after that raises the status', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent());
  await settledAt(acceptedAt + timeout);
  await applyEvent(ports, receiptEvent({ time: at(4 * 86_400) }));
  expect(await rowOf()).toMatchObject({ status: 'delivered' });
  expect(publishedIds(ports)).toEqual(['delivered', 'sent', 'unconfirmed'].map((key) => `${messageId}:${key}`));
});

test('the carrier’s profile says how long, also less than the validity', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent({ receiptTimeoutSeconds: 3_600 }));
  await settledAt(acceptedAt + 3_600_000 - 1);
  expect(await rowOf()).toMatchObject({ status: 'sent' });
  await settledAt(acceptedAt + 3_600_000);
  expect(await rowOf()).toMatchObject({ status: 'unconfirmed' });
  expect(await dueItems()).toEqual([]);
});

test('receipts that a message is on its way are no end', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent());
  for (const state of ['enroute', 'accepted', 'unknown'] as const) await applyEvent(ports, receiptEvent({ state }));
  expect(await rowOf()).toMatchObject({ status: 'sent' });
  await settledAt(acceptedAt + timeout);
  expect(await rowOf()).toMatchObject({ status: 'unconfirmed' });
  expect((await readMessage(table, messageId))?.history).toHaveLength(5);
});

describe('a message of two segments', () => {
  beforeEach(async () => {
    await acceptedMessage(ports, messageId, { text: 'x'.repeat(200) });
    for (const segment of [1, 2]) await applyEvent(ports, submittedEvent({ segment, segments: 2 }));
  });
  const second = { id: 'second', smscMessageId: `smsc-${messageId}-2` };

  test('of which one receipt came, that it is delivered, is delivered then, and that is told as settled', async () => {
    await applyEvent(ports, receiptEvent());
    await settledAt(acceptedAt + timeout);
    expect(await rowOf()).toMatchObject({ status: 'delivered' });
    expect(ports.published.at(-1)).toMatchObject({ type: 'sms.delivered', data: { settled: true } });
    expect(await dueItems()).toEqual([]);
  });

  test('that was settled so stays delivered when the other receipt says otherwise, which is published as superseded', async () => {
    await applyEvent(ports, receiptEvent());
    await settledAt(acceptedAt + timeout);
    await applyEvent(ports, receiptEvent({ ...second, state: 'undeliverable' }));
    expect(await rowOf()).toMatchObject({ status: 'delivered' });
    expect(ports.published.at(-1)).toMatchObject({ type: 'sms.undelivered', data: { superseded: true } });
  });

  test('that was settled so is not called delivered twice', async () => {
    await applyEvent(ports, receiptEvent());
    await settledAt(acceptedAt + timeout);
    await applyEvent(ports, receiptEvent({ ...second, id: 'late' }));
    expect(ports.published.filter(({ type }) => type === 'sms.delivered')).toHaveLength(1);
  });

  test('of which one failed is undelivered at once, and nothing is waited for', async () => {
    await applyEvent(ports, receiptEvent({ ...second, state: 'rejected' }));
    expect(await rowOf()).toMatchObject({ status: 'undelivered' });
    expect(await dueItems()).toEqual([]);
  });
});

test('a run that dies at any call of the verdict is finished by the next', async () => {
  const begun = async () => {
    const fresh = testPorts(memoryTable());
    await acceptedMessage(fresh, messageId, { text: 'x'.repeat(200) });
    for (const segment of [1, 2]) await applyEvent(fresh, submittedEvent({ segment, segments: 2 }));
    await applyEvent(fresh, receiptEvent());
    fresh.advance(acceptedAt + timeout - fresh.now());
    return fresh;
  };
  const mostCalls = 25;
  expect(await settleItems(dyingAt(await begun(), { call: mostCalls, when: 'before' }))).toMatchObject({ failed: 0 });
  for (const point of crashPoints(mostCalls)) {
    const each = await begun();
    await settleItems(dyingAt(each, point));
    for (let run = 1; run <= 2; run += 1) {
      each.advance(121_000);
      expect(await settleItems(each)).toMatchObject({ failed: 0 });
    }
    const { row, history = [] } = (await readMessage(each.table, messageId)) ?? {};
    expect(row).toMatchObject({ status: 'delivered' });
    expect(row?.dueAt).toBeUndefined();
    expect(history.filter(({ type }) => type === 'verdict')).toHaveLength(1);
    expect(publishedIds(each)).toEqual(['delivered', 'sent'].map((key) => `${messageId}:${key}`));
  }
});

test('a message that wants no receipts is never unconfirmed', async () => {
  await acceptedMessage(ports, messageId, { receipt: false });
  await applyEvent(ports, submittedEvent({ receiptExpected: false }));
  expect(await dueItems()).toEqual([]);
});

test('a message that was called expired, and was sent after all, waits for its receipts', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, expiredEvent());
  await applyEvent(ports, submittedEvent());
  await settledAt(acceptedAt + timeout);
  await settledAt(acceptedAt + timeout + 1);
  expect(await rowOf()).toMatchObject({ status: 'unconfirmed' });
});

test('a fact that comes while the wait is put off is not forgotten', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent());
  ports.advance(day + graceMs);
  const update: TestTable['update'] = async (key, change) => {
    if (change.condition === 'factCount = :count') await applyEvent(ports, receiptEvent());
    return table.update(key, change);
  };
  await settleItems({ ...ports, table: { ...table, update } });
  expect(await rowOf()).toMatchObject({ status: 'delivered' });
  expect(await dueItems()).toEqual([]);
});
