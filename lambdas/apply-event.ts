import type { ConnectorEvent, ReceiptEvent } from '#contract/connector-events.ts';
import { recordCarrierState } from './carrier-state.ts';
import { type CollectPorts, collectPart } from './collect-part.ts';
import { deriveAtOnce } from './derive-owners.ts';
import { type Fact, markHandled, recordFact } from './facts.ts';
import type { FunctionMetrics } from './function-metrics.ts';
import { type Join, waitingOf } from './join.ts';
import { receiptKeys } from './join-keys.ts';
import { isParked, park, unpark } from './parked-join.ts';
import { type RaiseStatusPorts, raiseStatus } from './raise-status.ts';
import { joinReceipt, joinSubmitted } from './receipt-join.ts';
import { noteUnanswered } from './unanswered.ts';
import { unmatchedReceiptEvent } from './unmatched-receipt-event.ts';

export interface ProjectionPorts extends RaiseStatusPorts, CollectPorts {
  readonly metrics?: Pick<FunctionMetrics, 'count'>;
}

/**
 * The projection: connector events in, table and status topic out, the same whatever the order in which the
 * events come, and however often. An event that says something of a message is a fact:
 *
 *   1 recordFact      the fact is in the message's history, and due
 *   2 join            `submitted` only: receipts that came before it become facts (each goes through 1, 3, 5)
 *   3 raiseStatus     the row's status is worked out from the whole history, new milestones are published and marked
 *   4 noteUnanswered  a message that may have a response which is not heard is remembered for receipts to come
 *   5 markHandled     the fact is due no more
 *
 * A receipt first looks for its message in the join (see there), then is a fact like any other.
 *
 * If the process dies at any line, the fact is still due, and the retry of the queue message, or `settle-due`, goes
 * through all of 1 to 5 again: each either finds its work done or does it with the same ids. Why no order can
 * lose a milestone: of all calls that concern one message, the one whose step 1 is last reads, in step 3, every
 * fact; its roll-up has the most facts, so no other overwrites it; what is missing on the topic then, it
 * publishes, or dies and is due. And nothing too much is published: a milestone that some facts imply, all imply.
 */
export async function applyEvent(ports: ProjectionPorts, event: ConnectorEvent): Promise<void> {
  switch (event.type) {
    case 'carrier-state':
      return recordCarrierState(ports, event);
    case 'receipt':
      return applyReceipt(ports, event);
    case 'part':
      return collectPart(ports, event);
    default:
      return applyFact(ports, event);
  }
}

export async function applyFact(ports: ProjectionPorts, fact: Fact): Promise<void> {
  const recorded = await recordFact(ports, fact);
  if (recorded === 'handled') return;
  if (recorded.type === 'submitted') {
    for (const join of await joinSubmitted(ports, recorded)) await applyJoin(ports, join);
  }
  const message = await raiseStatus(ports, recorded.messageId);
  if (message !== undefined) await noteUnanswered(ports, message, recorded);
  await markHandled(ports.table, recorded);
}

/** One that names no id is nobody's, now and in a day. Should the process die, it comes again, and is published with the same id. */
async function applyReceipt(ports: ProjectionPorts, receipt: ReceiptEvent): Promise<void> {
  const [key] = receiptKeys(receipt.carrier, receipt.smscMessageId);
  if (key === undefined) return publishWithoutId(ports, receipt);
  const { join, isKept } = await joinReceipt(ports, receipt, key);
  if (isKept) return applyJoin(ports, await deriveAtOnce(ports, join, receipt));
  for (const match of join.matches) await applyFact(ports, match);
  if (join.matches.length === 0) await publishUnmatched(ports, receipt, join);
}

async function publishWithoutId({ topic, log }: ProjectionPorts, receipt: ReceiptEvent): Promise<void> {
  await topic.publish(unmatchedReceiptEvent(receipt, { reason: 'no-message' }));
  log.warn('a receipt that names no id was published as unmatched', { carrier: receipt.carrier, event: receipt.id });
}

/** Of a receipt for which there is no place to wait: so many wait for the same id that it tells nothing. */
async function publishUnmatched({ topic, log }: ProjectionPorts, receipt: ReceiptEvent, { owners }: Join) {
  const messageIds = [...new Set(owners.map(({ messageId }) => messageId))];
  const why = messageIds.length < 2 ? { reason: 'no-message' as const } : { reason: 'shared-id' as const, messageIds };
  await topic.publish(unmatchedReceiptEvent(receipt, why));
  log.warn('too many receipts wait for an owner of one id: the next was published as unmatched', {
    carrier: receipt.carrier,
    event: receipt.id,
  });
}

/** Applies receipts to their messages; has those wait that have none yet. */
export async function applyJoin(ports: ProjectionPorts, join: Join): Promise<void> {
  for (const receipt of join.matches) await applyFact(ports, receipt);
  const waiting = waitingOf(join);
  if (waiting.length === 0 && join.dueAt !== undefined) await unpark(ports, join);
  if (waiting.length > 0 && !isParked(ports, join, waiting)) await park(ports, join);
}
