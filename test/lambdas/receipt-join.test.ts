import { applyEvent } from '../../lambdas/apply-event.ts';
import { readJoin } from '../../lambdas/join.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { deriveAfterMs, unpark } from '../../lambdas/parked-join.ts';
import { maxSharing } from '../../lambdas/receipt-join.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { decideAfterMs } from '../../lambdas/unanswered.ts';
import { type TestTable, useTable } from '../support/dynamo.ts';
import {
  at,
  carrier,
  expiredEvent,
  messageId,
  receiptEvent,
  sendingEvent,
  submittedEvent,
} from '../support/factories.ts';
import { acceptedMessage, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';

const newTable = useTable();
let table: TestTable;
let ports: TestPorts;

beforeEach(async () => {
  table = newTable();
  ports = testPorts(table);
});

const otherId = messageId.replace(/.$/, 'f');
const day = 86_400_000;

const statusOf = async (id: string) => (await readMessage(table, id))?.row.status;
const joinDueAt = async (smscMessageId: string) =>
  (await table.get({ pk: `receipt#${carrier}#${smscMessageId}`, sk: 'join' }))?.dueAt;

test('a receipt before its response waits, is applied when the response comes, and waits no more', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, receiptEvent());
  expect(await joinDueAt(`smsc-${messageId}-1`)).toBe(ports.now() + deriveAfterMs);
  expect(await statusOf(messageId)).toBe('queued');
  await applyEvent(ports, submittedEvent());
  expect(await statusOf(messageId)).toBe('delivered');
  expect(publishedIds(ports)).toEqual([`${messageId}:delivered`, `${messageId}:sent`]);
  expect(await joinDueAt(`smsc-${messageId}-1`)).toBeUndefined();
});

test("a receipt for another carrier's message of the same id is not applied", async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent());
  await applyEvent(ports, receiptEvent({ carrier: 'beta' }));
  expect(await statusOf(messageId)).toBe('sent');
});

test('a receipt of an earlier use of the id, which comes while another is settled, waits for an owner', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, receiptEvent());
  const update: TestTable['update'] = async (key, change) => {
    const unparks = key.sk === 'join' && change.update.startsWith('REMOVE dueShard');
    if (unparks) await applyEvent(ports, receiptEvent({ id: 'old', time: at(-20 * 86_400) }));
    return table.update(key, change);
  };
  await applyEvent({ ...ports, table: { ...table, update } }, submittedEvent());
  expect(await statusOf(messageId)).toBe('delivered');
  expect(await joinDueAt(`smsc-${messageId}-1`)).toBe(ports.now() + deriveAfterMs);
});

test('a receipt of an id that the SMSC used before is not applied to the message that has it now', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, receiptEvent({ time: at(0) }));
  await applyEvent(ports, submittedEvent({ time: at(2 * 3_600) }));
  expect(await statusOf(messageId)).toBe('sent');
});

test("a receipt without an id is no error, and is published at once with its octets, for it is nobody's", async () => {
  const octets = Buffer.from('MsgId=77;Status=Delivered').toString('base64');
  const receipt = receiptEvent({ smscMessageId: '', id: 'no id', state: 'unknown', octets, time: at(0) });
  for (const event of [receipt, receipt]) await applyEvent(ports, event);
  expect(ports.published).toMatchObject([{ data: { octets, reason: 'no-message' } }, { id: 'no id:unmatched' }]);
  expect(publishedIds(ports)).toEqual(['no id:unmatched']);
  expect(ports.logged).toContainEqual(expect.stringContaining('names no id was published as unmatched'));
  expect(await table.all()).toEqual([]);
});

test('a response without an id is a response', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent({ smscMessageId: '' }));
  expect(await statusOf(messageId)).toBe('sent');
});

test('a receipt that was given up is applied when its response comes after all', async () => {
  await acceptedMessage(ports, messageId);
  const receipt = receiptEvent({ time: at(0) });
  await applyEvent(ports, receipt);
  ports.advance(decideAfterMs);
  await settleItems(ports);
  expect(await joinDueAt(`smsc-${messageId}-1`)).toBe(Date.parse(at(0)) + day);
  ports.advance(day - decideAfterMs);
  await settleItems(ports);
  await applyEvent(ports, submittedEvent());
  expect(await statusOf(messageId)).toBe('delivered');
  expect(publishedIds(ports)).toEqual([
    ...['delivered', 'sent'].map((key) => `${messageId}:${key}`),
    `${receipt.id}:unmatched`,
  ]);
});

test('a receipt of an id for which too many wait is published, and no submit fails for it', async () => {
  await acceptedMessage(ports, messageId);
  const sharing = Array.from({ length: maxSharing }, (_, index) => index);
  await table.create({
    pk: `receipt#${carrier}#0`,
    sk: 'join',
    owners: new Set(
      sharing.map((segment) =>
        JSON.stringify({ messageId: messageId.replace(/.{2}$/, String(10 + segment)), segment, time: at(0) }),
      ),
    ),
    receipts: new Set(sharing.map((index) => JSON.stringify(receiptEvent({ id: `receipt-${index}` })))),
  });
  await applyEvent(ports, receiptEvent({ id: 'next', smscMessageId: '0' }));
  expect(ports.published).toMatchObject([{ id: 'next:unmatched', type: 'sms.receipt.unmatched' }]);
  await applyEvent(ports, submittedEvent({ smscMessageId: '0' }));
  expect(await statusOf(messageId)).toBe('sent');
});

