import { dueShards, type TableKey } from '#contract/table.ts';
import { toError } from '#contract/to-error.ts';
import { adopt, joinsOfRecipient } from './adopt-receipts.ts';
import { applyFact, applyJoin, type ProjectionPorts } from './apply-event.ts';
import { isAssemblyKey } from './assembly.ts';
import { factOf, isFactKey } from './facts.ts';
import { isJoinKey } from './join-keys.ts';
import { describeError } from './log.ts';
import { isRowKey } from './messages.ts';
import { settleAssembly } from './settle-assembly.ts';
import { settleJoin } from './settle-join.ts';
import { settleMessage } from './settle-message.ts';
import { isUnansweredKey, markLookedFor } from './unanswered.ts';

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
 *   a message                            `settle-message.ts`
 *   receipts that wait for their message `settle-join.ts`
 *   a message that ended unanswered      given the receipts that came before its end
 *   a long message of a handset          `settle-assembly.ts`
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
  if (isAssemblyKey(key)) return settleAssembly(ports, key);
  throw new Error(`no rule for a due item with the sort key ${key.sk}`);
}

async function settleFact(ports: ProjectionPorts, key: TableKey): Promise<void> {
  const item = await ports.table.get(key);
  if (item !== undefined) await applyFact(ports, factOf(item));
}

async function settleUnanswered(ports: ProjectionPorts, key: TableKey): Promise<void> {
  const item = await ports.table.get(key);
  if (typeof item?.dueAt !== 'number' || item.dueAt > ports.now()) return;
  for (const join of await joinsOfRecipient(ports.table, key.pk)) await applyJoin(ports, await adopt(ports, join));
  await markLookedFor(ports.table, key);
}
