import fc from 'fast-check';
import type { Item } from '../../lambdas/ports.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { type Dynamo, startDynamo, type TestTable } from '../support/dynamo.ts';
import { carrierStateEvent, messageId } from '../support/factories.ts';
import { acceptedMessage, testPorts } from '../support/lambda-ports.ts';
import { anyLife, eventsOf, type Life } from '../support/lives.ts';
import { memoryTable } from '../support/memory-table.ts';
import { anyStorm, recordsOf, type Storm, trackThroughCrashes } from '../support/storms.ts';

/** The table in memory, on which orders and crashes are tried, does what DynamoDB's emulator does with the same calls. */

let dynamo: Dynamo;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

/** All items that a life leaves, in the order of their keys. */
async function itemsAfter(table: TestTable, life: Life, crashes: Storm['crashes']): Promise<Item[]> {
  const ports = testPorts(table);
  await acceptedMessage({ ...ports, retainTextDays: 1 }, messageId);
  // One at a time: calls that are made at once may come in another order the next time.
  for (const record of recordsOf([...eventsOf(life, messageId), carrierStateEvent()], 1)) {
    await trackThroughCrashes(ports, [record], crashes);
  }
  ports.advance(2 * 86_400_000);
  for (let run = 1; run <= 2; run += 1) await settleItems(ports);
  const keyOf = ({ pk, sk }: Item) => `${pk} ${sk}`;
  return (await table.all()).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

test('any life, with crashes, leaves the same items in memory as in the emulator', async () => {
  const property = fc.asyncProperty(anyLife(3, 4), anyStorm, async (life, { crashes }) => {
    const inMemory = await itemsAfter(memoryTable(), life, crashes);
    expect(await itemsAfter(await dynamo.newTable(), life, crashes)).toEqual(inMemory);
  });
  await fc.assert(property, { numRuns: 7 });
});
