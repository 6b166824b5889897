import type { MatchedBy } from '#contract/cloud-events.ts';
import type { MessageEvent, SubmittedEvent } from '#contract/connector-events.ts';
import type { ReceiptState } from '#contract/receipts.ts';
import { type MessageStatus, messageStatuses, rankOf } from '#contract/status.ts';
import type { AppliedReceipt, Fact } from './facts.ts';

/** A status that a message has come by. Once implied by its facts, it stays implied whatever facts follow. */
export interface Milestone {
  /** Unique in the message; the event's id is made from it. */
  readonly key: string;
  readonly status: MessageStatus;
  /** When the fact that completed it happened. */
  readonly time: string;
  /** Ours, for want of the SMSC's word. */
  readonly settled: boolean;
  /** Met by a further copy of a message that the SMSC had accepted: published, but the message's status is another. */
  readonly superseded: boolean;
  /** What the SMSC or the connector said on that fact. */
  readonly words: Words;
}

export interface Words {
  readonly commandStatus?: string | undefined;
  readonly stat?: string | undefined;
  readonly err?: string | undefined;
  readonly matchedBy?: MatchedBy | undefined;
  readonly reason?: string | undefined;
}

export interface RollUp {
  readonly status: MessageStatus;
  /** Lowest first. */
  readonly milestones: readonly Milestone[];
}

/**
 * What a message's facts say of it, in whatever order they came:
 *
 *   status      | key             | implied by
 *   ------------+-----------------+--------------------------------------------------------------------
 *   sending     | sending         | the connector was about to submit (at-most-once only)
 *   uncertain   | uncertain       | the validity ended, and the SMSC may have accepted it
 *   sent        | sent            | every segment was accepted
 *   undelivered | undelivered     | a receipt for any segment: undeliverable, deleted or rejected
 *   expired     | receipt-expired | a receipt for any segment: expired
 *   expired     | expired         | the connector never got it accepted        } no longer the status
 *   failed      | failed          | a segment was refused, or not to be written } once `sent` is implied
 *   delivered   | delivered       | a receipt for every segment: delivered
 *
 * Each is a monotone function of the set of facts, hence the milestones of all facts do not depend on their
 * order, nor does the status: the highest (in the order of `messageStatuses`) of those that stand. A message
 * that the SMSC has accepted is not unsent because a further copy of it was too late, or refused:
 * docs/decisions/001. The one exception is our own verdict: it says that nothing was heard, and is void once
 * `sent` or more is known.
 */
export function rollUp(facts: readonly Fact[]): RollUp {
  const inTime = facts.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time) || compare(a.id, b.id));
  const submitted = inTime.filter(isSubmitted);
  const counts = countsIn(facts);
  const acceptance = firstOf(counts, (count) => {
    const ofCount = submitted.filter(({ segments }) => segments === count);
    return completionOf(ofCount, count);
  });
  const deliveries = inTime.filter(isReceiptOf('delivered'));
  const own = { superseded: acceptance !== undefined };
  const told = [
    milestone('sending', inTime.find(isSending)),
    milestone('uncertain', inTime.find(isPossiblySubmitted)),
    milestone('sent', acceptance),
    milestone('undelivered', inTime.find(isReceiptOf('undeliverable', 'deleted', 'rejected'))),
    milestone('expired', inTime.find(isReceiptOf('expired')), { key: 'receipt-expired' }),
    milestone('expired', inTime.find(isNeverAccepted), own),
    milestone('failed', inTime.find(isRefused), own),
    milestone(
      'delivered',
      firstOf(counts, (count) => completionOf(deliveries, count)),
    ),
  ].filter((found) => found !== undefined);
  const milestones = [...told, ...verdicts(inTime, told)].sort((a, b) => height(a.status) - height(b.status));
  return { status: milestones.findLast(({ superseded }) => !superseded)?.status ?? 'queued', milestones };
}

/** Whether a message of this status awaits no outcome any more, only receipts. */
export function hasOutcome(status: MessageStatus): boolean {
  return rankOf(status) >= rankOf('uncertain');
}

export function isAccepted(status: MessageStatus): boolean {
  return rankOf(status) >= rankOf('sent');
}

function verdicts(facts: readonly Fact[], told: readonly Milestone[]): Milestone[] {
  if (told.some(({ status }) => isAccepted(status))) return [];
  return facts.flatMap((fact) => {
    if (fact.type !== 'verdict') return [];
    const { status, time, reason } = fact;
    return [{ key: `settled-${status}`, status, time, settled: true, superseded: false, words: { reason } }];
  });
}

function milestone(
  status: MessageStatus,
  fact: Fact | undefined,
  { key = status, superseded = false }: { readonly key?: string; readonly superseded?: boolean } = {},
): Milestone | undefined {
  return fact && { key, status, time: fact.time, settled: false, superseded, words: wordsOf(fact) };
}

function wordsOf(fact: Fact): Words {
  switch (fact.type) {
    case 'submitted':
    case 'rejected':
      return { commandStatus: fact.commandStatusText };
    case 'receipt':
      return { stat: fact.stat, err: fact.err, matchedBy: fact.matchedBy };
    case 'unsendable':
      return { reason: fact.reason };
    default:
      return {};
  }
}

/** Into how many segments the text was cut, as far as anybody told; of a message without a response its receipts tell. */
function countsIn(facts: readonly Fact[]): number[] {
  const told = facts.map((fact) => (fact.type === 'submitted' || fact.type === 'receipt' ? fact.segments : undefined));
  return [...new Set(told.filter((count) => count !== undefined))].sort((a, b) => a - b);
}

function firstOf<F>(counts: readonly number[], find: (count: number) => F | undefined): F | undefined {
  for (const count of counts) {
    const found = find(count);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The fact with which all of `count` segments had one: the first of each, and of these the last. The count is the
 * connector's, as it cut the text. Should a text be cut anew and into another number, each cut is complete by itself:
 * a higher number that is told later must not undo what was complete.
 */
function completionOf<F extends SubmittedEvent | AppliedReceipt>(inTime: readonly F[], count: number): F | undefined {
  const firsts = new Map<number, F>();
  for (const fact of inTime) {
    if (fact.segment <= count && !firsts.has(fact.segment)) firsts.set(fact.segment, fact);
  }
  return firsts.size === count ? [...firsts.values()].at(-1) : undefined;
}

function isSubmitted(fact: Fact): fact is SubmittedEvent {
  return fact.type === 'submitted';
}

function isSending(fact: Fact): boolean {
  return fact.type === 'sending';
}

function isRefused(fact: Fact): fact is Extract<MessageEvent, { type: 'rejected' | 'unsendable' }> {
  return fact.type === 'rejected' || fact.type === 'unsendable';
}

function isNeverAccepted(fact: Fact): boolean {
  return fact.type === 'expired' && fact.possiblySubmitted !== true;
}

function isPossiblySubmitted(fact: Fact): boolean {
  return fact.type === 'expired' && fact.possiblySubmitted === true;
}

function isReceiptOf(...states: readonly ReceiptState[]) {
  return (fact: Fact): fact is AppliedReceipt => fact.type === 'receipt' && states.includes(fact.state);
}

function height(status: MessageStatus): number {
  return messageStatuses.indexOf(status);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
