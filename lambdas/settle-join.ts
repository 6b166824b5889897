import type { ReceiptEvent } from '#contract/connector-events.ts';
import type { TableKey } from '#contract/table.ts';
import { unreachable } from '#contract/unreachable.ts';
import { adopt } from './adopt-receipts.ts';
import { appliedTo } from './applied-receipt.ts';
import { applyFact, applyJoin, type ProjectionPorts } from './apply-event.ts';
import { belongingOf, type Owner } from './belonging.ts';
import { deriveOwners } from './derive-owners.ts';
import { factKey } from './facts.ts';
import { type Join, readJoin, waitingOf } from './join.ts';
import { deriveAfterMs, giveUp, overdueOf } from './parked-join.ts';
import type { Table } from './ports.ts';
import { decideAfterMs, partitionFor, readSameRecipient } from './unanswered.ts';
import { type Unmatched, unmatchedReceiptEvent } from './unmatched-receipt-event.ts';

/**
 * Decides of receipts that wait what can be decided so long after they came:
 *
 *   a minute  its id is somebody's in another form: that one's (docs/decisions/004)
 *             its id is one message's, but not its address: that one's all the same, unless its address is that of
 *             others, who have the id in another form or of whom a response was lost
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
    const end = await endOf(ports, receipt, {
      join,
      canGuess,
      isOverdue: overdue.has(receipt),
      derived: derived.shared.get(receipt.id),
    });
    if (end.do !== 'wait') settled.push(receipt);
    await bringAbout(ports, receipt, end);
  }
  await giveUp(ports, join, settled);
}

type End =
  | { readonly do: 'wait' }
  | { readonly do: 'apply'; readonly owners: readonly Owner[] }
  | { readonly do: 'publish-unless-applied'; readonly owners: readonly Owner[]; readonly why: Unmatched }
  | { readonly do: 'publish'; readonly why: Unmatched };

interface Circumstances {
  readonly join: Join;
  /** Whether messages of which a response was lost were asked. */
  readonly canGuess: boolean;
  readonly isOverdue: boolean;
  /** Messages that have the id in another form, where they are several. */
  readonly derived: readonly string[] | undefined;
}

async function endOf(ports: ProjectionPorts, receipt: ReceiptEvent, circumstances: Circumstances): Promise<End> {
  const { join, isOverdue, derived } = circumstances;
  const belonging = belongingOf(receipt, join);
  const came = Date.parse(receipt.time);
  // A time that lies ahead is a wrong clock's.
  const hasWaited = ports.now() >= came + deriveAfterMs || came > ports.now();
  switch (belonging.kind) {
    case 'owned':
      return { do: 'wait' };
    case 'unlikely':
      return hasWaited ? endOfUnlikely(ports, receipt, { ...circumstances, owners: belonging.owners }) : { do: 'wait' };
    case 'shared':
      return hasWaited ? sharedBy(belonging.owners, []) : { do: 'wait' };
    case 'nobody':
      return isOverdue ? { do: 'publish', why: reasonOf(derived) } : { do: 'wait' };
    default:
      return unreachable(belonging);
  }
}

/** One has its id, and its address is not that one's: whether it is anybody else's of whom is known. */
async function endOfUnlikely(
  { table }: ProjectionPorts,
  receipt: ReceiptEvent,
  { canGuess, derived, owners }: Circumstances & { readonly owners: readonly Owner[] },
): Promise<End> {
  const { messageIds: unanswered } = await readSameRecipient(
    table,
    partitionFor(receipt.carrier, receipt.from),
    Date.parse(receipt.time),
  );
  const having = new Set(owners.map(({ messageId }) => messageId));
  const lost = unanswered.filter((id) => !having.has(id));
  if (lost.length > 0 && !canGuess) return { do: 'wait' };
  const others = [...(derived ?? []), ...lost];
  return others.length === 0 ? { do: 'apply', owners } : sharedBy(owners, others);
}

/** Those who have the id just so, and others who may have it. */
function sharedBy(owners: readonly Owner[], others: readonly string[]): End {
  const messageIds = new Set([...owners.map(({ messageId }) => messageId), ...others]);
  return { do: 'publish-unless-applied', owners, why: { reason: 'shared-id', messageIds: [...messageIds] } };
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
      return publish(ports, receipt, end.why);
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
