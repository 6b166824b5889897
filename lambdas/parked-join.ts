import type { ReceiptEvent } from '#contract/connector-events.ts';
import { belongingOf } from './belonging.ts';
import { dueFor } from './facts.ts';
import { type Join, waitingOf } from './join.ts';
import type { Now, Table } from './ports.ts';
import { decideAfterMs } from './unanswered.ts';

interface JoinPorts {
  readonly table: Table;
  readonly now: Now;
}

/** How long after a receipt came its own response may be under way. Then other forms of its id are looked for, and its address counts no more. */
export const deriveAfterMs = 60_000;
const parkedMs = 24 * 3_600_000;
/** What a join has while receipts wait in it. */
const parking = 'dueShard, dueAt, parkedAt';

/** Those of `waiting` that have waited for a day. A time that lies ahead is a wrong clock's: it must not wait for ever. */
export function overdueOf(waiting: readonly ReceiptEvent[], now: number): ReceiptEvent[] {
  return waiting.filter(({ time }) => now >= Date.parse(time) + parkedMs || Date.parse(time) > now);
}

/** Whether it is looked after in time: whose receipt it is, of those that have its id, is decided sooner than who may have its id. */
export function isParked({ now }: JoinPorts, join: Join, waiting: readonly ReceiptEvent[]): boolean {
  if (join.dueAt === undefined) return false;
  return (
    join.dueAt <= now() + deriveAfterMs || waiting.every((receipt) => belongingOf(receipt, join).kind === 'nobody')
  );
}

/** Has `settle-due` look for an owner when it can be decided who it is. */
export async function park({ table, now }: JoinPorts, { key }: Join): Promise<void> {
  const due = dueFor(key, now() + deriveAfterMs);
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
function nextLookAt(join: Join, waiting: readonly ReceiptEvent[], now: number): number {
  const guessAt = (join.parkedAt ?? 0) + decideAfterMs;
  const times = waiting.map((receipt) => {
    const came = Date.parse(receipt.time);
    const isHad = belongingOf(receipt, join).kind !== 'nobody';
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
