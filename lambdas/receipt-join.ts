import type { ReceiptEvent, SubmittedEvent } from '#contract/connector-events.ts';
import type { TableKey } from '#contract/table.ts';
import { matchesOf } from './applied-receipt.ts';
import { afterMs, type Owner } from './belonging.ts';
import { concurrently } from './concurrently.ts';
import { type AppliedReceipt, expiresAt, factKey } from './facts.ts';
import { folded, isFoundFoldedOnly } from './id-forms.ts';
import { type Join, openJoin, type StoredJoin } from './join.ts';
import { foldedKey, receiptKeys } from './join-keys.ts';
import type { Now, Table } from './ports.ts';

interface JoinPorts {
  readonly table: Table;
  readonly now: Now;
}

/** An id that so many share tells nothing, and its item must not grow without end. Only segments of one message may be more (quirk 24). */
export const maxSharing = 50;

/**
 * Of octets: as the nth a receipt of at most an nth of this is let in, the first one whatever its size (at most `maxEventListBytes`).
 * So 50 have 320 kB at most, 255 segments 50 kB, and an item of DynamoDB 400.
 */
const fairShareBytes = 75_000;

const readsAtOnce = 16;

/**
 * The joins of the segment's id; none when the SMSC gave none, or gave it to too many. An id that no receipt would find
 * by its forms is noted under what it is folded, too: before, so that it is there once the join is.
 */
export async function joinSubmitted(ports: JoinPorts, event: SubmittedEvent): Promise<Join[]> {
  const { messageId, segment, time, to } = event;
  const owner: Owner = { messageId, segment, time, ...(to !== undefined && { to }) };
  const { carrier, smscMessageId } = event;
  const addition = { set: 'owners' as const, added: owner, most: Math.max(maxSharing, event.segments) };
  if (isFoundFoldedOnly(smscMessageId))
    await add(ports, { ...addition, key: foldedKey(carrier, folded(smscMessageId)) });
  const keys = receiptKeys(carrier, smscMessageId);
  const joins = await Promise.all(keys.map((key) => add(ports, { ...addition, key })));
  return joins
    .filter((join) => join !== 'crowded')
    .map((join) => ({ ...join, matches: join.matches.filter((match) => isOf(match, owner)) }));
}

/** The join of the receipt's id, which is `key`, and whether the receipt is kept in it: not when too many wait there. */
export async function joinReceipt(
  ports: JoinPorts,
  event: ReceiptEvent,
  key: TableKey,
): Promise<{ readonly join: Join; readonly isKept: boolean }> {
  const fairShare = Math.floor(fairShareBytes / Buffer.byteLength(JSON.stringify(event)));
  const most = Math.min(maxSharing, Math.max(1, fairShare));
  const added = await add(ports, { key, set: 'receipts', added: event, most });
  const join = added === 'crowded' ? await openJoin(ports.table, (await ports.table.get(key)) ?? { ...key }) : added;
  return { join: { ...join, matches: matchesOf(join, [event]) }, isKept: added !== 'crowded' };
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

type JoinSet = 'owners' | 'receipts';

interface Addition {
  readonly key: TableKey;
  readonly set: JoinSet;
  readonly added: Owner | ReceiptEvent;
  /** How many the set may have with it. */
  readonly most: number;
}

/**
 * Adds to the join and reads it back; `crowded` when too many share the id at one time. Of an owner that is noted: if
 * the process dies before, its event comes again, and is refused again.
 */
async function add(ports: JoinPorts, addition: Addition): Promise<Join | 'crowded'> {
  let updated = await tryToAdd(ports, addition);
  if (updated === 'refused' && (await makeRoom(ports, addition))) updated = await tryToAdd(ports, addition);
  if (updated !== 'refused') return openJoin(ports.table, updated);
  if (addition.set === 'owners') await noteCrowd(ports, addition);
  return 'crowded';
}

/** The latest counts. */
async function noteCrowd({ table, now }: JoinPorts, { key, added }: Addition): Promise<void> {
  await table.update(key, {
    update: 'SET crowdedAt = :at, expiresAt = :expiresAt',
    condition: 'attribute_not_exists(crowdedAt) OR crowdedAt < :at',
    values: { ':at': Date.parse(added.time), ':expiresAt': expiresAt(now()) },
  });
}

/** Owners and receipts are sets of JSON texts: to add to a set needs no item, and is idempotent. */
function tryToAdd({ table, now }: JoinPorts, { key, set, added, most }: Addition) {
  const json = JSON.stringify(added);
  return table.update(key, {
    update: 'ADD #set :added SET expiresAt = :expiresAt',
    condition: 'attribute_not_exists(#set) OR size(#set) < :most OR contains(#set, :json)',
    names: { '#set': set },
    values: {
      ':added': new Set([json]),
      ':json': json,
      ':most': most,
      ':expiresAt': expiresAt(now()),
    },
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

function isOf(match: AppliedReceipt, { messageId, segment }: Owner): boolean {
  return match.messageId === messageId && match.segment === segment;
}
