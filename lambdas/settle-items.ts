import type { MessageStatus } from '#contract/status.ts';
import { dueShards, type TableKey } from '#contract/table.ts';
import { toError } from '#contract/to-error.ts';
import { applyFact, applyJoin, type ProjectionPorts } from './apply-event.ts';
import { factOf, isFactKey, partitionOf, type Verdict } from './facts.ts';
import { describeError } from './log.ts';
import { isRowKey, readMessage } from './messages.ts';
import { raiseStatus } from './raise-status.ts';
import { isJoinKey, readJoin, unmatchedOf, unpark } from './receipt-join.ts';
import { hasOutcome, rollUp } from './roll-up.ts';

export interface Settled {
  readonly done: number;
  readonly failed: number;
}

/**
 * Settles what fell due, the one owner of time:
 *
 *   a fact not completely handled        handled again
 *   a message without an outcome         `uncertain` if it was about to be sent at most once, else `expired`
 *   receipts that wait for their message given up: kept, and logged
 *
 * The index may be late, so each item is read before anything is done, and all that is done is conditional or
 * idempotent: two runs at once do no harm, and what one leaves the next run finds still due.
 */
export async function settleItems(ports: ProjectionPorts): Promise<Settled> {
  const shards = Array.from({ length: dueShards }, (_, shard) => settleShard(ports, String(shard)));
  const results = await Promise.all(shards);
  return {
    done: results.reduce((sum, { done }) => sum + done, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
  };
}

async function settleShard(ports: ProjectionPorts, shard: string): Promise<Settled> {
  let done = 0;
  let failed = 0;
  for await (const key of ports.table.due(shard, ports.now())) {
    try {
      await settleItem(ports, key);
      done += 1;
    } catch (cause) {
      failed += 1;
      ports.log.error('a due item could not be settled: the next run tries again', {
        pk: key.pk,
        ...describeError(toError(cause)),
      });
    }
  }
  return { done, failed };
}

async function settleItem(ports: ProjectionPorts, key: TableKey): Promise<void> {
  if (isRowKey(key)) return settleMessage(ports, key);
  if (isFactKey(key)) return settleFact(ports, key);
  if (isJoinKey(key)) return settleJoin(ports, key);
  throw new Error(`no rule for a due item with the sort key ${key.sk}`);
}

async function settleFact(ports: ProjectionPorts, key: TableKey): Promise<void> {
  const item = await ports.table.get(key);
  if (item !== undefined) await applyFact(ports, factOf(item));
}

async function settleMessage(ports: ProjectionPorts, { pk }: TableKey): Promise<void> {
  const message = await readMessage(ports.table, pk.slice(partitionOf('').length));
  if (message === undefined || (message.row.dueAt ?? Number.POSITIVE_INFINITY) > ports.now()) return;
  const { id } = message.row;
  const { status } = rollUp(message.history);
  // A handler died between a fact and the row: that fact is due too.
  if (hasOutcome(status)) return raiseStatus(ports, id);
  await applyFact(ports, verdictOn(id, status, new Date(ports.now()).toISOString()));
}

function verdictOn(messageId: string, status: MessageStatus, time: string): Verdict {
  const verdict = { type: 'verdict', id: 'verdict', messageId, time } as const;
  if (status === 'sending') {
    return { ...verdict, status: 'uncertain', reason: 'about to be sent at most once, and nothing was heard since' };
  }
  return { ...verdict, status: 'expired', reason: 'its validity is over, and no outcome was heard' };
}

async function settleJoin(ports: ProjectionPorts, key: TableKey): Promise<void> {
  const join = await readJoin(ports.table, key);
  if (join === undefined || (join.dueAt ?? Number.POSITIVE_INFINITY) > ports.now()) return;
  await applyJoin(ports, join);
  const unmatched = unmatchedOf(join);
  if (unmatched.length === 0) return;
  ports.log.warn('receipts of no message of ours: kept until they expire', {
    carrier: unmatched[0]?.carrier,
    events: unmatched.map(({ id }) => id),
  });
  await unpark(ports, join);
}
