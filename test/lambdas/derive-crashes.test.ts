import fc from 'fast-check';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { deriveAfterMs } from '../../lambdas/parked-join.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { messageId, receiptEvent, submittedEvent } from '../support/factories.ts';
import { everyInterleaving, type Race } from '../support/interleavings.ts';
import { acceptedMessage, dyingAt, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import { scheduled } from '../support/scheduled-ports.ts';
import { crashPoints, permutations } from '../support/storms.ts';

/**
 * The promise of `derive-owners.ts` and `receipt-join.ts`: an id in two forms, beside an id that two messages share, ends
 * the same in every order, wherever a process dies, and when two look at once.
 */

const otherId = messageId.replace(/.$/, 'f');
const to = '+447700900123';
const otherTo = '+447700900124';
const minutes = 2 * deriveAfterMs;

const events = [
  submittedEvent({ smscMessageId: '01b6B', to }),
  receiptEvent({ smscMessageId: '7019', id: 'decimal', state: 'enroute' }),
  submittedEvent({ id: 'first', smscMessageId: 'same', to }),
  submittedEvent({ id: 'other', messageId: otherId, smscMessageId: 'same', to: otherTo }),
  receiptEvent({ smscMessageId: 'same', from: '447700900124' }),
];

async function begin() {
  const table = memoryTable();
  const ports = { ...testPorts(table), table };
  await acceptedMessage(ports, messageId);
  await acceptedMessage(ports, otherId, { to: otherTo });
  return ports;
}

type Ports = Awaited<ReturnType<typeof begin>>;

async function endOf({ table, ...ports }: Ports) {
  const messages = await Promise.all([messageId, otherId].map((id) => readMessage(table, id)));
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  return {
    published: publishedIds({ table, ...ports }),
    messages: messages.map((message) => ({ status: message?.row.status, facts: message?.history.toSorted(byId) })),
    due: (await table.all()).filter(({ sk, dueAt }) => sk !== 'row' && dueAt !== undefined),
  };
}

async function settled(ports: Ports) {
  for (let run = 1; run <= 2; run += 1) {
    ports.advance(minutes);
    expect(await settleItems(ports)).toMatchObject({ failed: 0 });
  }
  return endOf(ports);
}

async function heard(): Promise<Ports> {
  const ports = await begin();
  for (const event of events) await applyEvent(ports, event);
  return ports;
}

const calmEnd = async () => settled(await heard());

test('the calm course gives each receipt to its message', async () => {
  const { messages, published, due } = await calmEnd();
  expect(messages).toMatchObject([{ status: 'sent' }, { status: 'delivered' }]);
  const receipts = messages.map(({ facts = [] }) => facts.filter(({ type }) => type === 'receipt'));
  expect(receipts).toMatchObject([[{ id: 'decimal:1', matchedBy: 'derived-id' }], [{ matchedBy: 'id' }]]);
  expect(published).toEqual([`${messageId}:sent`, `${otherId}:delivered`, `${otherId}:sent`]);
  expect(due).toEqual([]);
});

test('every order ends the same', async () => {
  const expected = await calmEnd();
  for (const order of permutations(events)) {
    const ports = await begin();
    for (const event of order) await applyEvent(ports, event);
    expect(await settled(ports)).toEqual(expected);
  }
});

test('a handler that dies at any call is completed by its retry', async () => {
  const expected = await calmEnd();
  for (const event of events) {
    for (const point of crashPoints(12)) {
      const ports = await begin();
      await applyEvent(dyingAt(ports, point), event).catch(() => {});
      for (const other of events) await applyEvent(ports, other);
      expect(await settled(ports)).toEqual(expected);
    }
  }
});

test('a handler that looks at once, for it was learnt, and dies at any call is completed by its retry', async () => {
  const next = receiptEvent({ smscMessageId: '7020', id: 'next' });
  const learned = async () => {
    const ports = await heard();
    await settled(ports);
    await applyEvent(ports, submittedEvent({ id: 'again', smscMessageId: '1B6C', to }));
    return ports;
  };
  const calm = await learned();
  await applyEvent(calm, next);
  expect((await readMessage(calm.table, messageId))?.row.status).toBe('delivered');
  const expected = await settled(calm);
  for (const point of crashPoints(30)) {
    const ports = await learned();
    await applyEvent(dyingAt(ports, point), next).catch(() => {});
    await applyEvent(ports, next);
    expect(await settled(ports)).toEqual(expected);
  }
});

test('a run that dies at any call is completed by the next', async () => {
  const expected = await calmEnd();
  const due = async () => {
    const ports = await heard();
    ports.advance(minutes);
    return ports;
  };
  const mostCalls = 90;
  expect(await settleItems(dyingAt(await due(), { call: mostCalls, when: 'before' }))).toMatchObject({ failed: 0 });
  for (const point of crashPoints(mostCalls)) {
    const ports = await due();
    await settleItems(dyingAt(ports, point));
    expect(await settled(ports)).toEqual(expected);
  }
});

test('two runs at once, beside handlers, end as one would, however their calls follow one another', async () => {
  const expected = await calmEnd();
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const ports = await heard();
    ports.advance(minutes);
    const racing = () => scheduled(ports, scheduler);
    const repeats = events.map((event) => applyEvent(racing(), event));
    await scheduler.waitFor(Promise.all([settleItems(racing()), settleItems(racing()), ...repeats]));
    // What one parked again while the other had settled it is looked at later.
    ports.advance(3_600_000);
    expect(await settled(ports)).toEqual(expected);
  });
  await fc.assert(property, { numRuns: 30 });
});

test('handlers of two responses that share an id, and of its receipt, end the same with any two switches between them', async () => {
  const [, , ...three] = events;
  const calm = await begin();
  for (const event of three) await applyEvent(calm, event);
  const expected = await settled(calm);
  const start = async (): Promise<Race> => ({
    ports: await begin(),
    workers: three.map((event) => (ports: TestPorts) => applyEvent(ports, event)),
  });
  const check = async ({ ports }: Race) => expect(await settled(ports as Ports)).toEqual(expected);
  expect(await everyInterleaving(start, check, 2)).toBeGreaterThan(300);
});
