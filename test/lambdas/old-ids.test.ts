import type { ConnectorEvent } from '#contract/connector-events.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { deriveAfterMs } from '../../lambdas/parked-join.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { decideAfterMs } from '../../lambdas/unanswered.ts';
import { at, messageId, receiptEvent, sendingEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';

/** Ids start over some day, and receipts can be late: what is long past must not mislead, what is late must not be hurried. */

let ports: TestPorts;

beforeEach(async () => {
  ports = testPorts(memoryTable());
  await acceptedMessage(ports, messageId);
});

const otherId = messageId.replace(/.$/, 'f');
const twentyDays = 20 * 86_400;

async function heard(...events: readonly ConnectorEvent[]): Promise<void> {
  for (const event of events) await applyEvent(ports, event);
}

async function settledAfter(ms: number): Promise<void> {
  ports.advance(ms);
  expect(await settleItems(ports)).toMatchObject({ failed: 0 });
}

const receiptsOf = async (id: string) =>
  (await readMessage(ports.table, id))?.history.flatMap((fact) => (fact.type === 'receipt' ? [fact.matchedBy] : []));

test('a message that had the id in another form long ago is not given the receipt', async () => {
  await heard(submittedEvent({ smscMessageId: '10C8F40D', to: '+447700900123' }));
  ports.advance(twentyDays * 1_000);
  await heard(receiptEvent({ smscMessageId: '281605133', time: at(twentyDays) }));
  await settledAfter(deriveAfterMs);
  expect(await receiptsOf(messageId)).toEqual([]);
});

test('nor does it keep the receipt from the message that it must be about', async () => {
  await heard(submittedEvent({ smscMessageId: '10C8F40D', to: '+447700900123' }));
  ports.advance(twentyDays * 1_000);
  await acceptedMessage(ports, otherId, { guarantee: 'at-most-once' });
  await heard(sendingEvent({ messageId: otherId, time: at(twentyDays) }));
  await heard(receiptEvent({ smscMessageId: '281605133', time: at(twentyDays + 5) }));
  await settledAfter(decideAfterMs);
  expect([await receiptsOf(messageId), await receiptsOf(otherId)]).toEqual([[], ['recipient']]);
});

test('a receipt that was in the queue for more than a day is waited with for an hour all the same', async () => {
  const late = receiptEvent({ smscMessageId: '281605133', time: at(-2 * 86_400) });
  await heard(late);
  await settledAfter(deriveAfterMs);
  expect(publishedIds(ports)).toEqual([]);
  await settledAfter(decideAfterMs - deriveAfterMs);
  expect(publishedIds(ports)).toEqual([`${late.id}:unmatched`]);
});
