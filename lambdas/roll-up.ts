import type { MessageEvent, ReceiptState, SubmittedEvent } from '#contract/connector-events.ts';
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
  /** What the SMSC or the connector said on that fact. */
  readonly words: Words;
}

export interface Words {
  readonly commandStatus?: string | undefined;
  readonly stat?: string | undefined;
  readonly err?: string | undefined;
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
 *   status      | implied by
 *   ------------+--------------------------------------------------------------------------
 *   sending     | the connector was about to submit (at-most-once only)
 *   sent        | every segment was accepted
 *   undelivered | a receipt for any segment: undeliverable, deleted or rejected
 *   expired     | a receipt for any segment: expired; or the connector never got it accepted
 *   failed      | any segment was refused for good, or could not be written
 *   delivered   | a receipt for every segment: delivered
 *
 * The status is the highest of them (the order of `messageStatuses`). Each is a monotone function of the set of
 * facts, hence the milestones of all facts do not depend on their order. The one exception is our own verdict:
 * it says that nothing was heard, and is void once `sent` or more is known.
 */
export function rollUp(facts: readonly Fact[]): RollUp {
  const inTime = facts.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time) || compare(a.id, b.id));
  const told = [
    milestone('sending', inTime.find(isSending)),
    milestone('sent', lastOfFirsts(inTime.filter(isSubmitted), inTime)),
    milestone('undelivered', inTime.find(isReceiptOf('undeliverable', 'deleted', 'rejected'))),
    milestone('expired', inTime.find(isExpired)),
    milestone('failed', inTime.find(isRefused)),
    milestone('delivered', lastOfFirsts(inTime.filter(isReceiptOf('delivered')), inTime)),
  ].filter((found) => found !== undefined);
  const milestones = [...told, ...verdicts(inTime, told)].sort((a, b) => height(a.status) - height(b.status));
  return { status: milestones.at(-1)?.status ?? 'queued', milestones };
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
    return [{ key: `settled-${status}`, status, time, settled: true, words: { reason } }];
  });
}

function milestone(status: MessageStatus, fact: Fact | undefined): Milestone | undefined {
  return fact && { key: status, status, time: fact.time, settled: false, words: wordsOf(fact) };
}

function wordsOf(fact: Fact): Words {
  switch (fact.type) {
    case 'submitted':
    case 'rejected':
      return { commandStatus: fact.commandStatusText };
    case 'receipt':
      return { stat: fact.stat, err: fact.err };
    case 'unsendable':
      return { reason: fact.reason };
    default:
      return {};
  }
}

/** The fact that completed the set: the first of each segment, and of these the last. Undefined while one is missing. */
function lastOfFirsts<F extends SubmittedEvent | AppliedReceipt>(inTime: readonly F[], all: readonly Fact[]) {
  const firsts = new Map<number, F>();
  for (const fact of inTime) if (!firsts.has(fact.segment)) firsts.set(fact.segment, fact);
  return firsts.size > 0 && firsts.size === segmentCount(all) ? [...firsts.values()].at(-1) : undefined;
}

/** As the connector cut it. A receipt is applied only to a segment that was submitted, so the count is there. */
function segmentCount(facts: readonly Fact[]): number {
  return Math.max(...facts.filter(isSubmitted).map(({ segments }) => segments));
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

function isExpired(fact: Fact): boolean {
  return fact.type === 'expired' || isReceiptOf('expired')(fact);
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
