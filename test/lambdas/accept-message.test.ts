import { tlvDefinitions } from '#contract/carrier-tlvs.ts';
import { parseOutboundSms } from '#contract/outbound-sms.ts';
import { acceptMessage } from '../../lambdas/accept-message.ts';
import { acceptedView } from '../../lambdas/message-view.ts';
import { graceMs, readMessage, rowKey } from '../../lambdas/messages.ts';
import type { Queue, Table } from '../../lambdas/ports.ts';
import { sendRequestParser } from '../../lambdas/send-request.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { trackRecords } from '../../lambdas/track-records.ts';
import { type TestTable, useTable } from '../support/dynamo.ts';
import { begin, clientId, messageId, route, submittedEvent } from '../support/factories.ts';
import { faultyPorts } from '../support/faulty-ports.ts';
import { acceptedMessage, dyingAt, publishedIds, testPorts } from '../support/lambda-ports.ts';

const newTable = useTable();
let table: TestTable;

beforeEach(async () => {
  table = newTable();
});

const day = 86_400_000;

test('an accepted message has a row that is due after its validity, and is in its lane', async () => {
  const ports = testPorts(table);
  const row = await acceptedMessage(ports, messageId, { text: 'Grüße 😀' });
  expect(row).toMatchObject({ id: messageId, clientId, status: 'queued', encoding: 'ucs2', segments: 1 });
  const [item] = await table.all();
  expect(item).toMatchObject({ pk: `message#${messageId}`, sk: 'row', ...row, dueAt: begin + day + graceMs });
  expect(item?.expiresAt).toBe(begin / 1_000 + 90 * 86_400);

  const [queued] = ports.queued;
  expect(queued).toMatchObject({ queueUrl: 'acme-normal', deduplicationId: messageId });
  expect(queued?.body).toMatch(/^[ -~]*$/);
  expect(parseOutboundSms(queued?.body ?? '')).toEqual({
    version: 1,
    id: messageId,
    clientId,
    carrier: 'acme',
    to: '+447700900123',
    from: 'ACME',
    text: 'Grüße 😀',
    priority: 'normal',
    guarantee: 'at-least-once',
    receipt: true,
    acceptedAt: '2026-01-01T00:00:00.000Z',
    validUntil: '2026-01-02T00:00:00.000Z',
  });
});

test('a message’s own addressing, TLVs and wording are in its row and its lane', async () => {
  const ports = testPorts(table);
  const dlt = tlvDefinitions.parse({ dltEntityId: { tag: 0x1400, type: 'cstring' } });
  const request = sendRequestParser([route({ tlvs: dlt })])({
    to: '+447700900123',
    text: 'It’s',
    smart: true,
    fromAddressing: { ton: 5, npi: 1 },
    toAddressing: { ton: 0, npi: 0 },
    tlvs: { dltEntityId: '11' },
  });
  const row = await acceptMessage({ ...ports, newId: () => messageId }, clientId, request);
  const own = {
    text: "It's",
    fromAddressing: { ton: 5, npi: 1 },
    toAddressing: { ton: 0, npi: 0 },
    tlvs: [{ tag: 0x1400, value: '313100' }],
  };
  const replaced = [{ character: '’', by: "'", count: 1 }];
  expect(row).toMatchObject({ ...own, encoding: 'gsm7', replaced });
  expect((await readMessage(table, messageId))?.row).toMatchObject(row);
  expect(parseOutboundSms(ports.queued[0]?.body ?? '')).toMatchObject(own);
  expect(acceptedView(row)).toMatchObject({ encoding: 'gsm7', segments: 1, replaced });
});

test('a message without any of that has none of it in its row', async () => {
  await acceptedMessage(testPorts(table), messageId);
  const [item] = await table.all();
  for (const field of ['fromAddressing', 'toAddressing', 'tlvs', 'replaced', 'smart', 'candidates']) {
    expect(item).not.toHaveProperty(field);
  }
});

test('an urgent message goes to the urgent lane', async () => {
  const ports = testPorts(table);
  await acceptedMessage(ports, messageId, { priority: 'urgent' });
  expect(ports.queued).toMatchObject([{ queueUrl: 'acme-urgent' }]);
});

test('messages to one recipient share a group that does not show the number', async () => {
  const ports = testPorts(table);
  for (const [index, to] of ['+447700900123', '447700900123', '+447700900124'].entries()) {
    await acceptedMessage(ports, messageId.replace(/.$/, String(index)), { to });
  }
  const [first, second, other] = ports.queued.map(({ groupId }) => groupId);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});

test('a function that dies before the row leaves nothing', async () => {
  const ports = testPorts(table);
  await expect(acceptedMessage(dyingAt(ports, { call: 1, when: 'before' }), messageId)).rejects.toThrow();
  expect(await table.all()).toEqual([]);
  expect(ports.queued).toEqual([]);
});

