import { applyEvent } from '../../lambdas/apply-event.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { deriveAfterMs } from '../../lambdas/parked-join.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { decideAfterMs } from '../../lambdas/unanswered.ts';
import type { TestTable } from '../support/dynamo.ts';
import { at, carrier, messageId, receiptEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import { permutations } from '../support/storms.ts';

/** What `receipt-join.ts` promises of ids that tell too little: several have one, or its address is somebody else's. */

let table: TestTable;
let ports: TestPorts;

beforeEach(() => {
  table = memoryTable();
  ports = testPorts(table);
});

const otherId = messageId.replace(/.$/, 'f');
const day = 86_400_000;

const statusOf = async (id: string) => (await readMessage(table, id))?.row.status;
const joinDueAt = async (smscMessageId: string) =>
  (await table.get({ pk: `receipt#${carrier}#${smscMessageId}`, sk: 'join' }))?.dueAt;

describe('of an id that two messages share', () => {
  const recipients = { [messageId]: '+447700900123', [otherId]: '+447700900124' };
  const given = (id: string, to = recipients[id] ?? '') => submittedEvent({ smscMessageId: 'same', messageId: id, to });
  const accept = async () => {
    for (const id of [messageId, otherId]) await acceptedMessage(ports, id, { to: recipients[id] });
  };
  const settledAfter = async (ms: number) => {
    ports.advance(ms);
    expect(await settleItems(ports)).toMatchObject({ failed: 0 });
  };
  const receipt = (more = {}) => receiptEvent({ smscMessageId: 'same', ...more });
  const dueJoins = async () => (await table.all()).filter(({ sk, dueAt }) => sk === 'join' && dueAt !== undefined);

  test.each(permutations(['one', 'other', 'receipt']))(
    'a receipt is applied to the one whose recipient it fits, and to no other, in the order %s, %s, %s',
    async (...order) => {
      await accept();
      const events = { one: given(messageId), other: given(otherId), receipt: receipt({ from: '447700900124' }) };
      for (const name of order) await applyEvent(ports, events[name as keyof typeof events]);
      expect([await statusOf(messageId), await statusOf(otherId)]).toEqual(['sent', 'delivered']);
      await settledAfter(deriveAfterMs);
      expect([await statusOf(messageId), await statusOf(otherId)]).toEqual(['sent', 'delivered']);
      expect(await dueJoins()).toEqual([]);
    },
  );

  test('connectors of before, that did not tell the recipient, are made up for by the rows', async () => {
    await accept();
    for (const id of [messageId, otherId])
      await applyEvent(ports, submittedEvent({ smscMessageId: 'same', messageId: id }));
    await applyEvent(ports, receipt({ from: '447700900124' }));
    expect([await statusOf(messageId), await statusOf(otherId)]).toEqual(['sent', 'delivered']);
  });

  test.each([
    ['both recipients equally', { to: '+447700900123' }, {}],
    ['neither recipient', { to: '+447700900124' }, { from: '447700900999' }],
    ['no number at all', { to: '+447700900124' }, { from: '' }],
  ])('a receipt that fits %s is published after a minute, once, and applied to none', async (_, { to }, more) => {
    await accept();
    for (const event of [given(messageId), given(otherId, to), receipt(more)]) await applyEvent(ports, event);
    await settledAfter(deriveAfterMs - 1);
    expect(ports.published.filter(({ type }) => type === 'sms.receipt.unmatched')).toEqual([]);
    await settledAfter(5_001);
    expect([await statusOf(messageId), await statusOf(otherId)]).toEqual(['sent', 'sent']);
    const unmatched = ports.published.filter(({ type }) => type === 'sms.receipt.unmatched');
    expect(unmatched).toMatchObject([
      { id: `${receipt().id}:unmatched`, data: { reason: 'shared-id', messageIds: [messageId, otherId] } },
    ]);
    await applyEvent(ports, receipt(more));
    await settledAfter(day / 2);
    expect(ports.published.filter(({ type }) => type === 'sms.receipt.unmatched')).toHaveLength(1);
    expect(await dueJoins()).toEqual([]);
  });

  test.each([
    ['one', 'receipt', 'other', 'one'],
    ['receipt', 'one', 'other', 'one'],
    ['other', 'receipt', 'one', 'other'],
    ['one', 'other', 'receipt', 'none'],
    ['other', 'one', 'receipt', 'none'],
  ])('a receipt that fits both is applied at most once, in the order %s, %s, %s: to %s', async (...order) => {
    await accept();
    const to = '+447700900123';
    const events = { one: given(messageId, to), other: given(otherId, to), receipt: receipt() };
    const whose = order.pop();
    for (const name of order) await applyEvent(ports, events[name as keyof typeof events]);
    // SQS brings things again, and what waits is looked at.
    for (const event of Object.values(events)) await applyEvent(ports, event);
    await settledAfter(deriveAfterMs + 5_000);
    const statuses = { one: await statusOf(messageId), other: await statusOf(otherId) };
    const delivered = Object.entries(statuses).flatMap(([name, status]) => (status === 'delivered' ? [name] : []));
    expect(delivered).toEqual(whose === 'none' ? [] : [whose]);
    const unmatched = ports.published.filter(({ type }) => type === 'sms.receipt.unmatched');
    expect(unmatched).toHaveLength(whose === 'none' ? 1 : 0);
    expect(await dueJoins()).toEqual([]);
  });

  test('a receipt that was published is applied when the one comes whom it fits', async () => {
    await accept();
    const to = '+447700900999';
    for (const event of [given(messageId, to), given(otherId, to), receipt()]) await applyEvent(ports, event);
    await settledAfter(deriveAfterMs + 5_000);
    const third = messageId.replace(/.$/, 'e');
    await acceptedMessage(ports, third);
    await applyEvent(ports, given(third, '+447700900123'));
    expect(await statusOf(third)).toBe('delivered');
  });
});

test('segments of one message that the SMSC gave one id all get its receipt (quirk 24)', async () => {
  await acceptedMessage(ports, messageId, { text: 'x'.repeat(200) });
  const given = (segment: number) =>
    submittedEvent({ id: `${segment}`, smscMessageId: 'same', segment, segments: 2, to: '+447700900123' });
  await applyEvent(ports, given(1));
  await applyEvent(ports, receiptEvent({ smscMessageId: 'same' }));
  expect(await statusOf(messageId)).toBe('queued');
  await applyEvent(ports, given(2));
  expect(await statusOf(messageId)).toBe('delivered');
});

describe('a receipt with the address of somebody else', () => {
  const odd = () => receiptEvent({ from: '447700900999' });
  const owned = () => submittedEvent({ to: '+447700900123' });

  test.each([[['response', 'receipt']], [['receipt', 'response']]])(
    'is applied to the only one who has its id, but a minute after it came: %s',
    async (order) => {
      await acceptedMessage(ports, messageId);
      for (const name of order) await applyEvent(ports, name === 'receipt' ? odd() : owned());
      expect(await statusOf(messageId)).toBe('sent');
      // It came five seconds after the beginning.
      ports.advance(deriveAfterMs + 4_999);
      await settleItems(ports);
      expect(await statusOf(messageId)).toBe('sent');
      ports.advance(1);
      await settleItems(ports);
      expect(await statusOf(messageId)).toBe('delivered');
      expect(await joinDueAt(`smsc-${messageId}-1`)).toBeUndefined();
    },
  );

  test('does not wait behind one of the same id that has a day', async () => {
    await acceptedMessage(ports, messageId);
    await applyEvent(ports, receiptEvent({ id: 'old', time: at(-7_200) }));
    ports.advance(decideAfterMs);
    await settleItems(ports);
    await applyEvent(ports, submittedEvent({ to: '+447700900123', time: at(3_600) }));
    await applyEvent(ports, receiptEvent({ id: 'odd', from: '447700900999', time: at(3_601) }));
    ports.advance(deriveAfterMs + 1_000);
    await settleItems(ports);
    expect(await statusOf(messageId)).toBe('delivered');
  });

  test('is applied at once if the SMSC left the addresses as they were in the submit_sm', async () => {
    await acceptedMessage(ports, messageId);
    await applyEvent(ports, owned());
    await applyEvent(ports, receiptEvent({ from: '447700900999', to: '447700900123' }));
    expect(await statusOf(messageId)).toBe('delivered');
  });
});
