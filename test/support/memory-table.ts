import type { Item } from '../../lambdas/ports.ts';
import type { TestTable } from './dynamo.ts';
import { changed, holds } from './expressions.ts';

/** Of DynamoDB: octets of an item's names and values. */
const maxItemBytes = 400 * 1024;

/** A table in this process's memory, a hundred times as fast as an emulator: for what must be tried in every order. */
export function memoryTable(initial: readonly Item[] = []): TestTable {
  const partitions = new Map<string, Map<string, Item>>();
  const put = (item: Item) => {
    const bytes = bytesOf(item);
    if (bytes > maxItemBytes) throw new ItemTooLargeError(bytes);
    const partition = partitions.get(item.pk) ?? new Map<string, Item>();
    partitions.set(item.pk, partition.set(item.sk, item));
  };
  for (const item of initial) put(item);
  const all = () => [...partitions.values()].flatMap((partition) => [...partition.values()]);
  return {
    name: 'in-memory',
    get: async ({ pk, sk }) => partitions.get(pk)?.get(sk),
    async create(item) {
      if (partitions.get(item.pk)?.has(item.sk)) return 'exists';
      put(item);
      return 'created';
    },
    async update({ pk, sk }, change) {
      const item = partitions.get(pk)?.get(sk);
      if (!holds(item ?? {}, change)) return 'refused';
      const after = changed(item ?? { pk, sk }, change);
      put(after);
      return after;
    },
    async partition(pk) {
      return [...(partitions.get(pk)?.values() ?? [])].sort((a, b) => (a.sk < b.sk ? -1 : 1));
    },
    async page(pk, { after, before, limit, where }) {
      const within = [...(partitions.get(pk)?.values() ?? [])].filter(({ sk }) => sk > after && sk < before);
      const looked = within.sort((a, b) => (a.sk < b.sk ? 1 : -1)).slice(0, limit);
      const items = looked.filter((item) => Object.entries(where).every(([name, value]) => item[name] === value));
      const last = looked.length === limit ? looked.at(-1)?.sk : undefined;
      return { items, ...(last !== undefined && { last }) };
    },
    async *due(shard, until) {
      const due = all().filter(({ dueShard, dueAt }) => dueShard === shard && Number(dueAt) <= until);
      yield* due.sort((a, b) => Number(a.dueAt) - Number(b.dueAt));
    },
    async all() {
      return all().sort((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
    },
  };
}

/** As DynamoDB refuses one. */
class ItemTooLargeError extends Error {
  override readonly name = 'ValidationException';

  constructor(bytes: number) {
    super(`Item size has exceeded the maximum allowed size: ${maxItemBytes}, got ${bytes}`);
  }
}

/** Of numbers what they take at the most. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'number') return 21;
  if (value instanceof Set || Array.isArray(value)) return sumOf([...value]);
  if (typeof value !== 'object' || value === null) return 1;
  return sumOf(Object.entries(value).flat());
}

function sumOf(values: readonly unknown[]): number {
  return values.reduce<number>((sum, value) => sum + bytesOf(value), 3);
}
