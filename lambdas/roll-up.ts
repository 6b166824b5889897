import type { MatchedBy } from '#contract/cloud-events.ts';
import type { MessageEvent, SubmittedEvent } from '#contract/connector-events.ts';
import type { ErrorClass } from '#contract/receipts.ts';
import { type MessageStatus, messageStatuses, rankOf } from '#contract/status.ts';
import type { AppliedReceipt, Fact, Verdict } from './facts.ts';
import { endOfState } from './segment-states.ts';

/** A status that a message has come by. Once implied by its facts, it stays implied whatever facts follow. */
export interface Milestone {
  /** Unique in the message; the event's id is made from it. */
  readonly key: string;
  readonly status: MessageStatus;
  /** When the fact that completed it happened. */
  readonly time: string;
  /** Ours, for want of the SMSC's word. */
  readonly settled: boolean;
  /**
   * Met by a further copy of a message that the SMSC had accepted, or told by a receipt after it was settled that it is
   * delivered: published, but the message's status is another.
   */
  readonly superseded: boolean;
  /** What the SMSC or the connector said on that fact. */
  readonly words: Words;
}

export interface Words {
  readonly commandStatus?: string | undefined;
  readonly stat?: string | undefined;
  readonly err?: string | undefined;
  readonly errorClass?: ErrorClass | undefined;
  readonly tlvs?: Readonly<Record<string, string>> | undefined;
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
 *   ------------+-----------------+---------------------------------------------------------------------------
 *   sending     | sending         | the connector was about to submit (at-most-once only)
 *   uncertain   | uncertain       | the validity ended, and the SMSC may have accepted it
 *   sent        | sent            | every segment was accepted
 *   undelivered | undelivered     | a receipt for any segment: undeliverable, deleted or rejected
 *   expired     | receipt-expired | a receipt for any segment: expired
 *   expired     | expired         | the connector never got it accepted        } no longer the status
 *   failed      | failed          | a segment was refused, or not to be written } once `sent` is implied
 *   delivered   | delivered       | receipts: delivered, for every segment for which one was asked; for
 *               |                 | any segment where the carrier's rule is `any`
 *
 * Each is a monotone function of the set of facts, hence the milestones of all facts do not depend on their
 * order, nor does the status: the highest (in the order of `messageStatuses`) of those that stand. A message
 * that the SMSC has accepted is not unsent because a further copy of it was too late, or refused:
 * docs/decisions/001. The one exception are our own verdicts on the outcome (`settled-…`), which say that nothing was
 * heard: void once `sent` or more is known. That it is `delivered` as far as receipts came stays, and is told once: what
 * another receipt says then, is superseded. That it is `unconfirmed` stays, below whatever comes.
 */
export function rollUp(facts: readonly Fact[]): RollUp {
  const inTime = facts.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time) || compare(a.id, b.id));
  const submitted = inTime.filter(isSubmitted);
  const counts = countsIn(facts);
  const acceptance = firstOf(counts, (count) => {
    const ofCount = submitted.filter(({ segments }) => segments === count);
    return completionOf(ofCount, count);
  });
  const deliveries = inTime.filter(isEnd('delivered'));
  const isAny = submitted.some((fact) => fact.rollUp === 'any');
  const own = { superseded: acceptance !== undefined };
  const late = { superseded: inTime.some((fact) => fact.type === 'verdict' && fact.status === 'delivered') };
  const told = [
    milestone('sending', inTime.find(isSending)),
    milestone('uncertain', inTime.find(isPossiblySubmitted)),
    milestone('sent', acceptance),
    milestone('undelivered', inTime.find(isEnd('undelivered')), late),
    milestone('expired', inTime.find(isEnd('expired')), { key: 'receipt-expired', ...late }),
    milestone('expired', inTime.find(isNeverAccepted), own),
    milestone('failed', inTime.find(isRefused), own),
    milestone(
      'delivered',
      isAny ? deliveries[0] : firstOf(counts, (count) => deliveryOf(deliveries, submitted, count)),
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
  return facts.flatMap((fact) => {
    if (fact.type !== 'verdict' || isVoid(fact, told)) return [];
    const { status, time, reason } = fact;
    const key = status === 'unconfirmed' || status === 'delivered' ? status : `settled-${status}`;
    return [{ key, status, time, settled: true, superseded: false, words: { reason } }];
  });
}

function isVoid({ status }: Verdict, told: readonly Milestone[]): boolean {
  switch (status) {
    case 'unconfirmed':
      return false;
    case 'delivered':
      return told.some((milestone) => milestone.status === 'delivered');
    default:
      return told.some((milestone) => isAccepted(milestone.status));
  }
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
      return { commandStatus: fact.commandStatusText, tlvs: fact.tlvs };
    case 'receipt': {
      const { stat, err, errorClass, tlvs, matchedBy } = fact;
      return { stat, err, errorClass, tlvs, matchedBy };
    }
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

/**
 * The same for receipts, which need not come of segments for which none was asked: of those of which a response says so.
 * Where none was asked for any, one that comes all the same counts.
 */
function deliveryOf(inTime: readonly AppliedReceipt[], submitted: readonly SubmittedEvent[], count: number) {
  const unasked = new Set(submitted.filter(({ receiptExpected }) => !receiptExpected).map(({ segment }) => segment));
  const firsts = new Map<number, AppliedReceipt>();
  for (const fact of inTime) {
    if (fact.segment <= count && !firsts.has(fact.segment)) firsts.set(fact.segment, fact);
  }
  const covered = new Set([...firsts.keys(), ...unasked].filter((segment) => segment <= count));
  if (covered.size < count) return undefined;
  const last = [...firsts.values()].findLast(({ segment }) => !unasked.has(segment));
  return last ?? [...firsts.values()][0];
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

function isEnd(end: 'delivered' | 'undelivered' | 'expired') {
  return (fact: Fact): fact is AppliedReceipt => fact.type === 'receipt' && endOfState[fact.state] === end;
}

function height(status: MessageStatus): number {
  return messageStatuses.indexOf(status);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
