import type { ConnectorEvent } from '#contract/connector-events.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { deriveAfterMs } from '../../lambdas/parked-join.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { decideAfterMs } from '../../lambdas/unanswered.ts';
import type { TestTable } from '../support/dynamo.ts';
import { at, carrier, messageId, receiptEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';

/** Ids that are one but for case and zeros, in whatever widths, which no list of forms could name (quirks 3 and 4). */

const otherId = messageId.replace(/.$/, 'f');
const to = '+447700900123';

let table: TestTable;
let ports: TestPorts;

beforeEach(async () => {
  table = memoryTable();
  ports = testPorts(table);
  await acceptedMessage(ports, messageId);
});

async function heard(...events: readonly ConnectorEvent[]): Promise<void> {
  for (const event of events) await applyEvent(ports, event);
}

async function settledAfter(...spans: readonly number[]): Promise<void> {
  for (const ms of spans) {
    ports.advance(ms);
    expect(await settleItems(ports)).toMatchObject({ failed: 0 });
  }
}

const statusOf = async (id = messageId) => (await readMessage(table, id))?.row.status;
const matchedBy = async (id = messageId) =>
  (await readMessage(table, id))?.history.flatMap((fact) => (fact.type === 'receipt' ? [fact.matchedBy] : []));
const response = (smscMessageId: string, given = {}) => submittedEvent({ smscMessageId, to, ...given });
const receipt = (smscMessageId: string, given = {}) => receiptEvent({ smscMessageId, ...given });

const uuid = '0e999f2181ef4d7cb3d27a9d10c5a8f1';
const pairs = [
  ['AbCd12xY', 'ABCD12XY'],
  ['AbCd12xY', 'abcd12xy'],
  ['ABCD12XY', 'aBcD12xY'],
  ['aBcD12', 'abcd12'],
  ['10c8F40D', '281605133'],
  ['281605133', '10c8F40d'],
  ['0A1B2C', '662316'],
  ['662316', '00A1b2c'],
  ['000123', '123'],
  ['123', '0000123'],
  ['000123', '00123'],
  ['000000000281605133', '10c8f40d'],
  ['0010C8F40D', '000281605133'],
  ['10C8F40D', '0000281605133'],
  [uuid, BigInt(`0x${uuid}`).toString()],
  [BigInt(`0x${uuid}`).toString(), uuid],
  ['00XyZ', '00xyz'],
  ['XYZ', '0xYz'],
  ['41424A', 'ABJ'],
  ['abC', '616243'],
] as const;

describe.each(pairs)('an id that is %s in the response and %s in the receipt', (inResponse, inReceipt) => {
  test('is found after the response', async () => {
    await heard(response(inResponse), receipt(inReceipt));
    await settledAfter(deriveAfterMs);
    expect(await statusOf()).toBe('delivered');
    expect(await matchedBy()).toEqual(['derived-id']);
  });

  test('is found when the receipt comes first', async () => {
    await heard(receipt(inReceipt), response(inResponse));
    await settledAfter(deriveAfterMs);
    expect(await statusOf()).toBe('delivered');
  });

  test('is found when the response comes after it was looked for', async () => {
    await heard(receipt(inReceipt));
    await settledAfter(deriveAfterMs);
    await heard(response(inResponse));
    await settledAfter(decideAfterMs);
    expect(await statusOf()).toBe('delivered');
  });
});

test.each([
  ['10c8f40d', 0],
  ['10C8F40D', 0],
  ['0972660181', 0],
  ['0e999f21-81ef-4d7c-b3d2-7a9d10c5a8f2', 0],
  ['e999f218-81ef-4d7c-b3d2-7a9d10c5a8f2', 0],
  ['AbCd12xY', 1],
])('an id like %s costs %i writes more than that of its join', async (id, more) => {
  await heard(response(id));
  const items = (await table.all()).filter(({ pk }) => pk.startsWith(`receipt#${carrier}#`));
  expect(items).toHaveLength(1 + more);
});

test('of two ids that differ in case only, each gets the receipt that names it just so', async () => {
  await acceptedMessage(ports, otherId);
  await heard(response('aBc'), response('AbC', { messageId: otherId }), receipt('AbC'));
  expect([await matchedBy(), await matchedBy(otherId)]).toEqual([[], ['id']]);
});

test('a receipt that could be of two such ids is applied to neither, and published', async () => {
  await acceptedMessage(ports, otherId);
  await heard(response('aBc'), response('AbC', { messageId: otherId }), receipt('abc'));
  await settledAfter(deriveAfterMs, decideAfterMs, 86_400_000);
  expect([await matchedBy(), await matchedBy(otherId)]).toEqual([[], []]);
  expect(ports.published.find(({ type }) => type === 'sms.receipt.unmatched')).toMatchObject({
    data: { reason: 'shared-id', messageIds: [messageId, otherId] },
  });
});

describe('an id that was found by another form', () => {
  // 161 is A1 in hexadecimal, and 353 is 161 in hexadecimal.
  beforeEach(async () => {
    await heard(response('A1'), receipt('161', { id: 'first', state: 'enroute' }));
    await settledAfter(deriveAfterMs);
    expect(await matchedBy()).toEqual(['derived-id']);
  });

  test("leads no further: another system's receipt is not its message's", async () => {
    await heard(receipt('353', { id: 'foreign', time: at(75) }));
    await settledAfter(deriveAfterMs, decideAfterMs, 86_400_000);
    expect(await matchedBy()).toEqual(['derived-id']);
    expect(ports.published).toContainEqual(expect.objectContaining({ id: 'foreign:unmatched' }));
  });

  test("does not stand in the way of another message's", async () => {
    await acceptedMessage(ports, otherId);
    await heard(response('161', { messageId: otherId, time: at(70) }), receipt('353', { time: at(75) }));
    await settledAfter(deriveAfterMs);
    expect([await statusOf(), await statusOf(otherId)]).toEqual(['sent', 'delivered']);
  });
});
