import { randomUUID } from 'node:crypto';
import { graceMs } from '../../lambdas/accept-message.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { type Dynamo, startDynamo, type TestTable } from '../support/dynamo.ts';
import { messageId, receiptEvent, sendingEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, dyingAt, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';

let dynamo: Dynamo;
let table: TestTable;
let ports: TestPorts;

beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  table = await dynamo.newTable();
  ports = testPorts(table);
});
afterAll(() => dynamo.stop());

const validityMs = 86_400_000;
const statusOf = async (id: string) => (await readMessage(table, id))?.row.status;

test('a message without an outcome expires when its validity and the grace are over, not before', async () => {
  await acceptedMessage(ports, messageId);
  ports.advance(validityMs + graceMs - 1);
  expect(await settleItems(ports)).toEqual({ done: 0, failed: 0 });
  ports.advance(1);
  expect(await settleItems(ports)).toEqual({ done: 1, failed: 0 });
  expect(await statusOf(messageId)).toBe('expired');
  expect(ports.published).toMatchObject([
    {
      id: `${messageId}:settled-expired`,
      type: 'sms.expired',
      data: { settled: true, reason: 'its validity is over, and no outcome was heard' },
    },
  ]);
  expect(await settleItems(ports)).toEqual({ done: 0, failed: 0 });
});

test('a later submitted overrides the verdict, and its receipt the rest', async () => {
  await acceptedMessage(ports, messageId);
  ports.advance(validityMs + graceMs);
  await settleItems(ports);
  await applyEvent(ports, submittedEvent());
  expect(await statusOf(messageId)).toBe('sent');
  await applyEvent(ports, receiptEvent());
  expect(await statusOf(messageId)).toBe('delivered');
  expect(publishedIds(ports)).toEqual(['delivered', 'sent', 'settled-expired'].map((key) => `${messageId}:${key}`));
});

test('a message that was about to be sent at most once is uncertain when nothing was heard of it', async () => {
  await acceptedMessage(ports, messageId, { guarantee: 'at-most-once' });
  await applyEvent(ports, sendingEvent());
  ports.advance(validityMs + graceMs);
  await settleItems(ports);
  expect(await statusOf(messageId)).toBe('uncertain');
  expect(ports.published.map(({ type }) => type)).toEqual(['sms.sending', 'sms.uncertain']);
});

test('a message that was sent is not due any more', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent());
  ports.advance(10 * validityMs);
  expect(await settleItems(ports)).toEqual({ done: 0, failed: 0 });
});

test('a message of which a handler died between the fact and the row is sent, not expired', async () => {
  await acceptedMessage(ports, messageId);
  await expect(applyEvent(dyingAt(ports, { call: 3, when: 'before' }), submittedEvent())).rejects.toThrow();
  ports.advance(validityMs + graceMs);
  await settleItems(ports);
  expect(await statusOf(messageId)).toBe('sent');
  expect(publishedIds(ports)).toEqual([`${messageId}:sent`]);
  expect((await readMessage(table, messageId))?.history).toHaveLength(1);
});

test('two runs at once do no harm', async () => {
  const ids = Array.from({ length: 10 }, () => randomUUID());
  for (const id of ids) await acceptedMessage(ports, id);
  ports.advance(validityMs + graceMs);
  const runs = await Promise.all([settleItems(ports), settleItems(ports)]);
  expect(runs.map(({ failed }) => failed)).toEqual([0, 0]);
  expect(publishedIds(ports)).toEqual(ids.map((id) => `${id}:settled-expired`).sort());
  for (const id of ids) expect((await readMessage(table, id))?.history).toHaveLength(1);
});

test('a run that dies half-way is finished by the next', async () => {
  const ids = Array.from({ length: 10 }, () => randomUUID());
  for (const id of ids) await acceptedMessage(ports, id);
  ports.advance(validityMs + graceMs);
  const first = await settleItems(dyingAt(ports, { call: 25, when: 'after' }));
  expect(first.failed).toBeGreaterThan(0);
  ports.advance(121_000);
  expect((await settleItems(ports)).failed).toBe(0);
  expect(publishedIds(ports)).toEqual(ids.map((id) => `${id}:settled-expired`).sort());
  expect((await table.all()).filter(({ dueAt }) => dueAt !== undefined)).toEqual([]);
});

test('fifty due messages are settled in one run', async () => {
  await Promise.all(Array.from({ length: 50 }, () => acceptedMessage(ports, randomUUID())));
  ports.advance(validityMs + graceMs);
  expect(await settleItems(ports)).toEqual({ done: 50, failed: 0 });
  expect(publishedIds(ports)).toHaveLength(50);
});
