import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * What DynamoDB charges for, as it describes it: an item is written by the kilobyte and read by four of them, and a
 * write that changes an index is a write there too.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */

/** An item on the wire. */
export type WireItem = Readonly<Record<string, AttributeValue>>;

export function itemBytes(item: WireItem): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + utf8(name) + valueBytes(value), 0);
}

export interface WriteUnits {
  readonly table: number;
  readonly index: number;
}

/** By the larger of the item before and after. What a refused condition spares is the index, not the write. */
export function writeUnits(
  before: WireItem | undefined,
  after: WireItem | undefined,
  indexKey: readonly string[],
): WriteUnits {
  const bytes = Math.max(before ? itemBytes(before) : 0, after ? itemBytes(after) : 0);
  return { table: Math.max(1, Math.ceil(bytes / 1_024)), index: indexWrites(before, after, indexKey) };
}

/** `bytes`: of all items that one call read. */
export function readUnits(bytes: number, consistent: boolean): number {
  const units = Math.max(1, Math.ceil(bytes / 4_096));
  return consistent ? units : units / 2;
}

/**
 *   entry before | after     | writes
 *   -------------+-----------+-------
 *   none         | none      | 0
 *   none         | there     | 1
 *   there        | none      | 1
 *   there        | the same  | 0  keys are all that is projected
 *   there        | another   | 2  one out, one in
 */
function indexWrites(before: WireItem | undefined, after: WireItem | undefined, key: readonly string[]): number {
  const old = entryOf(before, key);
  const fresh = entryOf(after, key);
  if (old === fresh) return 0;
  return old !== undefined && fresh !== undefined ? 2 : 1;
}

/** Sparse: an item that lacks a part of the key is not in the index. */
function entryOf(item: WireItem | undefined, key: readonly string[]): string | undefined {
  const values = key.map((name) => item?.[name]);
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return utf8(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.SS !== undefined) return value.SS.reduce((sum, text) => sum + utf8(text), 0);
  if (value.L !== undefined) return value.L.reduce((sum, each) => sum + 1 + valueBytes(each), 3);
  if (value.M !== undefined) return Object.keys(value.M).length + 3 + itemBytes(value.M);
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  throw new Error(`no size for a value of ${Object.keys(value).join()}`);
}

/** Two digits an octet, and one more; zeros at either end do not count. */
function numberBytes(text: string): number {
  const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1;
}

function utf8(text: string): number {
  return Buffer.byteLength(text);
}
