import type { ConnectorEvent, ReceiptEvent } from '#contract/connector-events.ts';
import { type IdRelation, idRelations } from '#contract/receipts.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { readCarrierState } from '../../lambdas/binds.ts';
import { carrierView } from '../../lambdas/carrier-view.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { deriveAfterMs } from '../../lambdas/parked-join.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { decideAfterMs } from '../../lambdas/unanswered.ts';
import type { TestTable } from '../support/dynamo.ts';
import { at, carrier, messageId, receiptEvent, route, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';

/** docs/decisions/004: receipts whose id the response wrote in another way (demand 1, quirks 1 to 6). */

const otherId = messageId.replace(/.$/, 'f');
const day = 86_400_000;
const to = '+447700900123';

let table: TestTable;
let ports: TestPorts;
let counted: string[];

beforeEach(async () => {
  table = memoryTable();
  counted = [];
  const metrics = { count: (metric: string, of: string) => void counted.push(`${metric} ${of}`) };
  ports = { ...testPorts(table), ...{ metrics } };
  await acceptedMessage(ports, messageId);
});

async function heard(...events: readonly ConnectorEvent[]): Promise<void> {
  for (const event of events) await applyEvent(ports, event);
}

async function settledAfter(ms: number): Promise<void> {
  ports.advance(ms);
  expect(await settleItems(ports)).toMatchObject({ failed: 0 });
}

const statusOf = async (id = messageId) => (await readMessage(table, id))?.row.status;
const matchedBy = async (id = messageId) =>
  (await readMessage(table, id))?.history.flatMap((fact) => (fact.type === 'receipt' ? [fact.matchedBy] : []));
const response = (smscMessageId: string, given = {}) => submittedEvent({ smscMessageId, to, ...given });
const receipt = (smscMessageId: string, given: Partial<ReceiptEvent> = {}) => receiptEvent({ smscMessageId, ...given });
const dueJoins = async () => (await table.all()).filter(({ sk, dueAt }) => sk === 'join' && dueAt !== undefined);
const unmatched = () => ports.published.filter(({ type }) => type === 'sms.receipt.unmatched');

/** As users complained of them: in the response, and in the receipt. */
const pairs: readonly [string, string, IdRelation][] = [
  ['812FC7470000001B', '9308878062554710043', 'hex-to-decimal'],
  ['9308878062554710043', '812FC7470000001B', 'decimal-to-hex'],
  ['9308878062554710043', '812fc7470000001b', 'decimal-to-hex'],
  ['10C8F40D', '281605133', 'hex-to-decimal'],
  ['281605133', '10c8f40d', 'decimal-to-hex'],
  ['00B8BE19', 'B8BE19', 'same'],
  ['B8BE19', '00B8BE19', 'same'],
  ['0e999f21-81ef-4d7c-b3d2-7a9d10c5a8f1', '0E999F21-81EF-4D7C-B3D2-7A9D10C5A8F1', 'same'],
  ['39f99dd5', '0972660181', 'hex-to-decimal'],
  ['0972660181', '39f99dd5', 'decimal-to-hex'],
  ['972660181', '0972660181', 'same'],
  ['1101c1-c9d03d-f000', '1101C1-C9D03D-F000', 'same'],
  ['414243', 'ABC', 'hex-to-text'],
  ['ABC', '414243', 'text-to-hex'],
];

describe.each(pairs)('an id that is %s in the response and %s in the receipt', (inResponse, inReceipt, relation) => {
  const expectDelivered = async () => {
    expect(await statusOf()).toBe('delivered');
    expect(await matchedBy()).toEqual(['derived-id']);
    expect(publishedIds(ports)).toEqual(['delivered', 'sent'].map((key) => `${messageId}:${key}`));
    expect(await dueJoins()).toEqual([]);
  };

  test('is found within a minute or two, with no configuration', async () => {
    await heard(response(inResponse), receipt(inReceipt));
    expect(await statusOf()).toBe('sent');
    await settledAfter(deriveAfterMs);
    await expectDelivered();
  });

  test('is found when the receipt comes first', async () => {
    await heard(receipt(inReceipt), response(inResponse));
    await settledAfter(deriveAfterMs);
    await expectDelivered();
  });

  test('is found when the response comes after other forms were looked for', async () => {
    await heard(receipt(inReceipt));
    await settledAfter(deriveAfterMs);
    await heard(response(inResponse));
    await settledAfter(decideAfterMs);
    await expectDelivered();
  });

  test('is found when the receipt comes days later', async () => {
    await heard(response(inResponse));
    ports.advance(2 * day);
    await heard(receipt(inReceipt, { time: at(2 * 86_400) }));
    await settledAfter(deriveAfterMs);
    await expectDelivered();
  });

  test("is found at once where the carrier's profile says how ids differ", async () => {
    await heard(response(inResponse), receipt(inReceipt, { idRelation: relation }));
    await expectDelivered();
  });

  test('is found at once when it was learnt from another message', async () => {
    await heard(response(inResponse), receipt(inReceipt, { state: 'enroute' }));
    await settledAfter(deriveAfterMs);
    const state = await readCarrierState(table, carrier, ports.now());
    expect(carrierView(route(), state)).toMatchObject({ receiptIds: [{ relation, matched: 1 }] });
    expect(counted).toEqual([`derivedReceiptMatches ${carrier}`]);
    // What else names the id is its message's at once, and counts no second time.
    await heard(receipt(inReceipt, { id: 'second', time: at(90) }));
    expect(await statusOf()).toBe('delivered');
    expect(counted).toHaveLength(1);
  });
});

test('a relation that was learnt is tried at once with the next message', async () => {
  await heard(response('10C8F40D'), receipt('281605133'));
  await settledAfter(deriveAfterMs);
  await acceptedMessage(ports, otherId);
  await heard(response('10C8F40E', { messageId: otherId }), receipt('281605134'));
  expect(await statusOf(otherId)).toBe('delivered');
  expect(await matchedBy(otherId)).toEqual(['derived-id']);
});

describe('with the address', () => {
  test.each([
    ['in a national form', '07700900123', 'delivered'],
    ['of nobody, where one message alone can be meant', '', 'delivered'],
    ['of somebody else', '447700900999', 'sent'],
  ])('%s, a receipt of a derived id leaves its message %s', async (_, from, status) => {
    await heard(response('10C8F40D'), receipt('281605133', { from }));
    await settledAfter(deriveAfterMs);
    expect(await statusOf()).toBe(status);
  });
});

describe('of an id that is one message’s in decimal and another’s in hexadecimal', () => {
  // 10 in decimal is A in hexadecimal, and 10 in hexadecimal is 16 in decimal.
  const [hex, decimal] = ['A', '16'];

  test('a receipt goes to the one whose recipient it fits', async () => {
    await acceptedMessage(ports, otherId, { to: '+447700900124' });
    await heard(response(hex), response(decimal, { messageId: otherId, to: '+447700900124' }));
    await heard(receipt('10', { from: '447700900124' }));
    await settledAfter(deriveAfterMs);
    expect([await statusOf(), await statusOf(otherId)]).toEqual(['sent', 'delivered']);
  });

  test('a receipt that fits both is published after a day, and applied to none', async () => {
    await acceptedMessage(ports, otherId);
    await heard(response(hex), response(decimal, { messageId: otherId }), receipt('10'));
    for (const ms of [deriveAfterMs, decideAfterMs]) await settledAfter(ms);
    expect(unmatched()).toEqual([]);
    await settledAfter(day);
    expect([await matchedBy(), await matchedBy(otherId)]).toEqual([[], []]);
    expect(unmatched()).toMatchObject([{ data: { reason: 'shared-id', messageIds: [messageId, otherId] } }]);
    expect(await dueJoins()).toEqual([]);
  });

  test("a receipt that fits both is the one's that the carrier's profile says", async () => {
    await acceptedMessage(ports, otherId);
    await heard(response(hex), response(decimal, { messageId: otherId }));
    await heard(receipt('10', { idRelation: 'decimal-to-hex' }));
    expect([await statusOf(), await statusOf(otherId)]).toEqual(['sent', 'delivered']);
  });
});

describe('an id that another message has just so', () => {
  beforeEach(async () => {
    await acceptedMessage(ports, otherId, { to: '+447700900124' });
    await heard(response('A1'), response('161', { messageId: otherId, to: '+447700900124' }));
  });

  test('is not taken for the same if its address is that of the derived one', async () => {
    await heard(receipt('161'));
    await settledAfter(deriveAfterMs);
    expect([await statusOf(), await statusOf(otherId)]).toEqual(['delivered', 'sent']);
  });

  test("is not taken for the same if the carrier's profile says otherwise, though the receipt has no address", async () => {
    await heard(receipt('161', { from: '', idRelation: 'hex-to-decimal' }));
    expect([await statusOf(), await statusOf(otherId)]).toEqual(['delivered', 'sent']);
  });
});

describe("where the carrier's profile says that receipts are in decimal", () => {
  const told = (id: string) => receipt(id, { idRelation: 'hex-to-decimal' });

  test.each([[['derived', 'same', 'receipt']], [['same', 'receipt', 'derived']], [['receipt', 'same', 'derived']]])(
    'a message with the very same id and recipient is not taken for the one that is meant: %s',
    async (order) => {
      await acceptedMessage(ports, otherId);
      const events = { derived: response('A1'), same: response('161', { messageId: otherId }), receipt: told('161') };
      for (const name of order) await heard(events[name as keyof typeof events]);
      await settledAfter(2 * deriveAfterMs);
      expect([await statusOf(), await statusOf(otherId)]).toEqual(['delivered', 'sent']);
      expect(await dueJoins()).toEqual([]);
    },
  );

  test('a message with the very same id gets the receipt after a minute if there is no other', async () => {
    await heard(response('161'), told('161'));
    expect(await statusOf()).toBe('sent');
    await settledAfter(2 * deriveAfterMs);
    expect(await statusOf()).toBe('delivered');
  });

  test.each(['7', 'not-a-number'])('an id that both write alike, %s, is found at once', async (id) => {
    await heard(response(id), told(id));
    expect(await statusOf()).toBe('delivered');
    expect(await matchedBy()).toEqual(['id']);
  });
});

test('what was learnt decides nothing at once where the address tells nothing', async () => {
  await heard(response('10C8F40D'), receipt('281605133'));
  await settledAfter(deriveAfterMs);
  await acceptedMessage(ports, otherId);
  await heard(response('A', { messageId: otherId }), receipt('10', { from: '' }));
  expect(await statusOf(otherId)).toBe('sent');
  await settledAfter(2 * deriveAfterMs);
  expect(await statusOf(otherId)).toBe('delivered');
});

test('segments of one message that have the id in another form all get the receipt', async () => {
  await acceptedMessage(ports, otherId, { text: 'x'.repeat(200) });
  const given = (segment: number) => response('ABCD', { id: `${segment}`, messageId: otherId, segment, segments: 2 });
  await heard(given(1), given(2), receipt('abcd'));
  await settledAfter(deriveAfterMs);
  expect(await statusOf(otherId)).toBe('delivered');
});

test('two segments of one message that are found in two ways are nobody in particular', async () => {
  await acceptedMessage(ports, otherId, { text: 'x'.repeat(200) });
  const given = (segment: number, id: string) => response(id, { messageId: otherId, segment, segments: 2 });
  await heard(given(1, 'A'), given(2, '16'), receipt('10'));
  await settledAfter(deriveAfterMs);
  expect(await matchedBy(otherId)).toEqual([]);
});

test('a response that names the id while it is derived is the surer', async () => {
  await acceptedMessage(ports, otherId);
  await heard(response('10C8F40D'), receipt('281605133'));
  ports.advance(deriveAfterMs);
  const update: TestTable['update'] = async (key, change) => {
    if (change.update === 'ADD owners :owner') await heard(response('281605133', { messageId: otherId }));
    return table.update(key, change);
  };
  await settleItems({ ...ports, table: { ...table, update } });
  expect([await matchedBy(), await matchedBy(otherId)]).toEqual([[], ['id']]);
  expect(counted).toEqual([]);
});

test('of a carrier that writes every id in two ways no more than twenty are counted', async () => {
  for (let n = 1; n <= 25; n += 1) {
    const id = messageId.replace(/.{2}$/, String(10 + n));
    await acceptedMessage(ports, id);
    await heard(response((1_000_000 + n).toString(16), { messageId: id }), receipt(String(1_000_000 + n)));
    await settledAfter(deriveAfterMs);
    expect(await statusOf(id)).toBe('delivered');
  }
  const { relations } = await readCarrierState(table, carrier, ports.now());
  expect(relations).toEqual([{ relation: 'hex-to-decimal', matched: 20 }]);
  expect(counted).toHaveLength(25);
});

test('what another process learnt is known within a minute', async () => {
  const other = { ...ports, table: { ...table } };
  await heard(receipt('77777777', { from: '447700900555' }));
  await applyEvent(other, receipt('88888888', { from: '447700900555' }));
  await heard(response('10C8F40D'), receipt('281605133'));
  await settledAfter(deriveAfterMs);
  await acceptedMessage(ports, otherId);
  await applyEvent(other, response('10C8F40E', { messageId: otherId }));
  await applyEvent(other, receipt('281605134'));
  expect(await statusOf(otherId)).toBe('delivered');
});

test('every relation has a pair here', () => {
  expect(new Set(pairs.map(([, , relation]) => relation))).toEqual(new Set(idRelations));
});
