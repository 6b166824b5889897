import { createHash } from 'node:crypto';
import type { ReceiptEvent, SubmittedEvent } from '#contract/connector-events.ts';
import type { TableKey } from '#contract/table.ts';
import { type AppliedReceipt, dueFor, expiresAt } from './facts.ts';
import type { Guess } from './owner-of-receipt.ts';
import type { Item, Now, Table } from './ports.ts';
import { decideAfterMs } from './unanswered.ts';

/**
 * Where a submit's response and its receipt meet: one item for each id that an SMSC gave out. Each adds itself
 * unconditionally and reads the item back, so whichever comes second sees both; there is no order and no race.
 */
export interface Join {
  readonly key: TableKey;
  readonly owners: readonly Owner[];
  readonly receipts: readonly ReceiptEvent[];
  /** Ids of receipts that subscribers were told to have no owner: nobody waits for one any more, should it come or not. */
  readonly givenUp: ReadonlySet<string>;
  /** Set while a receipt waits for an owner: when to look for one, and then when to give up. */
  readonly dueAt: number | undefined;
  /** Each receipt with each segment to which it belongs; of a join just written to, those that this brought about. */
  readonly matches: readonly AppliedReceipt[];
}

/** A segment to which the SMSC gave the id, or (with `matchedBy`) must have given it, in a response that was not heard. */
type Owner = Pick<Guess, 'messageId' | 'segment' | 'time'> & Partial<Guess>;

interface JoinPorts {
  readonly table: Table;
  readonly now: Now;
}

/** An id that so many share tells nothing, and its item must not grow without end. */
export const maxSharing = 50;

const parkedMs = 24 * 3_600_000;

/**
 * An SMSC starts its ids over some day. A receipt belongs to a segment if it came within this span around the
 * segment's acceptance: before it by at most the longest response time-out, after it by the longest validity and
 * the days for which an SMSC keeps receipts. Within the span every owner of the id gets it, whichever came first.
 */
const beforeMs = 3_600_000;
const afterMs = 10 * 86_400_000;

/** The items under which a response and its receipts look for each other. */
export function receiptKeys(carrier: string, smscMessageId: string): TableKey[] {
  if (smscMessageId === '') return [];
  return [{ pk: `receipt#${carrier}#${shorten(smscMessageId)}`, sk: 'join' }];
}

/** The joins of the segment's id; none when the SMSC gave none, or gave it to too many. */
export async function joinSubmitted(ports: JoinPorts, event: SubmittedEvent): Promise<Join[]> {
  const { messageId, segment, time } = event;
  const owner: Owner = { messageId, segment, time };
  const keys = receiptKeys(event.carrier, event.smscMessageId);
  const joins = await Promise.all(keys.map((key) => add(ports, key, 'owners', owner)));
  return joins
    .filter((join) => join !== 'crowded')
    .map((join) => ({ ...join, matches: matchesOf([owner], join.receipts) }));
}

/** The joins of the receipt's id. A receipt that names none gets a join of its own, to wait in. */
export async function joinReceipt(ports: JoinPorts, event: ReceiptEvent): Promise<Join[] | 'crowded'> {
  const named = receiptKeys(event.carrier, event.smscMessageId);
  const keys = named.length > 0 ? named : [{ pk: `receipt-without-id#${event.id}`, sk: 'join' }];
  const joins = await Promise.all(keys.map((key) => add(ports, key, 'receipts', event)));
  const open = joins.filter((join) => join !== 'crowded');
  if (open.length < joins.length) return 'crowded';
  return open.map((join) => ({ ...join, matches: matchesOf(join.owners, [event]) }));
}

export async function readJoin(table: Table, key: TableKey): Promise<Join | undefined> {
  const item = await table.get(key);
  return item && joinOf(item);
}

export function isJoinKey({ sk }: TableKey): boolean {
  return sk === 'join';
}