test('a function that dies after the row leaves a message that expires', async () => {
  const ports = testPorts(table);
  await expect(acceptedMessage(dyingAt(ports, { call: 1, when: 'after' }), messageId)).rejects.toThrow();
  expect(ports.queued).toEqual([]);
  ports.advance(day + graceMs);
  await settleItems(ports);
  expect(ports.published).toMatchObject([{ type: 'sms.expired', subject: messageId, data: { settled: true } }]);
});

function acceptWith(send: Queue['send']) {
  const ports = testPorts(table);
  const request = sendRequestParser([route()])({ to: '+447700900123', text: 'Hello' });
  return { ports, accepted: acceptMessage({ ...ports, queue: { send }, newId: () => messageId }, clientId, request) };
}

const refusedBySqs = Object.assign(new Error('no such queue'), { $fault: 'client', $metadata: { attempts: 1 } });
const refusedInTheEnd = Object.assign(new Error('slow down'), { $fault: 'client', $metadata: { attempts: 3 } });

test('a message that its lane refused is failed, told to the caller, and published to nobody', async () => {
  const { ports, accepted } = acceptWith(() => Promise.reject(refusedBySqs));
  await expect(accepted).rejects.toMatchObject({
    code: 'unavailable',
    messageId,
    detail: `message ${messageId} was not accepted`,
  });
  const message = await readMessage(table, messageId);
  expect(message?.row.status).toBe('failed');
  expect(message?.row.dueAt).toBeUndefined();
  expect(message?.history).toMatchObject([{ type: 'verdict', status: 'failed', reason: 'its lane refused it' }]);
  ports.advance(3 * day);
  await settleItems(ports);
  expect(ports.published).toEqual([]);
  expect((await table.all()).filter(({ dueAt }) => dueAt !== undefined)).toEqual([]);
});

test.each([
  ['had no answer', new Error('socket hang up')],
  ['was refused only after tries that may have been taken', refusedInTheEnd],
])('a message of which the enqueue %s stays queued, for it may be sent', async (_, error) => {
  const { accepted } = acceptWith(() => Promise.reject(error));
  await expect(accepted).rejects.toMatchObject({
    code: 'unavailable',
    detail: expect.stringContaining('may have been'),
  });
  expect((await readMessage(table, messageId))?.row).toMatchObject({ status: 'queued', dueAt: expect.any(Number) });
});

test('a message that was called failed and was sent all the same is sent', async () => {
  const { ports, accepted } = acceptWith(() => Promise.reject(refusedBySqs));
  await expect(accepted).rejects.toThrow();
  await trackRecords(ports, [{ messageId: 'r', body: JSON.stringify({ version: 1, events: [submittedEvent()] }) }]);
  expect((await readMessage(table, messageId))?.row.status).toBe('sent');
  expect(publishedIds(ports)).toEqual([`${messageId}:sent`]);
});

test('an id that is taken is never overwritten', async () => {
  const ports = testPorts(table);
  await acceptedMessage(ports, messageId);
  await expect(acceptedMessage(ports, messageId, { to: '+447700900124' })).rejects.toThrow('drawn twice');
  expect(await table.all()).toMatchObject([{ to: '+447700900123' }]);
  expect(ports.queued).toHaveLength(1);
});

test('a row that was put by a try of the SDK whose answer was lost is taken for what it is', async () => {
  const ports = testPorts(table);
  const create: Table['create'] = async (item) => {
    await table.create(item);
    return table.create(item);
  };
  await expect(acceptedMessage({ ...ports, table: { ...table, create } }, messageId)).resolves.toBeDefined();
  expect(ports.queued).toHaveLength(1);
});

test('what a client attaches is kept, and a message that wants no receipt says so to the connector', async () => {
  const ports = testPorts(table);
  await acceptedMessage(ports, messageId, { receipt: false, reference: 'order 7', metadata: { campaign: 'x' } });
  const message = await readMessage(table, messageId);
  expect(message?.row).toMatchObject({ receipt: false, reference: 'order 7', metadata: { campaign: 'x' } });
  expect(parseOutboundSms(ports.queued[0]?.body ?? '').receipt).toBe(false);
});

test('a row from before receipts could be declined wants them', async () => {
  const ports = testPorts(table);
  await acceptedMessage(ports, messageId);
  await table.update(rowKey(messageId), { update: 'REMOVE receipt' });
  expect((await readMessage(table, messageId))?.row.receipt).toBe(true);
});

test.each(
  [1, 2].flatMap((call) =>
    (['before', 'after'] as const).flatMap((when) => (['dies', 'fails'] as const).map((how) => ({ call, when, how }))),
  ),
)('with the fault %j, no 202 lies and no message is without a trace', async (fault) => {
  const plain = testPorts(table);
  const { ports, died } = faultyPorts(plain, fault);
  const accepted = acceptedMessage(ports, messageId).catch(() => undefined);
  const row = await Promise.race([died.then(() => undefined), accepted]);
  const stored = await readMessage(table, messageId);
  if (row !== undefined) expect(plain.queued).toHaveLength(1);
  if (plain.queued.length > 0) expect(stored).toBeDefined();
  if (stored !== undefined) expect(stored.row.dueAt).toBeDefined();
});
