import { itemBytes, readUnits, type WireItem, writeUnits } from '../../bench/cost/capacity.ts';

const indexKey = ['dueShard', 'dueAt'];

function item(bytes: number, others: WireItem = {}): WireItem {
  const rest = bytes - itemBytes(others) - 'text'.length;
  return { ...others, text: { S: 'x'.repeat(rest) } };
}

function due(at: string): WireItem {
  return { dueShard: { S: '3' }, dueAt: { N: at } };
}

test.each<[string, WireItem, number]>([
  ['of a string by its octets', { name: { S: 'Grüße' } }, 4 + 7],
  ['of a number by two digits an octet, and one', { n: { N: '1795435200' } }, 1 + 4 + 1],
  ['of a number without the zeros at its ends', { n: { N: '-0.500' } }, 1 + 1 + 1],
  ['of a set by its members', { s: { SS: ['sent', 'delivered'] } }, 1 + 4 + 9],
  ['of a flag as one', { flag: { BOOL: true } }, 4 + 1],
  ['of a map by what is in it, three for itself and one for each', { m: { M: { a: { S: 'b' } } } }, 1 + 3 + 1 + 2],
  ['of a list by what is in it, three for itself and one for each', { l: { L: [{ S: 'ab' }] } }, 1 + 3 + 1 + 2],
])('the size is that %s', (_, given, bytes) => {
  expect(itemBytes(given)).toBe(bytes);
});

test('a size that nobody knows is an error, not a zero', () => {
  expect(() => itemBytes({ a: { B: new Uint8Array(1) } })).toThrow('no size for a value of B');
});

test('a write costs a unit for each kilobyte begun, of the larger of before and after', () => {
  expect(writeUnits(undefined, item(1_024), indexKey).table).toBe(1);
  expect(writeUnits(undefined, item(1_025), indexKey).table).toBe(2);
  expect(writeUnits(item(3_000), item(100), indexKey).table).toBe(3);
  expect(writeUnits(undefined, undefined, indexKey).table).toBe(1);
});

test.each<[string, WireItem, WireItem, number]>([
  ['which stays out of it', item(50), item(60), 0],
  ['that comes into it', item(50), item(50, due('1')), 1],
  ['that leaves it', item(50, due('1')), item(50), 1],
  ['that keeps its place', item(50, due('1')), item(60, due('1')), 0],
  ['that moves in it', item(50, due('1')), item(50, due('2')), 2],
  ['which has only a part of its key', item(50), item(50, { dueAt: { N: '1' } }), 0],
])('an item %s costs the index so many writes', (_, before, after, writes) => {
  expect(writeUnits(before, after, indexKey).index).toBe(writes);
});

test('a read costs a unit for each four kilobytes begun, half of it when it may be late', () => {
  expect(readUnits(0, true)).toBe(1);
  expect(readUnits(4_097, true)).toBe(2);
  expect(readUnits(4_096, false)).toBe(0.5);
});
