import { applyEvent } from '../../lambdas/apply-event.ts';
import { afterMs } from '../../lambdas/belonging.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { deriveAfterMs } from '../../lambdas/parked-join.ts';
import { maxSharing } from '../../lambdas/receipt-join.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import type { TestTable } from '../support/dynamo.ts';
import { at, messageId, receiptEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, dyingAt, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import { crashPoints } from '../support/storms.ts';

/** An SMSC that answers many submits with one id, such as 0, and what it then says of them. */

let table: TestTable;
let ports: TestPorts;

beforeEach(() => {
  table = memoryTable();
  ports = testPorts(table);
});

const smscMessageId = '0';
const idOf = (n: number) => messageId.replace(/.{2}$/, n.toString(16).padStart(2, '0'));
const recipientOf = (n: number) => `+4477009${String(n).padStart(5, '0')}`;
const submitted = (n: number, more = {}) =>
  submittedEvent({ id: `submitted-${n}`, messageId: idOf(n), smscMessageId, to: recipientOf(n), ...more });
const receiptOf = (n: number, more = {}) =>
  receiptEvent({ id: `receipt-${n}`, smscMessageId, from: recipientOf(n).slice(1), ...more });

const statusOf = async (n: number) => (await readMessage(table, idOf(n)))?.row.status;
const unmatched = () => ports.published.filter(({ type }) => type === 'sms.receipt.unmatched');
const settledAfter = async (ms: number) => {
  ports.advance(ms);
  expect(await settleItems(ports)).toMatchObject({ failed: 0 });
};

/** As many as there is room for have the id; the first one's recipient is that of the one who comes next, too. */
async function full(): Promise<void> {
  await acceptedMessage(ports, idOf(0), { to: recipientOf(0) });
  await acceptedMessage(ports, idOf(maxSharing), { to: recipientOf(0) });
  for (let n = 0; n < maxSharing; n += 1) await applyEvent(ports, submitted(n));
}

const next = () => submitted(maxSharing, { to: recipientOf(0) });

test('a receipt that fits one of them is not that one’s when there was no room for another whom it fits', async () => {
  await full();
  await applyEvent(ports, next());
  await applyEvent(ports, receiptOf(0));
  await settledAfter(deriveAfterMs + 5_000);
  expect([await statusOf(0), await statusOf(maxSharing)]).toEqual(['sent', 'sent']);
  expect(unmatched()).toMatchObject([{ id: 'receipt-0:unmatched', data: { reason: 'shared-id' } }]);
  await applyEvent(ports, receiptOf(0));
  await settledAfter(3_600_000);
  expect(unmatched()).toHaveLength(1);
});

/** More than the calls it takes to find no room, and to note that. */
const mostCalls = 20;

test('that holds wherever the process dies for whose message there was no room', async () => {
  let survived = 0;
  for (const point of crashPoints(mostCalls)) {
    table = memoryTable();
    ports = testPorts(table);
    await full();
    await applyEvent(dyingAt(ports, point), next()).then(
      () => (survived += 1),
      () => {},
    );
    await applyEvent(ports, next());
    await applyEvent(ports, receiptOf(0));
    await settledAfter(deriveAfterMs + 5_000);
    expect([await statusOf(0), await statusOf(maxSharing)]).toEqual(['sent', 'sent']);
    expect(unmatched()).toHaveLength(1);
  }
  expect(survived).toBeGreaterThan(0);
});

test('what was one’s before there were too many stays that one’s', async () => {
  await full();
  await applyEvent(ports, receiptOf(0));
  expect(await statusOf(0)).toBe('delivered');
  await applyEvent(ports, next());
  await applyEvent(ports, receiptOf(0));
  await settledAfter(deriveAfterMs + 5_000);
  expect([await statusOf(0), await statusOf(maxSharing)]).toEqual(['delivered', 'sent']);
  expect(unmatched()).toEqual([]);
});

test('an id that too many had tells again what it told, when receipts of those can come no more', async () => {
  await full();
  await applyEvent(ports, next());
  ports.advance(2 * afterMs);
  const time = at((2 * afterMs) / 1_000);
  await acceptedMessage(ports, idOf(200), { to: recipientOf(200) });
  await applyEvent(ports, submitted(200, { time }));
  await applyEvent(ports, receiptOf(200, { time }));
  expect(await statusOf(200)).toBe('delivered');
});

test('the segments of one message may be more than that, and all have its receipt (quirk 24)', async () => {
  const segments = maxSharing + 10;
  await acceptedMessage(ports, idOf(0), { to: recipientOf(0) });
  for (let segment = 1; segment <= segments; segment += 1)
    await applyEvent(ports, submitted(0, { id: `segment-${segment}`, segment, segments }));
  await applyEvent(ports, receiptOf(0));
  expect(await statusOf(0)).toBe('delivered');
});

test('receipts as large as they can be fail for no size: each is applied, or published', async () => {
  const tlvs = { vendor: 'x'.repeat(20_000) };
  await full();
  const ids = Array.from({ length: maxSharing }, (_, n) => `large-${n}`);
  for (const id of ids) await applyEvent(ports, receiptOf(300, { id, tlvs }));
  for (const ms of [deriveAfterMs, 3_600_000, 86_400_000]) await settledAfter(ms);
  expect(new Set(unmatched().map(({ id }) => id))).toEqual(new Set(ids.map((id) => `${id}:unmatched`)));
});
