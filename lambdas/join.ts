import type { ReceiptEvent } from '#contract/connector-events.ts';
import type { TableKey } from '#contract/table.ts';
import { matchesOf } from './applied-receipt.ts';
import { belongingOf, type Having, type Owner } from './belonging.ts';
import type { AppliedReceipt } from './facts.ts';
import { rowKey, rowOf } from './messages.ts';
import type { Item, Table } from './ports.ts';

/**
 * Where a submit's response and its receipt meet: one item for each id that an SMSC gave out. Each adds itself
 * unconditionally and reads the item back, so whichever comes second sees both; there is no order and no race.
 *
 * What is promised (`belonging.ts` has the words), whatever comes first and however often:
 *
 *   - Of an id that one message has, it gets every receipt: at once, or after `deriveAfterMs` if the address is another's.
 *   - Of an id that several have, a receipt goes to the one whose recipient it fits best. If that comes within
 *     `deriveAfterMs` of the receipt, no other gets it, and every order ends the same.
 *   - A receipt that fits two equally well is the first one's if it came before the second had the id. Otherwise it is
 *     nobody's, and published. It is never both messages'.
 *   - A receipt that was given up, or given to one whom it does not fit, still is that one's who comes and fits.
 */
export interface Join extends Having {
  readonly key: TableKey;
  readonly receipts: readonly ReceiptEvent[];
  /** Ids of receipts for which nobody waits any more: published, or given to whom they do not fit. */
  readonly givenUp: ReadonlySet<string>;
  /** Set while a receipt waits for an owner: when to look for one, and then when to give up. */
  readonly dueAt: number | undefined;
  /** Since when; older ones do not have it. */
  readonly parkedAt: number | undefined;
  /** The receipt for which others were taken out last: then their number alone does not tell whether one came. */
  readonly trimmedFor: string | undefined;
  /** Each receipt with each segment to which it belongs; of a join just written to, those that this brought about. */
  readonly matches: readonly AppliedReceipt[];
}

export async function readJoin(table: Table, key: TableKey): Promise<Join | undefined> {
  const item = await table.get(key);
  return item && openJoin(table, item);
}

/** The receipts that wait for an owner, or for one whom they fit. */
export function waitingOf(join: Join): ReceiptEvent[] {
  return join.receipts.filter(
    (receipt) => !join.givenUp.has(receipt.id) && belongingOf(receipt, join).kind !== 'owned',
  );
}

/** The receipts without an owner, also those for which nobody waits any more; and those that wait although one has their id, but whose address is another's. */
export function orphansOf(join: Join): ReceiptEvent[] {
  return join.receipts.filter((receipt) => {
    const { kind } = belongingOf(receipt, join);
    return kind === 'nobody' || (kind === 'unlikely' && !join.givenUp.has(receipt.id));
  });
}

/** The join that a table's item is. */
export async function openJoin(table: Table, item: Item): Promise<Join> {
  const { pk, sk, dueAt, parkedAt, crowdedAt, trimmedFor, givenUp = new Set(), ...stored } = item as StoredJoin;
  const told = parseAll<Owner>(stored.owners);
  const isShared = told.some(({ messageId }) => messageId !== told[0]?.messageId);
  const owners = isShared ? await withRecipients(table, told) : told;
  const receipts = parseAll<ReceiptEvent>(stored.receipts);
  const matches = matchesOf({ owners, crowdedAt }, receipts);
  return { key: { pk, sk }, owners, crowdedAt, receipts, givenUp, dueAt, parkedAt, trimmedFor, matches };
}

/** Those of older connectors, and those that were found without a response, do not say to whom they were sent. */
export async function withRecipients(table: Table, owners: readonly Owner[]): Promise<readonly Owner[]> {
  return Promise.all(
    owners.map(async (owner) => {
      if (owner.to !== undefined) return owner;
      const row = await table.get(rowKey(owner.messageId));
      return row === undefined ? owner : { ...owner, to: rowOf(row).to };
    }),
  );
}

export type StoredJoin = TableKey & {
  readonly owners?: ReadonlySet<string>;
  readonly receipts?: ReadonlySet<string>;
  readonly givenUp?: ReadonlySet<string>;
  readonly dueAt?: number;
  readonly parkedAt?: number;
  readonly crowdedAt?: number;
  readonly trimmedFor?: string;
};

function parseAll<T>(set: ReadonlySet<string> = new Set()): T[] {
  return [...set].map((json) => JSON.parse(json) as T);
}
