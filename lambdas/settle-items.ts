import type { MessageStatus } from '#contract/status.ts';
import { dueShards, type TableKey } from '#contract/table.ts';
import { toError } from '#contract/to-error.ts';
import { adopt, joinsOfRecipient } from './adopt-receipts.ts';
import { applyFact, applyJoin, type ProjectionPorts } from './apply-event.ts';
import { factOf, isFactKey, partitionOf, type Verdict } from './facts.ts';
import { describeError } from './log.ts';
import { forgetText, isRowKey, readMessage } from './messages.ts';
import { raiseStatus } from './raise-status.ts';
import { giveUp, isJoinKey, overdueOf, readJoin, waitingOf } from './receipt-join.ts';
import { hasOutcome, rollUp } from './roll-up.ts';
import { isUnansweredKey, markLookedFor } from './unanswered.ts';
import { unmatchedReceiptEvent } from './unmatched-receipt-event.ts';

export interface Settled {
  readonly done: number;
  readonly failed: number;
  /** Time was up before all that is due was settled: the rest is for the next run. */
  readonly leftOver: boolean;
}

/** Of each shard. Calls to the table and the topic are what takes the time; the SDK makes 50 at once. */
const itemsAtOnce = 4;

/**
 * Settles what fell due, the one owner of time:
 *
 *   a fact not completely handled        handled again
 *   a message without an outcome         `uncertain` if it was about to be sent at most once, else `expired`
 *   a message that has one               its text is forgotten, where texts are kept for a shorter time than rows
 *   receipts that wait for their message given to the only message that they can be about; after a day without
 *                                        one published as unmatched
 *   a message that ended unanswered      given the receipts that came before its end
 *
 * The index may be late, so each item is read before anything is done, and all that is done is conditional or
 * idempotent: two runs at once do no harm, and what one leaves the next run finds still due. No new item is begun
 * once `hasTime` says no.
 */
export async function settleItems(ports: ProjectionPorts, hasTime: () => boolean = () => true): Promise<Settled> {
  const shards = Array.from({ length: dueShards }, (_, shard) => settleShard(ports, String(shard), hasTime));
  const results = await Promise.all(shards);
  return {
    done: results.reduce((sum, { done }) => sum + done, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    leftOver: results.some(({ leftOver }) => leftOver),
  };
}

async function settleShard(ports: ProjectionPorts, shard: string, hasTime: () => boolean): Promise<Settled> {
  const settled = { done: 0, failed: 0, leftOver: false };
  const keys = ports.table.due(shard, ports.now())[Symbol.asyncIterator]();
  const worker = async () => {
    for (let next = await keys.next(); !next.done; next = await keys.next()) {
      if (!hasTime()) {
        settled.leftOver = true;
        return;
      }
      settled[await attempt(ports, next.value)] += 1;
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: itemsAtOnce }, worker));
  for (const ended of workers) {
    if (ended.status === 'fulfilled') continue;
    settled.failed += 1;
    ports.log.error('a shard of the due index could not be read', { shard, ...describeError(toError(ended.reason)) });
  }
  return settled;
}

async function attempt(ports: ProjectionPorts, key: TableKey): Promise<'done' | 'failed'> {
  try {
    await settleItem(ports, key);
    return 'done';
  } catch (cause) {
    ports.log.error('a due item could not be settled: the next run tries again', {
      // The other half of this key is made of a recipient.
      item: isUnansweredKey(key) ? key.sk : key.pk,
      ...describeError(toError(cause)),
    });
    return 'failed';
  }
}

async function settleItem(ports: ProjectionPorts, key: TableKey): Promise<void> {
  if (isRowKey(key)) return settleMessage(ports, key);
  if (isFactKey(key)) return settleFact(ports, key);
  if (isJoinKey(key)) return settleJoin(ports, key);
  if (isUnansweredKey(key)) return settleUnanswered(ports, key);
  throw new Error(`no rule for a due item with the sort key ${key.sk}`);
}

async function settleFact(ports: ProjectionPorts, key: TableKey): Promise<void> {
  const item = await ports.table.get(key);
  if (item !== undefined) await applyFact(ports, factOf(item));
}

async function settleMessage(ports: ProjectionPorts, { pk }: TableKey): Promise<void> {
  const message = await readMessage(ports.table, pk.slice(partitionOf('').length));
  if (message === undefined || !isDue(ports, message.row)) return;
  const { id, textUntil } = message.row;
  const { status } = rollUp(message.history);
  if (!hasOutcome(status)) return applyFact(ports, verdictOn(id, status, new Date(ports.now()).toISOString()));
  // A handler may have died between a fact and the row: that fact is due too.
  await raiseStatus(ports, id);
  if (textUntil !== undefined && textUntil <= ports.now()) await forgetText(ports.table, id);
}

function isDue({ now }: ProjectionPorts, { dueAt }: { readonly dueAt?: number | undefined }): boolean {
  return dueAt !== undefined && dueAt <= now();
}

function verdictOn(messageId: string, status: MessageStatus, time: string): Verdict {
  const verdict = { type: 'verdict', id: 'verdict', messageId, time } as const;
  if (status === 'sending') {
    return { ...verdict, status: 'uncertain', reason: 'about to be sent at most once, and nothing was heard since' };
  }
  return { ...verdict, status: 'expired', reason: 'its validity is over, and no outcome was heard' };
}

async function settleJoin(ports: ProjectionPorts, key: TableKey): Promise<void> {
  const found = await readJoin(ports.table, key);
  if (found === undefined || !isDue(ports, found)) return;
  const join = await adopt(ports, found);
  await applyJoin(ports, join);
  const waiting = waitingOf(join);
  if (waiting.length === 0) return;
  const overdue = overdueOf(waiting, ports.now());
  for (const receipt of overdue) await ports.topic.publish(unmatchedReceiptEvent(receipt));
  await giveUp(ports, join, overdue);
  if (overdue.length === 0) return;
  ports.log.warn('receipts of no message of ours: published as unmatched', {
    carrier: overdue[0]?.carrier,
    events: overdue.map(({ id }) => id),
  });
}

async function settleUnanswered(ports: ProjectionPorts, key: TableKey): Promise<void> {
  const item = await ports.table.get(key);
  if (item === undefined || !isDue(ports, item as { readonly dueAt?: number })) return;
  for (const join of await joinsOfRecipient(ports.table, key.pk)) await applyJoin(ports, await adopt(ports, join));
  await markLookedFor(ports.table, key);
}
