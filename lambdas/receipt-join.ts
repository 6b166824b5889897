import type { ReceiptEvent, SubmittedEvent } from '#contract/connector-events.ts';
import type { TableKey } from '#contract/table.ts';
import { matchesOf } from './applied-receipt.ts';
import { afterMs, belongingOf, type Owner } from './belonging.ts';
import { concurrently } from './concurrently.ts';
import { type AppliedReceipt, dueFor, expiresAt, factKey } from './facts.ts';
import { folded, isFoundFoldedOnly } from './id-forms.ts';
import { foldedKey, receiptKeys } from './join-keys.ts';
import { rowKey, rowOf } from './messages.ts';
import type { Item, Now, Table } from './ports.ts';
import { decideAfterMs } from './unanswered.ts';

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
export interface Join {
  readonly key: TableKey;
  readonly owners: readonly Owner[];
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

interface JoinPorts {
  readonly table: Table;
  readonly now: Now;
}

/** An id that so many share tells nothing, and its item must not grow without end. */
export const maxSharing = 50;

/** How long after a receipt came its own response may be under way. Then other forms of its id are looked for, and its address counts no more. */
export const deriveAfterMs = 60_000;
const parkedMs = 24 * 3_600_000;
const readsAtOnce = 16;

/** What a join has while receipts wait in it. */
const parking = 'dueShard, dueAt, parkedAt';

/**
 * The joins of the segment's id; none when the SMSC gave none, or gave it to too many. An id that no receipt would find
 * by its forms is noted under what it is folded, too: before, so that it is there once the join is.
 */
export async function joinSubmitted(ports: JoinPorts, event: SubmittedEvent): Promise<Join[]> {
  const { messageId, segment, time, to } = event;
  const owner: Owner = { messageId, segment, time, ...(to !== undefined && { to }) };
  const { carrier, smscMessageId } = event;
  if (isFoundFoldedOnly(smscMessageId))
    await add(ports, { key: foldedKey(carrier, folded(smscMessageId)), set: 'owners', added: owner });
  const keys = receiptKeys(carrier, smscMessageId);
  const joins = await Promise.all(keys.map((key) => add(ports, { key, set: 'owners', added: owner })));
  return joins
    .filter((join) => join !== 'crowded')
    .map((join) => ({ ...join, matches: join.matches.filter((match) => isOf(match, owner)) }));
}

/**
 * The join of the receipt's id, and whether the receipt is kept in it: not when too many wait there. A receipt that
 * names no id gets a join of its own, to wait in.
 */
export async function joinReceipt(
  ports: JoinPorts,
  event: ReceiptEvent,
): Promise<{ readonly join: Join; readonly isKept: boolean }> {
  const [key = { pk: `receipt-without-id#${event.id}`, sk: 'join' }] = receiptKeys(event.carrier, event.smscMessageId);
  const added = await add(ports, { key, set: 'receipts', added: event });
  const join = added === 'crowded' ? await openJoin(ports.table, (await ports.table.get(key)) ?? { ...key }) : added;
  return { join: { ...join, matches: matchesOf(join.owners, [event]) }, isKept: added !== 'crowded' };
}

export async function readJoin(table: Table, key: TableKey): Promise<Join | undefined> {
  const item = await table.get(key);
  return item && openJoin(table, item);
}

/** The receipts that wait for an owner, or for one whom they fit. */
export function waitingOf({ owners, receipts, givenUp }: Join): ReceiptEvent[] {
  return receipts.filter((receipt) => !givenUp.has(receipt.id) && belongingOf(receipt, owners).kind !== 'owned');
}

/** The receipts without an owner, also those for which nobody waits any more; and those that wait although one has their id, but whose address is another's. */
export function orphansOf({ owners, receipts, givenUp }: Join): ReceiptEvent[] {
  return receipts.filter((receipt) => {
    const { kind } = belongingOf(receipt, owners);
    return kind === 'nobody' || (kind === 'unlikely' && !givenUp.has(receipt.id));
  });
}

/** All to whom a response gave the id, at whatever time. */
export async function ownersNamed(table: Table, carrier: string, smscMessageId: string): Promise<readonly Owner[]> {
  return ownersAt(table, receiptKeys(carrier, smscMessageId));
}

/** All to whom a response gave an id that is this one folded, of those that are to be found in this way only. */
export async function ownersFolded(table: Table, carrier: string, foldedId: string): Promise<readonly Owner[]> {
  return ownersAt(table, [foldedKey(carrier, foldedId)]);
}

/** Who was found by another form, or guessed, has no forms in turn: two steps lead from one SMSC's `A1` to its `353`. */
async function ownersAt(table: Table, keys: readonly TableKey[]): Promise<readonly Owner[]> {
  const joins = await Promise.all(keys.map((key) => readJoin(table, key)));
  const owners = joins.flatMap((join) => join?.owners ?? []);
  return withRecipients(
    table,
    owners.filter(({ matchedBy }) => matchedBy === undefined),
  );
}

/** Makes the segments owners of the id, unless a response did so with another since the join was read. The join as it is then. */
export async function giveTo(table: Table, join: Join, owners: readonly Owner[]): Promise<Join | 'refused'> {
  const count = join.owners.length;
  const updated = await table.update(join.key, {
    update: 'ADD owners :owner',
    condition: count === 0 ? 'attribute_not_exists(owners)' : 'size(owners) = :count',
    values: {
      ':owner': new Set(owners.map((owner) => JSON.stringify(owner))),
      ...(count > 0 && { ':count': count }),
    },
  });
  return updated === 'refused' ? updated : openJoin(table, updated);
}

/** Those of `waiting` that have waited for a day. A time that lies ahead is a wrong clock's: it must not wait for ever. */
export function overdueOf(waiting: readonly ReceiptEvent[], now: number): ReceiptEvent[] {
  return waiting.filter(({ time }) => now >= Date.parse(time) + parkedMs || Date.parse(time) > now);
}

/** Whether it is looked after in time: whose receipt it is, of those that have its id, is decided sooner than who may have its id. */
export function isParked({ now }: JoinPorts, { owners, dueAt }: Join, waiting: readonly ReceiptEvent[]): boolean {
  if (dueAt === undefined) return false;
  return dueAt <= now() + deriveAfterMs || waiting.every((receipt) => belongingOf(receipt, owners).kind === 'nobody');
}

/** Has `settle-due` look for an owner when it can be decided who it is. Where no id is named, that is never. */
export async function park({ table, now }: JoinPorts, { key, receipts }: Join): Promise<void> {
  const namesId = receipts.some(({ smscMessageId }) => smscMessageId !== '');
  const due = dueFor(key, now() + (namesId ? deriveAfterMs : parkedMs));
  await table.update(key, {
    update: 'SET dueShard = :shard, dueAt = :at, parkedAt = if_not_exists(parkedAt, :now)',
    condition: 'attribute_exists(pk)',
    values: { ':shard': due.dueShard, ':at': due.dueAt, ':now': now() },
  });
}

/** Nothing waits any more. Refused, rightly, when a receipt came since the join was read. */
export async function unpark({ table }: JoinPorts, join: Join): Promise<void> {
  await table.update(join.key, { update: `REMOVE ${parking}`, ...asRead(join) });
}

/** As long as no receipt came since the join was read. */
function asRead({ dueAt, receipts, trimmedFor }: Join) {
  const trimmed = trimmedFor === undefined ? 'attribute_not_exists(trimmedFor)' : 'trimmedFor = :trimmedFor';
  return {
    condition: `dueAt = :at AND size(receipts) = :count AND ${trimmed}`,
    values: { ':at': dueAt, ':count': receipts.length, ...(trimmedFor !== undefined && { ':trimmedFor': trimmedFor }) },
  };
}

/** When to look again for whom `waiting` receipts are: when other forms of the id may have an owner, when it can be guessed, at last when to give up. */
function nextLookAt({ owners, parkedAt = 0 }: Join, waiting: readonly ReceiptEvent[], now: number): number {
  const guessAt = parkedAt + decideAfterMs;
  const times = waiting.map((receipt) => {
    const came = Date.parse(receipt.time);
    const isHad = belongingOf(receipt, owners).kind !== 'nobody';
    if (isHad && came + deriveAfterMs > now)
      return Math.min(came + deriveAfterMs, Math.max(guessAt, now + deriveAfterMs));
    return now < guessAt ? guessAt : came + parkedMs;
  });
  return Math.min(...times);
}

/** Notes of `receipts` that nobody waits for them any more, and when to look for the others again. */
export async function giveUp({ table, now }: JoinPorts, join: Join, receipts: readonly ReceiptEvent[]): Promise<void> {
  const left = waitingOf(join).filter((waiting) => !receipts.includes(waiting));
  const due = left.length > 0 ? 'SET dueAt = :next' : `REMOVE ${parking}`;
  const { condition, values } = asRead(join);
  await table.update(join.key, {
    update: receipts.length > 0 ? `${due} ADD givenUp :ids` : due,
    condition,
    values: {
      ...values,
      ...(left.length > 0 && { ':next': nextLookAt(join, left, now()) }),
      ...(receipts.length > 0 && { ':ids': new Set(receipts.map(({ id }) => id)) }),
    },
  });
}

type JoinSet = 'owners' | 'receipts';

interface Addition {
  readonly key: TableKey;
  readonly set: JoinSet;
  readonly added: Owner | ReceiptEvent;
}

/** Adds to the join and reads it back; `crowded` when too many share the id at one time. */
async function add(ports: JoinPorts, addition: Addition): Promise<Join | 'crowded'> {
  let updated = await tryToAdd(ports, addition);
  if (updated === 'refused' && (await makeRoom(ports, addition))) updated = await tryToAdd(ports, addition);
  return updated === 'refused' ? 'crowded' : openJoin(ports.table, updated);
}

/** Owners and receipts are sets of JSON texts: to add to a set needs no item, and is idempotent. */
function tryToAdd({ table, now }: JoinPorts, { key, set, added }: Addition) {
  const json = JSON.stringify(added);
  return table.update(key, {
    update: 'ADD #set :added SET expiresAt = :expiresAt',
    condition: 'attribute_not_exists(#set) OR size(#set) < :max OR contains(#set, :json)',
    names: { '#set': set },
    values: { ':added': new Set([json]), ':json': json, ':max': maxSharing, ':expiresAt': expiresAt(now()) },
  });
}

/**
 * Takes out what nothing that comes now can belong to, repeats of one receipt but the first, and receipts for which all
 * is done: neither may an SMSC whose ids start over each day be crowded out by its own past, nor a message's last
 * receipt by those before it. Says whether there was any.
 */
async function makeRoom({ table, now }: JoinPorts, { key, set, added }: Addition): Promise<boolean> {
  const item = (await table.get(key)) ?? { ...key };
  const done = set === 'receipts' ? await doneWith(table, await openJoin(table, item)) : new Set<string>();
  const seen = new Set<string>();
  const spent = [...((item as StoredJoin)[set] ?? [])].filter((json) => {
    const { time, id } = JSON.parse(json) as { time: string; id?: string };
    const repeated = id !== undefined && seen.has(id);
    if (id !== undefined) seen.add(id);
    return repeated || (id !== undefined && done.has(id)) || Date.parse(time) + afterMs < now();
  });
  if (spent.length === 0) return false;
  const isTrim = 'id' in added;
  await table.update(key, {
    update: `DELETE #set :spent${done.size > 0 ? ', givenUp :done' : ''}${isTrim ? ' SET trimmedFor = :for' : ''}`,
    condition: 'attribute_exists(pk)',
    names: { '#set': set },
    values: {
      ':spent': new Set(spent),
      ...(done.size > 0 && { ':done': done }),
      ...(isTrim && { ':for': added.id }),
    },
  });
  return true;
}

/** Ids of the receipts that are facts of all the segments to which they belong, or for which nobody waits. */
async function doneWith(table: Table, { matches, givenUp }: Join): Promise<Set<string>> {
  const facts = await concurrently(matches, readsAtOnce, (match) => table.get(factKey(match)));
  const receiptOf = ({ id, segment }: AppliedReceipt) => id.slice(0, -`:${segment}`.length);
  const missing = new Set(matches.filter((_, index) => facts[index] === undefined).map(receiptOf));
  return new Set([...givenUp, ...matches.map(receiptOf)].filter((id) => !missing.has(id)));
}

async function openJoin(table: Table, item: Item): Promise<Join> {
  const { pk, sk, dueAt, parkedAt, trimmedFor, givenUp = new Set(), ...stored } = item as StoredJoin;
  const told = parseAll<Owner>(stored.owners);
  const isShared = told.some(({ messageId }) => messageId !== told[0]?.messageId);
  const owners = isShared ? await withRecipients(table, told) : told;
  const receipts = parseAll<ReceiptEvent>(stored.receipts);
  const matches = matchesOf(owners, receipts);
  return { key: { pk, sk }, owners, receipts, givenUp, dueAt, parkedAt, trimmedFor, matches };
}

/** Those of older connectors, and those that were found without a response, do not say to whom they were sent. */
async function withRecipients(table: Table, owners: readonly Owner[]): Promise<readonly Owner[]> {
  return Promise.all(
    owners.map(async (owner) => {
      if (owner.to !== undefined) return owner;
      const row = await table.get(rowKey(owner.messageId));
      return row === undefined ? owner : { ...owner, to: rowOf(row).to };
    }),
  );
}

type StoredJoin = TableKey & {
  readonly owners?: ReadonlySet<string>;
  readonly receipts?: ReadonlySet<string>;
  readonly givenUp?: ReadonlySet<string>;
  readonly dueAt?: number;
  readonly parkedAt?: number;
  readonly trimmedFor?: string;
};

function parseAll<T>(set: ReadonlySet<string> = new Set()): T[] {
  return [...set].map((json) => JSON.parse(json) as T);
}

function isOf(match: AppliedReceipt, { messageId, segment }: Owner): boolean {
  return match.messageId === messageId && match.segment === segment;
}
