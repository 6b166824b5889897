import type { ReceiptEvent } from '#contract/connector-events.ts';
import type { TableKey } from '#contract/table.ts';
import { unreachable } from '#contract/unreachable.ts';
import { adopt } from './adopt-receipts.ts';
import { appliedTo } from './applied-receipt.ts';
import { applyFact, applyJoin, type ProjectionPorts } from './apply-event.ts';
import { belongingOf, type Owner } from './belonging.ts';
import { deriveOwners } from './derive-owners.ts';
import { factKey } from './facts.ts';
import type { Table } from './ports.ts';
import { deriveAfterMs, giveUp, type Join, overdueOf, readJoin, waitingOf } from './receipt-join.ts';
import { decideAfterMs } from './unanswered.ts';
import { type Unmatched, unmatchedReceiptEvent } from './unmatched-receipt-event.ts';

/**
 * Decides of receipts that wait what can be decided so long after they came:
 *
 *   a minute  its id is somebody's in another form: that one's (docs/decisions/004)
 *             its id is one message's, but not its address: that one's all the same
 *             its id is several messages', and its address tells nothing: published
 *   an hour   it can be about one message only, whose response was lost: that one's (docs/decisions/003)
 *   a day     published
 *
 * If the process dies at any line, the join is due still, and all is done again with the same ids.
 */
export async function settleJoin(ports: ProjectionPorts, key: TableKey): Promise<void> {
  const found = await readJoin(ports.table, key);
  if (found?.dueAt === undefined || found.dueAt > ports.now()) return;
  const derived = await deriveOwners(ports, found, { receipts: waitingOf(found) });
  const canGuess = ports.now() >= (found.parkedAt ?? 0) + decideAfterMs;
  const join = canGuess ? await adopt(ports, derived.join) : derived.join;
  await applyJoin(ports, join);
  const waiting = waitingOf(join);
  if (waiting.length === 0) return;
  const overdue = new Set(canGuess ? overdueOf(waiting, ports.now()) : []);
  const settled: ReceiptEvent[] = [];
  for (const receipt of waiting) {
    const end = endOf(join, receipt, {
      isOverdue: overdue.has(receipt),
      derived: derived.shared.get(receipt.id),
      now: ports.now(),
    });
    if (end.do !== 'wait') settled.push(receipt);
    await bringAbout(ports, receipt, end);
  }
  await giveUp(ports, join, settled);
}

type End =
  | { readonly do: 'wait' }
  | { readonly do: 'apply'; readonly owners: readonly Owner[] }
  | { readonly do: 'publish-unless-applied'; readonly owners: readonly Owner[] }
  | { readonly do: 'publish'; readonly why: Unmatched };

interface Circumstances {
  readonly isOverdue: boolean;
  /** Messages that have the id in another form, where they are several. */
  readonly derived: readonly string[] | undefined;
  readonly now: number;
}

function endOf({ owners }: Join, receipt: ReceiptEvent, { isOverdue, derived, now }: Circumstances): End {
  const belonging = belongingOf(receipt, owners);
  const came = Date.parse(receipt.time);
  // A time that lies ahead is a wrong clock's.
  const hasWaited = now >= came + deriveAfterMs || came > now;
  switch (belonging.kind) {
    case 'owned':
      return { do: 'wait' };
    case 'unlikely':
      return hasWaited ? { do: 'apply', owners: belonging.owners } : { do: 'wait' };
    case 'shared':
      return hasWaited ? { do: 'publish-unless-applied', owners: belonging.owners } : { do: 'wait' };
    case 'nobody':
      return isOverdue ? { do: 'publish', why: reasonOf(derived) } : { do: 'wait' };
    default:
      return unreachable(belonging);
  }
}

async function bringAbout(ports: ProjectionPorts, receipt: ReceiptEvent, end: End): Promise<void> {
  switch (end.do) {
    case 'wait':
      return;
    case 'apply':
      for (const owner of end.owners) await applyFact(ports, appliedTo(receipt, owner));
      return;
    case 'publish-unless-applied':
      if (await isApplied(ports.table, receipt, end.owners)) return;
      return publish(ports, receipt, reasonOf([...new Set(end.owners.map(({ messageId }) => messageId))]));
    case 'publish':
      return publish(ports, receipt, end.why);
    default:
      return unreachable(end);
  }
}

function reasonOf(messageIds: readonly string[] | undefined): Unmatched {
  return messageIds === undefined ? { reason: 'no-message' } : { reason: 'shared-id', messageIds };
}

/** Whether it was one's before another got the same id: it stays that one's. */
async function isApplied(table: Table, receipt: ReceiptEvent, owners: readonly Owner[]): Promise<boolean> {
  const facts = await Promise.all(owners.map((owner) => table.get(factKey(appliedTo(receipt, owner)))));
  return facts.some((fact) => fact !== undefined);
}

async function publish({ topic, log }: ProjectionPorts, receipt: ReceiptEvent, why: Unmatched): Promise<void> {
  await topic.publish(unmatchedReceiptEvent(receipt, why));
  log.warn('a receipt that is no message of ours, or of several, was published as unmatched', {
    carrier: receipt.carrier,
    event: receipt.id,
    reason: why.reason,
  });
}