/** The receipts that wait for an owner. */
export function waitingOf(join: Join): ReceiptEvent[] {
  return orphansOf(join).filter(({ id }) => !join.givenUp.has(id));
}

/** The receipts without an owner, also those for which nobody waits any more. */
export function orphansOf({ owners, receipts }: Join): ReceiptEvent[] {
  return receipts.filter((receipt) => !owners.some((owner) => belongs(receipt, owner)));
}

/** The messages to which the receipt belongs by the id that it names. */
export async function ownersOf(table: Table, receipt: ReceiptEvent): Promise<string[]> {
  const keys = receiptKeys(receipt.carrier, receipt.smscMessageId);
  const joins = await Promise.all(keys.map((key) => readJoin(table, key)));
  const owners = joins.flatMap((join) => join?.owners ?? []);
  return owners.filter((owner) => belongs(receipt, owner)).map(({ messageId }) => messageId);
}

/** Makes the segment an owner of the id, unless a response did so with another since the join was read. The join as it is then. */
export async function giveTo(table: Table, join: Join, owner: Guess): Promise<Join> {
  const count = join.owners.length;
  const updated = await table.update(join.key, {
    update: 'ADD owners :owner',
    condition: count === 0 ? 'attribute_not_exists(owners)' : 'size(owners) = :count',
    values: { ':owner': new Set([JSON.stringify(owner)]), ...(count > 0 && { ':count': count }) },
  });
  if (updated !== 'refused') return joinOf(updated);
  return (await readJoin(table, join.key)) ?? join;
}

/** Those of `waiting` that have waited for a day. A time that lies ahead is a wrong clock's: it must not wait for ever. */
export function overdueOf(waiting: readonly ReceiptEvent[], now: number): ReceiptEvent[] {
  return waiting.filter(({ time }) => now >= Date.parse(time) + parkedMs || Date.parse(time) > now);
}

/** Has `settle-due` look for an owner when it can be decided who it is. Where no id is named, that is never. */
export async function park({ table, now }: JoinPorts, { key, receipts }: Join): Promise<void> {
  const namesId = receipts.some(({ smscMessageId }) => smscMessageId !== '');
  const { dueShard, dueAt } = dueFor(key, now() + (namesId ? decideAfterMs : parkedMs));
  await table.update(key, {
    update: 'SET dueShard = :shard, dueAt = :at',
    condition: 'attribute_exists(pk)',
    values: { ':shard': dueShard, ':at': dueAt },
  });
}

/** Nothing waits any more. Refused, rightly, when a receipt came since the join was read. */
export async function unpark({ table }: JoinPorts, { key, dueAt, receipts }: Join): Promise<void> {
  await table.update(key, {
    update: 'REMOVE dueShard, dueAt',
    condition: 'dueAt = :at AND size(receipts) = :count',
    values: { ':at': dueAt, ':count': receipts.length },
  });
}

/** Notes that subscribers were told of `receipts`. Of those that wait on, the eldest says when to look again. */
export async function giveUp({ table }: JoinPorts, join: Join, receipts: readonly ReceiptEvent[]): Promise<void> {
  const left = waitingOf(join).filter((waiting) => !receipts.includes(waiting));
  const next = Math.min(...left.map(({ time }) => Date.parse(time))) + parkedMs;
  const due = left.length > 0 ? 'SET dueAt = :next' : 'REMOVE dueShard, dueAt';
  await table.update(join.key, {
    update: receipts.length > 0 ? `${due} ADD givenUp :ids` : due,
    condition: 'dueAt = :at AND size(receipts) = :count',
    values: {
      ':at': join.dueAt,
      ':count': join.receipts.length,
      ...(left.length > 0 && { ':next': next }),
      ...(receipts.length > 0 && { ':ids': new Set(receipts.map(({ id }) => id)) }),
    },
  });
}

type JoinSet = 'owners' | 'receipts';

