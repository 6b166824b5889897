import type { SubmittedEvent } from '#contract/connector-events.ts';
import type { Verdict } from './facts.ts';
import type { Message } from './messages.ts';
import { rollUp } from './roll-up.ts';
import { segmentStates } from './segment-states.ts';

/** `receipts.timeoutSeconds` of a carrier's profile, where it has none of its own. */
const usualTimeoutSeconds = 259_200;

/**
 * Until when receipts of a message are waited for, in milliseconds since the epoch: counted from its acceptance.
 * Undefined unless it is `sent` and a receipt was asked for.
 */
export function receiptsAwaitedUntil({ history }: Message): number | undefined {
  const { status, milestones } = rollUp(history);
  const accepted = milestones.findLast((milestone) => milestone.status === 'sent');
  if (status !== 'sent' || accepted === undefined) return undefined;
  const submitted = history.filter((fact): fact is SubmittedEvent => fact.type === 'submitted');
  const timeouts = submitted
    .filter(({ receiptExpected }) => receiptExpected)
    .map(({ receiptTimeoutSeconds = usualTimeoutSeconds }) => receiptTimeoutSeconds);
  return timeouts.length === 0 ? undefined : Date.parse(accepted.time) + Math.max(...timeouts) * 1_000;
}

/** What the receipts that came say, when the others are waited for no more. None of them tells of a failure: that would have decided before. */
export function verdictOnReceipts({ row, history }: Message, time: string): Verdict {
  const verdict = { type: 'verdict', id: 'receipts-verdict', messageId: row.id, time } as const;
  const isDelivered = segmentStates({ row, history }).some(({ status }) => status === 'delivered');
  return isDelivered
    ? { ...verdict, status: 'delivered', reason: 'receipts of all other segments never came' }
    : { ...verdict, status: 'unconfirmed', reason: 'no receipt that tells its end came in time' };
}
