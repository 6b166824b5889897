import type { TableKey } from '#contract/table.ts';
import { dueIndex } from '#contract/table.ts';
import { type TestTable, useTable } from '../support/dynamo.ts';

/** The table over an emulator, where the tests of its users do not come by. */

const newTable = useTable();
let table: TestTable;

beforeEach(async () => {
  table = newTable();
});

test(`the index ${dueIndex} brings all that is due of a shard over many pages, earliest first, and nothing else`, async () => {
  const numbers = Array.from({ length: 250 }, (_, index) => index);
  await Promise.all(
    numbers.map((n) =>
      table.create({ pk: `item#${n}`, sk: 'row', dueShard: n % 10 === 0 ? '2' : '1', dueAt: 1_000 - n }),
    ),
  );
  const keys: TableKey[] = [];
  for await (const key of table.due('1', 990)) keys.push(key);
  const expected = numbers.filter((n) => n % 10 !== 0 && n >= 10).toReversed();
  expect(keys.map(({ pk }) => pk)).toEqual(expected.map((n) => `item#${n}`));
});

test('what is removed from the index while it is read is left out or brought, and nothing else is missed', async () => {
  const numbers = Array.from({ length: 120 }, (_, index) => index);
  await Promise.all(numbers.map((n) => table.create({ pk: `item#${n}`, sk: 'row', dueShard: '1', dueAt: n })));
  const seen = new Set<string>();
  for await (const { pk, sk } of table.due('1', 1_000)) {
    seen.add(pk);
    await table.update({ pk, sk }, { update: 'REMOVE dueShard, dueAt' });
  }
  expect(seen.size).toBe(120);
});
