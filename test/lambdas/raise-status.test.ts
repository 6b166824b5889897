import { applyEvent } from '../../lambdas/apply-event.ts';
import { type Fact, recordFact } from '../../lambdas/facts.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { raiseStatus } from '../../lambdas/raise-status.ts';
import { type TestTable, useTable } from '../support/dynamo.ts';
import { messageId, receiptEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';

const newTable = useTable();
let table: TestTable;
let ports: TestPorts;

beforeEach(async () => {
  table = newTable();
  ports = testPorts(table);
  await acceptedMessage(ports, messageId);
});

const first = submittedEvent({ segment: 1, segments: 2 });
const second = submittedEvent({ segment: 2, segments: 2 });
const receipt: Fact = { ...receiptEvent({ state: 'undeliverable' }), messageId, segment: 2, matchedBy: 'id' };

/** The ports of one whose first read of the message is late: `meanwhile` happens between it and the write. */
function slowed(meanwhile: () => Promise<unknown>, blindTo?: Fact): TestPorts {
  let reads = 0;
  const partition: TestTable['partition'] = async (pk) => {
    reads += 1;
    const items = await table.partition(pk);
    if (reads > 1) return items;
    await meanwhile();
    return items.filter(({ sk }) => sk !== `event#${blindTo?.id}`);
  };
  return { ...ports, table: { ...table, partition } };
}

test('one who read fewer facts does not overwrite the status of one who read more', async () => {
  await recordFact(ports, first);
  const meanwhile = async () => {
    await recordFact(ports, second);
    await recordFact(ports, receipt);
    await raiseStatus(ports, messageId);
  };
  await raiseStatus(slowed(meanwhile), messageId);
  expect((await readMessage(table, messageId))?.row).toMatchObject({ status: 'undelivered', factCount: 3 });
  expect(publishedIds(ports)).toEqual([`${messageId}:sent`, `${messageId}:undelivered`]);
});

test('of two whose reads crossed, so that neither saw all, the one who is refused looks again', async () => {
  for (const fact of [first, second, receipt]) await recordFact(ports, fact);
  // A query is no snapshot: each may miss what was written while it ran.
  const other = slowed(async () => {}, first);
  const one = slowed(() => raiseStatus(other, messageId), second);
  const oneSawLess = { ...one, table: { ...one.table, partition: without(one.table.partition, receipt) } };
  await raiseStatus(oneSawLess, messageId);
  expect((await readMessage(table, messageId))?.row).toMatchObject({ status: 'undelivered', factCount: 3 });
  expect(publishedIds(ports)).toEqual([`${messageId}:sent`, `${messageId}:undelivered`]);
});

test('an event has the reference and the metadata of the client, in every status', async () => {
  const id = messageId.replace(/.$/, '0');
  const own = { reference: 'order 4711', metadata: { campaign: 'spring' } };
  await acceptedMessage(ports, id, own);
  for (const event of [submittedEvent({ messageId: id }), receiptEvent({ smscMessageId: `smsc-${id}-1` })]) {
    await applyEvent(ports, event);
  }
  expect(ports.published).toMatchObject([
    { type: 'sms.sent', data: own },
    { type: 'sms.delivered', data: own },
  ]);
});

test('a row that counts more facts than there are is a fault, not a loop', async () => {
  const counts = { update: 'SET factCount = :many', values: { ':many': 7 } };
  await table.update({ pk: `message#${messageId}`, sk: 'row' }, counts);
  await recordFact(ports, first);
  await expect(raiseStatus(ports, messageId)).rejects.toThrow('more facts than there are');
});

/** `partition`, of which the first read misses `fact`. */
function without(partition: TestTable['partition'], fact: Fact): TestTable['partition'] {
  let reads = 0;
  return async (pk) => {
    reads += 1;
    const items = await partition(pk);
    return reads > 1 ? items : items.filter(({ sk }) => sk !== `event#${fact.id}`);
  };
}