/** Adds to the join and reads it back; `crowded` when too many share the id at one time. */
async function add(ports: JoinPorts, key: TableKey, set: JoinSet, added: Owner | ReceiptEvent) {
  let updated = await tryToAdd(ports, key, set, added);
  if (updated === 'refused' && (await makeRoom(ports, key, set))) updated = await tryToAdd(ports, key, set, added);
  return updated === 'refused' ? 'crowded' : joinOf(updated);
}

/** Owners and receipts are sets of JSON texts: to add to a set needs no item, and is idempotent. */
function tryToAdd({ table, now }: JoinPorts, key: TableKey, set: JoinSet, added: Owner | ReceiptEvent) {
  const json = JSON.stringify(added);
  return table.update(key, {
    update: 'ADD #set :added SET expiresAt = :expiresAt',
    condition: 'attribute_not_exists(#set) OR size(#set) < :max OR contains(#set, :json)',
    names: { '#set': set },
    values: { ':added': new Set([json]), ':json': json, ':max': maxSharing, ':expiresAt': expiresAt(now()) },
  });
}

/**
 * Takes out what nothing that comes now can belong to, and repeats of one receipt but the first: an SMSC whose ids
 * start over each day must not be crowded out by its own past. Says whether there was any.
 */
async function makeRoom({ table, now }: JoinPorts, key: TableKey, set: JoinSet): Promise<boolean> {
  const item = (await table.get(key)) as StoredJoin | undefined;
  const seen = new Set<string>();
  const spent = [...(item?.[set] ?? [])].filter((json) => {
    const { time, id } = JSON.parse(json) as { time: string; id?: string };
    const repeated = id !== undefined && seen.has(id);
    if (id !== undefined) seen.add(id);
    return repeated || Date.parse(time) + afterMs < now();
  });
  if (spent.length === 0) return false;
  await table.update(key, {
    update: 'DELETE #set :spent',
    condition: 'attribute_exists(pk)',
    names: { '#set': set },
    values: { ':spent': new Set(spent) },
  });
  return true;
}

function joinOf(item: Item): Join {
  const { pk, sk, dueAt, givenUp = new Set(), ...stored } = item as StoredJoin;
  const owners = parseAll<Owner>(stored.owners);
  const receipts = parseAll<ReceiptEvent>(stored.receipts);
  return { key: { pk, sk }, owners, receipts, givenUp, dueAt, matches: matchesOf(owners, receipts) };
}

function matchesOf(owners: readonly Owner[], receipts: readonly ReceiptEvent[]): AppliedReceipt[] {
  // Of a segment that a response named too: what is stored first stays.
  const surest = owners.toSorted((a, b) => Number(a.matchedBy !== undefined) - Number(b.matchedBy !== undefined));
  return receipts.flatMap((receipt) =>
    surest.filter((owner) => belongs(receipt, owner)).map((owner) => apply(receipt, owner)),
  );
}

type StoredJoin = TableKey & {
  readonly owners?: ReadonlySet<string>;
  readonly receipts?: ReadonlySet<string>;
  readonly givenUp?: ReadonlySet<string>;
  readonly dueAt?: number;
};

function parseAll<T>(set: ReadonlySet<string> = new Set()): T[] {
  return [...set].map((json) => JSON.parse(json) as T);
}

function belongs(receipt: ReceiptEvent, owner: Owner): boolean {
  const laterMs = Date.parse(receipt.time) - Date.parse(owner.time);
  return laterMs >= -beforeMs && laterMs <= afterMs;
}

function apply(receipt: ReceiptEvent, { messageId, segment, segments, matchedBy }: Owner): AppliedReceipt {
  const applied = { ...receipt, id: `${receipt.id}:${segment}`, messageId, segment };
  return { ...applied, ...(segments !== undefined && { segments }), matchedBy: matchedBy ?? 'id' };
}

/** A key's size has a limit, an SMSC's id has none. */
function shorten(smscMessageId: string): string {
  const longest = 200;
  return smscMessageId.length <= longest ? smscMessageId : createHash('sha256').update(smscMessageId).digest('hex');
}
