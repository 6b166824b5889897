import type { ConnectorEvent, ReceiptEvent } from '#contract/connector-events.ts';
import { userMessageReferenceOf } from '#contract/message-reference.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { graceMs, readMessage } from '../../lambdas/messages.ts';
import type { Item } from '../../lambdas/ports.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { decideAfterMs } from '../../lambdas/unanswered.ts';
import type { TestTable } from '../support/dynamo.ts';
import {
  at,
  expiredEvent,
  messageId,
  receiptEvent,
  rejectedEvent,
  sendingEvent,
  submittedEvent,
} from '../support/factories.ts';
import { acceptedMessage, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';

const otherId = messageId.replace(/.$/, 'f');
const day = 86_400_000;
const once = { guarantee: 'at-most-once' };
const long = { text: 'x'.repeat(200) };

let table: TestTable;
let ports: TestPorts;

beforeEach(() => {
  table = memoryTable();
  ports = testPorts(table);
});

/** A receipt whose id no response gave out. */
const stray = (given: Partial<ReceiptEvent> = {}) => receiptEvent({ smscMessageId: 'stray', ...given });
const referring = (segment: number, given: Partial<ReceiptEvent> = {}) =>
  stray({ userMessageReference: userMessageReferenceOf(messageId, segment), ...given });

async function heard(...events: readonly ConnectorEvent[]): Promise<void> {
  for (const event of events) await applyEvent(ports, event);
}

/** What comes of it when nothing more is heard for `ms`. */
async function settledAfter(ms: number): Promise<void> {
  ports.advance(ms);
  expect(await settleItems(ports)).toMatchObject({ failed: 0 });
}

const statusOf = async (id = messageId) => (await readMessage(table, id))?.row.status;
const receiptsOf = async (id = messageId) =>
  (await readMessage(table, id))?.history.flatMap((fact) =>
    fact.type === 'receipt' ? [{ segment: fact.segment, matchedBy: fact.matchedBy }] : [],
  );
const dueItems = async () => (await table.all()).filter(({ dueAt }) => dueAt !== undefined);

describe('a message that is sent at most once, of which the response was lost', () => {
  beforeEach(async () => {
    await acceptedMessage(ports, messageId, once);
    await heard(sendingEvent());
  });

  test('is delivered when its receipt comes, an hour after that, and nothing is due any more', async () => {
    await heard(stray());
    await settledAfter(decideAfterMs - 1);
    expect(await statusOf()).toBe('sending');
    await settledAfter(1);
    expect(await statusOf()).toBe('delivered');
    expect(ports.published.at(-1)).toMatchObject({
      id: `${messageId}:delivered`,
      type: 'sms.delivered',
      data: { status: 'delivered', stat: 'DELIVRD', matchedBy: 'recipient' },
    });
    expect(await dueItems()).toEqual([]);
  });

  test('is delivered after it was called uncertain, if the receipt comes so late', async () => {
    await settledAfter(day + graceMs);
    expect(await statusOf()).toBe('uncertain');
    await heard(stray({ time: at(86_400) }));
    await settledAfter(decideAfterMs);
    expect(await statusOf()).toBe('delivered');
  });

  test('gets what else names the id at once, from then on', async () => {
    await heard(stray({ state: 'enroute' }));
    await settledAfter(decideAfterMs);
    expect(await statusOf()).toBe('sending');
    await heard(stray({ time: at(7_200) }));
    expect(await statusOf()).toBe('delivered');
  });

  test('is undelivered when its receipt says so', async () => {
    await heard(stray({ state: 'undeliverable' }));
    await settledAfter(decideAfterMs);
    expect(await statusOf()).toBe('undelivered');
  });

  test('is matched by the id when its response comes before the receipt is decided, and that holds for ever', async () => {
    await heard(stray());
    ports.advance(decideAfterMs - 1);
    await heard(submittedEvent({ smscMessageId: 'stray' }));
    await settledAfter(day);
    expect(await receiptsOf()).toEqual([{ segment: 1, matchedBy: 'id' }]);
    expect(publishedIds(ports)).toEqual(['delivered', 'sending', 'sent'].map((key) => `${messageId}:${key}`));
  });

  test('stays as it is when its response comes after the receipt was decided', async () => {
    await heard(stray());
    await settledAfter(decideAfterMs);
    await heard(submittedEvent({ smscMessageId: 'stray' }));
    expect(await receiptsOf()).toEqual([{ segment: 1, matchedBy: 'recipient' }]);
    expect(publishedIds(ports)).toEqual(['delivered', 'sending', 'sent'].map((key) => `${messageId}:${key}`));
  });

  test('leaves the receipt to the message whose response gave the id, in the hour in which it can still come', async () => {
    await acceptedMessage(ports, otherId);
    await heard(stray());
    ports.advance(decideAfterMs - 1);
    await heard(submittedEvent({ messageId: otherId, smscMessageId: 'stray' }));
    await settledAfter(2 * day);
    expect(await receiptsOf()).toEqual([]);
    expect(await statusOf()).toBe('uncertain');
    expect(await statusOf(otherId)).toBe('delivered');
  });

  test('leaves it also when that response is heard while the receipt is being decided', async () => {
    await acceptedMessage(ports, otherId);
    await heard(stray());
    ports.advance(decideAfterMs);
    const update: TestTable['update'] = async (key, change) => {
      if (change.update === 'ADD owners :owner') {
        await heard(submittedEvent({ messageId: otherId, smscMessageId: 'stray' }));
      }
      return table.update(key, change);
    };
    await settleItems({ ...ports, table: { ...table, update } });
    expect(await receiptsOf()).toEqual([]);
    expect(await statusOf(otherId)).toBe('delivered');
    expect(await dueItems()).toMatchObject([{ sk: 'row' }]);
  });

  test.each([
    ['is written with "+"', { from: '+447700900123' }, 'delivered'],
    ['is written with "00"', { from: '00447700900123' }, 'delivered'],
    ['is written in a national form', { from: '07700900123' }, 'sending'],
    ['is another', { from: '447700900124' }, 'sending'],
  ])('whose receipt has a recipient that %s is %s', async (_, addresses, status) => {
    await heard(stray(addresses));
    await settledAfter(decideAfterMs);
    expect(await statusOf()).toBe(status);
  });

  test.each<[string, Partial<ReceiptEvent>]>([
    ['of another carrier', { carrier: 'beta' }],
    ['that names no id: it may be about any message', { smscMessageId: '' }],
    ['from a day and a second after', { time: at(86_402) }],
    ['from two minutes before', { time: at(-119) }],
    ['for another sender', { to: '12345' }],
  ])('is not given a receipt %s, which is published as unmatched', async (_, given) => {
    const receipt = stray(given);
    await heard(receipt);
    await settledAfter(day + 100_000_000);
    await settledAfter(day);
    expect(await receiptsOf()).toEqual([]);
    expect(publishedIds(ports)).toContain(`${receipt.id}:unmatched`);
  });

  test.each([
    ['4D2', '1234'],
    ['1234', '4d2'],
    ['00B8BE19', 'B8BE19'],
    ['STRAY', 'stray'],
    ['stray', '7374726179'],
  ])(
    'is not given a receipt whose id the response to another message of the recipient wrote as %s: %s (quirks 1 to 6)',
    async (smscMessageId, inReceipt) => {
      await acceptedMessage(ports, otherId);
      await heard(submittedEvent({ messageId: otherId, smscMessageId }), stray({ smscMessageId: inReceipt }));
      await settledAfter(decideAfterMs);
      expect(await statusOf()).toBe('sending');
    },
  );

  test('is given a receipt whose id a message to somebody else has in another form', async () => {
    await acceptedMessage(ports, otherId, { to: '+447700900124' });
    await heard(submittedEvent({ messageId: otherId, smscMessageId: 'STRAY' }), stray());
    await settledAfter(decideAfterMs);
    expect(await statusOf()).toBe('delivered');
  });

  test('is given one id, were there two that nobody knows', async () => {
    await heard(stray(), stray({ id: 'second', smscMessageId: 'second', state: 'undeliverable' }));
    await settledAfter(decideAfterMs);
    await settledAfter(decideAfterMs);
    expect(await receiptsOf()).toHaveLength(1);
  });
});

describe('of two messages to one recipient', () => {
  const accept = async (first = {}, second = {}) => {
    await acceptedMessage(ports, messageId, first);
    await acceptedMessage(ports, otherId, second);
  };
  const sending = () => heard(sendingEvent(), sendingEvent({ messageId: otherId }));

  test('none is given the receipt while both are unanswered', async () => {
    await accept(once, once);
    await sending();
    await heard(stray());
    await settledAfter(decideAfterMs);
    await settledAfter(2 * day);
    expect([await statusOf(), await statusOf(otherId)]).toEqual(['uncertain', 'uncertain']);
  });

  test('the one is given it when the other is answered by the time', async () => {
    await accept(once, once);
    await sending();
    await heard(stray());
    ports.advance(decideAfterMs - 1);
    await heard(submittedEvent({ messageId: otherId }));
    await settledAfter(1);
    expect([await statusOf(), await statusOf(otherId)]).toEqual(['delivered', 'sent']);
  });

  test('the one is given it at the last look, a day after, when the other was answered after the first', async () => {
    await accept(once, once);
    await sending();
    await heard(stray());
    await settledAfter(decideAfterMs);
    await heard(submittedEvent({ messageId: otherId }));
    await settledAfter(day);
    expect([await statusOf(), await statusOf(otherId)]).toEqual(['delivered', 'sent']);
    expect(publishedIds(ports).filter((id) => id.endsWith('unmatched'))).toEqual([]);
  });

  test.each<[string, ConnectorEvent]>([
    [
      'was answered, but may have been submitted twice',
      submittedEvent({ messageId: otherId, possibleDuplicate: true }),
    ],
    ['was refused, perhaps as a copy', rejectedEvent({ messageId: otherId })],
    ['was answered without an id', submittedEvent({ messageId: otherId, smscMessageId: '' })],
    ['ended perhaps submitted', expiredEvent({ messageId: otherId, possiblySubmitted: true })],
  ])('none is given it when the other, sent at least once, %s', async (_, event) => {
    await accept(once, {});
    await heard(sendingEvent(), event, stray());
    await settledAfter(decideAfterMs);
    expect(await receiptsOf()).toEqual([]);
    expect(await receiptsOf(otherId)).toEqual([]);
  });

  test('the one is given it whose reference it repeats', async () => {
    await accept(once, once);
    await sending();
    await heard(referring(1));
    await settledAfter(decideAfterMs);
    expect(await receiptsOf()).toEqual([{ segment: 1, matchedBy: 'reference' }]);
    expect(await receiptsOf(otherId)).toEqual([]);
  });
});

describe('of several receipts of one id', () => {
  beforeEach(async () => {
    await acceptedMessage(ports, messageId, once);
    await heard(sendingEvent());
  });
  const alsoToOther = async () => {
    await acceptedMessage(ports, otherId, once);
    await heard(sendingEvent({ messageId: otherId }));
  };
  const enroute = { id: 'enroute', state: 'enroute' } as const;

  test('one with a reference is enough for all', async () => {
    await alsoToOther();
    await heard(stray(enroute), referring(1));
    await settledAfter(decideAfterMs);
    expect(await receiptsOf()).toHaveLength(2);
    expect(await statusOf()).toBe('delivered');
  });

  test('none is given to anybody when their references are of two messages', async () => {
    await alsoToOther();
    await heard(stray({ ...enroute, userMessageReference: userMessageReferenceOf(otherId, 1) }), referring(1));
    await settledAfter(decideAfterMs);
    expect([await receiptsOf(), await receiptsOf(otherId)]).toEqual([[], []]);
  });

  test('none is given to anybody when they are for two recipients', async () => {
    await heard(stray(enroute), stray({ from: '447700900124' }));
    await settledAfter(decideAfterMs);
    expect(await receiptsOf()).toEqual([]);
  });
});

describe('a long message', () => {
  beforeEach(async () => {
    await acceptedMessage(ports, messageId, { ...once, ...long });
    await heard(sendingEvent(), submittedEvent({ segment: 1, segments: 2 }), receiptEvent());
  });

  test('is not given a receipt for its recipient: which segment it is about is not known', async () => {
    await heard(stray());
    await settledAfter(decideAfterMs);
    expect(await receiptsOf()).toHaveLength(1);
  });

  test('is delivered when receipts of all segments are there, one of them by its reference', async () => {
    await heard(referring(2));
    await settledAfter(decideAfterMs);
    expect(await receiptsOf()).toEqual([
      { segment: 1, matchedBy: 'id' },
      { segment: 2, matchedBy: 'reference' },
    ]);
    expect(await statusOf()).toBe('delivered');
  });
});

describe('a message that is sent at least once and ended perhaps submitted', () => {
  const perhaps = expiredEvent({ possiblySubmitted: true, time: at(86_400) });

  test('is given a receipt that came before, an hour after its end, though it was published as unmatched', async () => {
    await acceptedMessage(ports, messageId, { validitySeconds: 3 * 86_400 });
    const receipt = stray();
    await heard(receipt);
    await settledAfter(decideAfterMs);
    await settledAfter(day);
    expect(publishedIds(ports)).toEqual([`${receipt.id}:unmatched`]);
    await heard(perhaps);
    expect(await statusOf()).toBe('uncertain');
    await settledAfter(decideAfterMs - 1);
    expect(await statusOf()).toBe('uncertain');
    await settledAfter(1);
    expect(await statusOf()).toBe('delivered');
    expect(await dueItems()).toEqual([]);
  });

  test('is given a receipt that comes after', async () => {
    await acceptedMessage(ports, messageId);
    await heard(perhaps, stray({ time: at(86_500) }));
    await settledAfter(decideAfterMs);
    expect(await receiptsOf()).toEqual([{ segment: 1, matchedBy: 'recipient' }]);
    expect(await statusOf()).toBe('delivered');
  });
});

test.each([
  [50, 1],
  [51, 0],
])('of %d receipts with unknown ids, the message that ends after them is given %d', async (count, given) => {
  await acceptedMessage(ports, messageId);
  for (let n = 1; n <= count; n += 1) await heard(stray({ smscMessageId: `stray-${n}` }));
  await settledAfter(decideAfterMs);
  await heard(expiredEvent({ possiblySubmitted: true }));
  await settledAfter(decideAfterMs);
  expect(await receiptsOf()).toHaveLength(given);
});

test('of more than 200 messages to one recipient none is looked at', async () => {
  const ids = Array.from({ length: 201 }, (_, index) => messageId.replace(/.{4}$/, String(1_000 + index)));
  for (const id of ids) {
    await acceptedMessage(ports, id, once);
    await heard(sendingEvent({ messageId: id }));
    if (id !== ids[0]) await heard(submittedEvent({ messageId: id }));
  }
  await heard(stray());
  await settledAfter(decideAfterMs);
  expect(await statusOf(ids[0])).toBe('sending');
  // Those that had their time do not count.
  await table.update((await table.all()).find(({ sk }) => sk === `message#${ids[1]}`) as Item, {
    update: 'SET until = :past',
    values: { ':past': 0 },
  });
  await settledAfter(day);
  expect(await statusOf(ids[0])).toBe('delivered');
});