test('an SMSC whose ids start over each day is not crowded out by its own past', async () => {
  const days = Array.from({ length: maxSharing }, (_, index) => at((index * day) / 1_000));
  await table.create({
    pk: `receipt#${carrier}#0`,
    sk: 'join',
    owners: new Set(days.map((time, segment) => JSON.stringify({ messageId: otherId, segment, time }))),
    receipts: new Set(days.map((time, index) => JSON.stringify(receiptEvent({ id: `receipt-${index}`, time })))),
  });
  ports.advance(maxSharing * day);
  const time = new Date(ports.now()).toISOString();
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent({ smscMessageId: '0', time }));
  await applyEvent(ports, receiptEvent({ id: 'today', smscMessageId: '0', time }));
  expect(await statusOf(messageId)).toBe('delivered');
});

test('one receipt that is repeated a hundred times leaves room for the next', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent({ smscMessageId: '42' }));
  for (let n = 0; n <= maxSharing; n += 1) {
    await applyEvent(ports, receiptEvent({ id: 'enroute', state: 'enroute', smscMessageId: '42', time: at(n) }));
  }
  await applyEvent(ports, receiptEvent({ id: 'delivered', smscMessageId: '42', time: at(maxSharing + 1) }));
  expect(await statusOf(messageId)).toBe('delivered');
});

test("a message's last receipt is not crowded out by those before it", async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent({ smscMessageId: '42' }));
  for (let n = 0; n < maxSharing; n += 1) {
    await applyEvent(ports, receiptEvent({ id: `enroute-${n}`, state: 'enroute', smscMessageId: '42', time: at(n) }));
  }
  await applyEvent(ports, receiptEvent({ id: 'delivered', smscMessageId: '42', time: at(maxSharing) }));
  expect(await statusOf(messageId)).toBe('delivered');
});

test('of more receipts than may wait for one id each is published, those beyond at once', async () => {
  const ids = Array.from({ length: maxSharing + 10 }, (_, index) => `zero-${index}`);
  for (const id of ids) await applyEvent(ports, receiptEvent({ id, smscMessageId: '0' }));
  expect(ports.published).toHaveLength(10);
  for (const ms of [60_000, 3_600_000, day]) {
    ports.advance(ms);
    await settleItems(ports);
  }
  expect(new Set(ports.published.map(({ id }) => id))).toEqual(new Set(ids.map((id) => `${id}:unmatched`)));
});

test('a receipt that waits is not forgotten because others make room for it while a run settles the rest', async () => {
  const join = { pk: `receipt#${carrier}#0`, sk: 'join' };
  for (let n = 0; n < maxSharing; n += 1) await applyEvent(ports, receiptEvent({ id: `old-${n}`, smscMessageId: '0' }));
  await table.update(join, {
    update: 'ADD givenUp :ids',
    condition: 'attribute_exists(pk)',
    values: { ':ids': new Set(['old-1']) },
  });
  const read = await readJoin(table, join);
  await applyEvent(ports, receiptEvent({ id: 'new', smscMessageId: '0' }));
  if (read !== undefined) await unpark(ports, read);
  expect((await table.get(join))?.dueAt).toBeDefined();
});

test("an SMSC's id may be longer than a key", async () => {
  await acceptedMessage(ports, messageId);
  const smscMessageId = 'f'.repeat(5_000);
  await applyEvent(ports, submittedEvent({ smscMessageId, id: 'long' }));
  await applyEvent(ports, receiptEvent({ smscMessageId, id: 'long-too' }));
  expect(await statusOf(messageId)).toBe('delivered');
});

test('a receipt whose response was lost finds its message, before or after that ended', async () => {
  const stray = (given = {}) => receiptEvent({ smscMessageId: 'stray', ...given });
  await acceptedMessage(ports, messageId, { guarantee: 'at-most-once' });
  await applyEvent(ports, sendingEvent());
  await applyEvent(ports, stray());
  await acceptedMessage(ports, otherId, { to: '+447700900124' });
  await applyEvent(ports, stray({ id: 'other', smscMessageId: 'other', from: '447700900124' }));
  ports.advance(decideAfterMs);
  expect(await settleItems(ports)).toMatchObject({ failed: 0 });
  expect([await statusOf(messageId), await statusOf(otherId)]).toEqual(['delivered', 'queued']);
  await applyEvent(ports, expiredEvent({ messageId: otherId, possiblySubmitted: true, time: at(day / 1_000) }));
  expect(await statusOf(otherId)).toBe('uncertain');
  ports.advance(decideAfterMs);
  expect(await settleItems(ports)).toMatchObject({ failed: 0 });
  expect(await statusOf(otherId)).toBe('delivered');
  expect((await table.all()).filter(({ dueAt }) => dueAt !== undefined)).toEqual([]);
});

test('receipts whose ids the responses wrote in hexadecimal find their messages, and the second one at once', async () => {
  for (const [id, hex, decimal] of [
    [messageId, '10C8F40D', '281605133'],
    [otherId, '10C8F40E', '281605134'],
  ] as const) {
    await acceptedMessage(ports, id);
    await applyEvent(ports, submittedEvent({ messageId: id, smscMessageId: hex, to: '+447700900123' }));
    await applyEvent(ports, receiptEvent({ smscMessageId: decimal }));
    if (id === messageId) {
      ports.advance(deriveAfterMs);
      expect(await settleItems(ports)).toMatchObject({ failed: 0 });
    }
  }
  expect([await statusOf(messageId), await statusOf(otherId)]).toEqual(['delivered', 'delivered']);
  expect(await table.get({ pk: `carrier#${carrier}`, sk: 'id-relation' })).toMatchObject({ 'hex-to-decimal': 2 });
});
