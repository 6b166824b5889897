import type { ReceiptEvent } from '#contract/connector-events.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { deriveAfterMs } from '../../lambdas/parked-join.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { decideAfterMs } from '../../lambdas/unanswered.ts';
import type { TestTable } from '../support/dynamo.ts';
import { at, messageId, receiptEvent, sendingEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, dyingAt, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import { crashPoints } from '../support/storms.ts';

/** One message has a receipt's id, and others its address: who has the id gets it only if it can be none of them. */

let table: TestTable;
let ports: TestPorts;

beforeEach(() => {
  table = memoryTable();
  ports = testPorts(table);
});

const older = messageId;
const other = (digit: string) => messageId.replace(/.$/, digit);
const dayMs = 86_400_000;

const statusOf = async (id: string) => (await readMessage(table, id))?.row.status;
const matchesOf = async (id: string) =>
  (await readMessage(table, id))?.history.flatMap((fact) => (fact.type === 'receipt' ? [fact.matchedBy] : []));
const unmatched = () => ports.published.filter(({ type }) => type === 'sms.receipt.unmatched');
const dueJoins = async () => (await table.all()).filter(({ sk, dueAt }) => sk === 'join' && dueAt !== undefined);

async function settledAfter(ms: number): Promise<void> {
  ports.advance(ms);
  expect(await settleItems(ports)).toMatchObject({ failed: 0 });
}

describe('of an SMSC whose counter started over (quirk 7)', () => {
  const newer = other('f');
  const receipt = (more: Partial<ReceiptEvent> = {}) =>
    receiptEvent({ smscMessageId: '5', from: '447700900999', ...more });

  /** The response of the newer one is lost, and it is sent at most once. */
  async function begun(): Promise<void> {
    await acceptedMessage(ports, older, { to: '+447700900123' });
    await applyEvent(ports, submittedEvent({ smscMessageId: '5', to: '+447700900123', time: at(-86_400) }));
    await acceptedMessage(ports, newer, { to: '+447700900999', guarantee: 'at-most-once' });
    await applyEvent(ports, sendingEvent({ messageId: newer }));
  }

  test('a receipt waits for an hour, and then is that of the only message of its address without a response', async () => {
    await begun();
    await applyEvent(ports, receipt());
    await settledAfter(deriveAfterMs + 5_000);
    expect([await statusOf(older), await statusOf(newer)]).toEqual(['sent', 'sending']);
    await settledAfter(decideAfterMs);
    expect([await statusOf(older), await statusOf(newer)]).toEqual(['sent', 'delivered']);
    expect([await matchesOf(older), await matchesOf(newer)]).toEqual([[], ['recipient']]);
    expect(unmatched()).toEqual([]);
    expect(await dueJoins()).toEqual([]);
  });

  test('what repeats meanwhile does not put it off', async () => {
    await begun();
    for (let time = 0; time < 21; time++) {
      await applyEvent(ports, receipt({ id: `${time}`, stat: 'ENROUTE', state: 'enroute' }));
      await settledAfter(3 * 60_000);
    }
    await settledAfter(deriveAfterMs);
    expect(await matchesOf(newer)).toHaveLength(21);
    expect(await dueJoins()).toEqual([]);
  });

  test("it is nobody's if two such messages can be meant, and says which", async () => {
    await begun();
    const third = other('e');
    await acceptedMessage(ports, third, { to: '+447700900999', guarantee: 'at-most-once' });
    await applyEvent(ports, sendingEvent({ messageId: third }));
    await applyEvent(ports, receipt());
    await settledAfter(decideAfterMs + deriveAfterMs + 5_000);
    expect([await matchesOf(older), await matchesOf(newer), await matchesOf(third)]).toEqual([[], [], []]);
    expect(unmatched()).toMatchObject([{ data: { reason: 'shared-id' } }]);
    expect(new Set(unmatched().flatMap(({ data }) => ('messageIds' in data ? data.messageIds : [])))).toEqual(
      new Set([older, newer, third]),
    );
    expect(await dueJoins()).toEqual([]);
  });

  test.each([...crashPoints(40)])('dying at call $call, $when it, comes to the same', async (point) => {
    await begun();
    await applyEvent(ports, receipt());
    ports.advance(decideAfterMs + deriveAfterMs + 5_000);
    await settleItems(dyingAt(ports, point));
    await settledAfter(deriveAfterMs);
    expect([await matchesOf(older), await matchesOf(newer)]).toEqual([[], ['recipient']]);
    expect(await dueJoins()).toEqual([]);
  });
});

describe('of an SMSC that writes ids in two ways', () => {
  const [b, c] = [other('e'), other('f')];
  const recipients = { [older]: '+447700900123', [b]: '+447700900123', [c]: '+447700900999' };

  test('who was found by the address of one receipt has none of another number: it is shared by those whom it fits', async () => {
    for (const [id, to] of Object.entries(recipients)) {
      await acceptedMessage(ports, id, { to });
      await applyEvent(ports, submittedEvent({ smscMessageId: 'a1', messageId: id, to }));
    }
    const receipts = { mine: '447700900123', ofC: '447700900999' };
    for (const [id, from] of Object.entries(receipts))
      await applyEvent(ports, receiptEvent({ id, smscMessageId: 'A1', from }));
    await settledAfter(deriveAfterMs + 5_000);
    await settledAfter(dayMs);
    expect(await matchesOf(c)).toEqual(['derived-id']);
    expect([await matchesOf(older), await matchesOf(b)]).toEqual([[], []]);
    expect(unmatched()).toMatchObject([
      { id: 'mine:unmatched', data: { reason: 'shared-id', messageIds: [older, b] } },
    ]);
    expect(await dueJoins()).toEqual([]);
  });
});
