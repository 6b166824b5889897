import { randomUUID } from 'node:crypto';
import { unmatchedReceiptEvent as unmatchedSchema } from '#contract/cloud-events.ts';
import type { ReceiptEvent } from '#contract/connector-events.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { graceMs, readMessage } from '../../lambdas/messages.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import type { TestTable } from '../support/dynamo.ts';
import { at, messageId, receiptEvent, sendingEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, dyingAt, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';

let table: TestTable;
let ports: TestPorts;

beforeEach(() => {
  table = memoryTable();
  ports = testPorts(table);
});

const day = 86_400_000;
const allDone = (done: number) => ({ done, failed: 0, leftOver: false });
const rowOf = async (id: string) => (await readMessage(table, id))?.row;
const dueItems = async () => (await table.all()).filter(({ dueAt }) => dueAt !== undefined);

describe('a message', () => {
  test('without an outcome expires when its validity and the grace are over, not before', async () => {
    await acceptedMessage(ports, messageId);
    ports.advance(day + graceMs - 1);
    expect(await settleItems(ports)).toEqual(allDone(0));
    ports.advance(1);
    expect(await settleItems(ports)).toEqual(allDone(1));
    expect(await rowOf(messageId)).toMatchObject({ status: 'expired' });
    expect(ports.published).toMatchObject([
      {
        id: `${messageId}:settled-expired`,
        type: 'sms.expired',
        data: { settled: true, reason: 'its validity is over, and no outcome was heard' },
      },
    ]);
    expect(await settleItems(ports)).toEqual(allDone(0));
  });

  test('that was given up is sent when a submitted comes later, and its receipt does the rest', async () => {
    await acceptedMessage(ports, messageId);
    ports.advance(day + graceMs);
    await settleItems(ports);
    await applyEvent(ports, submittedEvent());
    expect(await rowOf(messageId)).toMatchObject({ status: 'sent' });
    await applyEvent(ports, receiptEvent());
    expect(await rowOf(messageId)).toMatchObject({ status: 'delivered' });
    expect(publishedIds(ports)).toEqual(['delivered', 'sent', 'settled-expired'].map((key) => `${messageId}:${key}`));
  });

  test('that was about to be sent at most once is uncertain when nothing was heard of it', async () => {
    await acceptedMessage(ports, messageId, { guarantee: 'at-most-once' });
    await applyEvent(ports, sendingEvent());
    ports.advance(day + graceMs);
    await settleItems(ports);
    expect(await rowOf(messageId)).toMatchObject({ status: 'uncertain' });
    expect(ports.published.map(({ type }) => type)).toEqual(['sms.sending', 'sms.uncertain']);
  });

  test('that was sent and wants no receipts is not due any more', async () => {
    await acceptedMessage(ports, messageId, { receipt: false });
    await applyEvent(ports, submittedEvent({ receiptExpected: false }));
    ports.advance(10 * day);
    expect(await settleItems(ports)).toEqual(allDone(0));
  });

  test('of which a handler died between the fact and the row is sent, not expired', async () => {
    await acceptedMessage(ports, messageId);
    await expect(applyEvent(dyingAt(ports, { call: 3, when: 'before' }), submittedEvent())).rejects.toThrow();
    ports.advance(day + graceMs);
    await settleItems(ports);
    expect(await rowOf(messageId)).toMatchObject({ status: 'sent' });
    expect(publishedIds(ports)).toEqual([`${messageId}:sent`]);
    expect((await readMessage(table, messageId))?.history).toHaveLength(1);
  });
});

describe('a text that is kept shorter than its row', () => {
  const sent = async (retainTextDays: number) => {
    await acceptedMessage({ ...ports, retainTextDays }, messageId);
    await applyEvent(ports, submittedEvent());
  };

  test('is forgotten when its days are over, not before, and nothing is due after that', async () => {
    await sent(7);
    await applyEvent(ports, receiptEvent());
    ports.advance(7 * day - 1);
    expect(await settleItems(ports)).toEqual(allDone(0));
    expect(await rowOf(messageId)).toMatchObject({ text: 'Hello' });
    ports.advance(1);
    expect(await settleItems(ports)).toEqual(allDone(1));
    expect(await rowOf(messageId)).toMatchObject({ text: '', status: 'delivered', segments: 1 });
    expect(await dueItems()).toEqual([]);
  });

  test('stays forgotten when a receipt comes later', async () => {
    await sent(1);
    ports.advance(day);
    await settleItems(ports);
    await applyEvent(ports, receiptEvent());
    expect(await rowOf(messageId)).toMatchObject({ text: '', status: 'delivered' });
    expect(await dueItems()).toEqual([]);
  });

  test('stays until there is an outcome: the lane has it as long anyway', async () => {
    await acceptedMessage({ ...ports, retainTextDays: 1 }, messageId, { validitySeconds: 3 * 86_400 });
    ports.advance(3 * day + graceMs - 1);
    await settleItems(ports);
    expect(await rowOf(messageId)).toMatchObject({ text: 'Hello', status: 'queued' });
    ports.advance(1);
    for (let run = 1; run <= 2; run += 1) await settleItems(ports);
    expect(await rowOf(messageId)).toMatchObject({ text: '', status: 'expired' });
    expect(await dueItems()).toEqual([]);
  });

  test('is forgotten also while receipts are waited for, and they are waited for on', async () => {
    await sent(1);
    ports.advance(day);
    expect(await settleItems(ports)).toEqual(allDone(1));
    expect(await rowOf(messageId)).toMatchObject({ text: '', status: 'sent', dueAt: Date.parse(at(2)) + 3 * day });
    ports.advance(2 * day + 2_000);
    expect(await settleItems(ports)).toEqual(allDone(1));
    expect(await rowOf(messageId)).toMatchObject({ text: '', status: 'unconfirmed' });
    expect(await dueItems()).toEqual([]);
  });

  test('is never due when it is kept as long as its row', async () => {
    await sent(90);
    await applyEvent(ports, receiptEvent());
    expect(await dueItems()).toEqual([]);
  });
});

describe('a receipt that finds no message', () => {
  const came = (given: Partial<ReceiptEvent> = {}) => receiptEvent({ time: at(0), ...given });

  test('is published as unmatched after a day, with all that the SMSC said, and once', async () => {
    const receipt = came({
      smscMessageId: '17',
      submitDate: '2601010000',
      networkErrorCode: '0003',
      userMessageReference: 7,
    });
    await applyEvent(ports, receipt);
    ports.advance(day - 1);
    // Its message is looked for once, in vain.
    expect(await settleItems(ports)).toEqual(allDone(1));
    expect(ports.published).toEqual([]);
    ports.advance(1);
    expect(await settleItems(ports)).toEqual(allDone(1));
    ports.advance(day);
    expect(await settleItems(ports)).toEqual(allDone(0));
    const { id: receiptId, type: _, time, ...words } = receipt;
    expect(ports.published).toEqual([
      {
        specversion: '1.0',
        id: `${receiptId}:unmatched`,
        source: '/carriers/acme',
        type: 'sms.receipt.unmatched',
        dataschema: unmatchedSchema.shape.dataschema.unwrap().value,
        subject: '17',
        time,
        datacontenttype: 'application/json',
        data: { receiptId, ...words, reason: 'no-message' },
      },
    ]);
  });

  test('is published without a subject when it names no id', async () => {
    await applyEvent(ports, came({ smscMessageId: '' }));
    ports.advance(day);
    await settleItems(ports);
    expect(ports.published).toEqual([expect.not.objectContaining({ subject: expect.anything() })]);
  });

  test('stays due until the topic took it', async () => {
    await applyEvent(ports, came());
    ports.advance(day);
    const topic = { publish: () => Promise.reject(new Error('topic is away')) };
    expect(await settleItems({ ...ports, topic })).toEqual({ done: 0, failed: 1, leftOver: false });
    expect(await settleItems(ports)).toEqual(allDone(1));
    expect(ports.published).toHaveLength(1);
  });

  test('waits a day of its own when another of the same id came before it', async () => {
    await applyEvent(ports, came({ id: 'first' }));
    ports.advance(day / 2);
    await applyEvent(ports, came({ id: 'second', state: 'enroute', time: at(43_200) }));
    ports.advance(day / 2);
    await settleItems(ports);
    expect(publishedIds(ports)).toEqual(['first:unmatched']);
    ports.advance(day / 2);
    await settleItems(ports);
    expect(publishedIds(ports)).toEqual(['first:unmatched', 'second:unmatched']);
    expect(await dueItems()).toEqual([]);
  });

  test('waits its day also when it comes while another of the same id is being given up', async () => {
    await applyEvent(ports, came({ id: 'first' }));
    ports.advance(day);
    const second = came({ id: 'second', state: 'enroute', time: at(86_400) });
    const publish: TestPorts['topic']['publish'] = async (event) => {
      await applyEvent(ports, second);
      await ports.topic.publish(event);
    };
    await settleItems({ ...ports, topic: { publish } });
    ports.advance(day);
    for (let run = 1; run <= 2; run += 1) await settleItems(ports);
    expect(publishedIds(ports)).toEqual(['first:unmatched', 'second:unmatched']);
    expect(await dueItems()).toEqual([]);
  });

  test('does not wait for ever when a wrong clock stamped it', async () => {
    await applyEvent(ports, came({ time: '2099-01-01T00:00:00Z' }));
    ports.advance(day);
    await settleItems(ports);
    expect(ports.published).toHaveLength(1);
  });

  test('that is told again after it was published waits no second time', async () => {
    await applyEvent(ports, came());
    ports.advance(day);
    await settleItems(ports);
    await applyEvent(ports, came());
    expect(await dueItems()).toEqual([]);
  });
});

describe('a run', () => {
  const acceptMany = async (count: number) => {
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const id of ids) await acceptedMessage(ports, id);
    ports.advance(day + graceMs);
    return ids;
  };

  test('settles a thousand due messages, at most 32 at once', async () => {
    const ids = await acceptMany(1_000);
    let [now, most] = [0, 0];
    const partition: TestTable['partition'] = async (pk) => {
      now += 1;
      most = Math.max(most, now);
      const items = await table.partition(pk);
      now -= 1;
      return items;
    };
    expect(await settleItems({ ...ports, table: { ...table, partition } })).toEqual(allDone(1_000));
    expect(publishedIds(ports)).toEqual(ids.map((id) => `${id}:settled-expired`).sort());
    expect(await dueItems()).toEqual([]);
    expect(most).toBeGreaterThan(8);
    expect(most).toBeLessThanOrEqual(32);
  });

  test('whose time is up begins nothing new, says so, and leaves the rest to the next', async () => {
    const ids = await acceptMany(100);
    let begun = 0;
    const first = await settleItems(ports, () => {
      begun += 1;
      return begun <= 30;
    });
    expect(first).toEqual({ done: 30, failed: 0, leftOver: true });
    expect(await dueItems()).toHaveLength(70);
    expect(await settleItems(ports)).toEqual(allDone(70));
    expect(publishedIds(ports)).toEqual(ids.map((id) => `${id}:settled-expired`).sort());
  });

  test('settles all else when one item fails, and names that one', async () => {
    const [bad] = await acceptMany(20);
    const partition: TestTable['partition'] = (pk) =>
      pk === `message#${bad}` ? Promise.reject(new Error('throttled')) : table.partition(pk);
    expect(await settleItems({ ...ports, table: { ...table, partition } })).toMatchObject({ done: 19, failed: 1 });
    expect(ports.logged).toEqual([expect.stringContaining(`message#${bad}`)]);
  });

  test('that cannot read a shard of the index settles the others', async () => {
    await acceptMany(50);
    const due: TestTable['due'] = async function* (shard, until) {
      if (shard === '3') throw new Error('throttled');
      yield* table.due(shard, until);
    };
    const { done, failed } = await settleItems({ ...ports, table: { ...table, due } });
    expect(failed).toBeGreaterThan(0);
    expect(done).toBe(50 - (await dueItems()).length);
    expect(done).toBeGreaterThan(0);
  });
});
