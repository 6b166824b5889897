import type { ReceiptEvent } from '#contract/connector-events.ts';
import { userMessageReferenceOf } from '#contract/message-reference.ts';
import type { Fact } from './facts.ts';
import type { Message } from './messages.ts';

/**
 * Whose receipt it is that names an id which no response gave out. The rule is pure, and errs on the side of nobody:
 * docs/decisions/003. What it is given must be all messages of the receipt's carrier and recipient that leave a doubt.
 */

/** A message of which the SMSC may have accepted a segment under an id that we do not know. */
export interface Unanswered {
  readonly messageId: string;
  /** Absent: the SMSC put its own, and we do not know which. */
  readonly from?: string | undefined;
  readonly segments: number;
  /** Those of which no response, or one without an id, was heard. None when only further copies leave the doubt. */
  readonly open: readonly number[];
  /** Milliseconds since the epoch: it was not submitted before, what we last heard of its submits, and when they ended. */
  readonly since: number;
  readonly lastHeard: number;
  readonly until: number;
}

export interface Guess {
  readonly messageId: string;
  readonly segment: number;
  readonly segments: number;
  readonly matchedBy: 'reference' | 'recipient';
  /** From when on receipts of the segment can have come. */
  readonly time: string;
}

const dayMs = 86_400_000;
/**
 * Receipts later than a day are given to nobody. But for so long after its validity a message may be the one that is
 * meant: SMSCs keep trying for up to three days, whatever validity they were told.
 */
export const receiptsEndAfterMs = 3 * dayMs;
/** Tasks' clocks differ a little. */
const skewMs = 60_000;

/** What is unanswered of a message; undefined when every submit of it has its answer, or none wanted a receipt. */
export function unansweredOf({ row, history }: Message): Unanswered | undefined {
  if (!row.receipt) return undefined;
  const sending = history.find(({ type }) => type === 'sending');
  const segments = Math.max(row.segments, ...history.map((fact) => ('segments' in fact ? (fact.segments ?? 0) : 0)));
  const isOpen = row.guarantee === 'at-most-once' ? isOpenOnce(history) : history.some(isPossiblySubmitted);
  const open = Array.from({ length: segments }, (_, index) => index + 1).filter((segment) => {
    const answers = history.filter((fact) => 'segment' in fact && fact.segment === segment);
    return answers.length === 0 ? isOpen : answers.every(isWithoutId);
  });
  if (open.length === 0 && !mayHaveCopies({ row, history })) return undefined;
  return {
    messageId: row.id,
    from: row.from,
    segments,
    open,
    since: Date.parse(sending?.time ?? row.createdAt),
    lastHeard: Math.max(...history.filter(({ type }) => type !== 'verdict').map(({ time }) => Date.parse(time))),
    until: Date.parse(row.validUntil),
  };
}

/** Whether the fact alone makes its message one to be remembered with those of its recipient. */
export function leavesDoubt(fact: Fact, { receipt, guarantee }: Message['row']): boolean {
  if (!receipt) return false;
  if (fact.type === 'sending' || isWithoutId(fact)) return true;
  return guarantee === 'at-least-once' && mayBeOfACopy(fact);
}

/** The segment whose receipt this is, if there is exactly one that it can be. */
export function ownerAmong(receipt: ReceiptEvent, unanswered: readonly Unanswered[]): Guess | undefined {
  const time = Date.parse(receipt.time);
  const inTime = unanswered.filter(({ since, until }) => time >= since - skewMs && time <= until + receiptsEndAfterMs);
  return hasReference(receipt) ? byReference(receipt, inTime) : byRecipient(receipt, inTime);
}

/** 0 is no reference that we give: some SMSCs write it for none. */
export function hasReference({ userMessageReference = 0 }: ReceiptEvent): boolean {
  return userMessageReference > 0;
}

/** As it is compared: a number without what marks it as international. A national form stays another one. */
export function plainAddress(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/^(\+|00)(?=[1-9]\d{6,14}$)/, '');
}

/** Of any segment that still can be meant, also of one that was answered: a copy of it can be meant. */
function byReference(receipt: ReceiptEvent, unanswered: readonly Unanswered[]): Guess | undefined {
  const guesses = unanswered
    .filter(({ from }) => compareSenders(from, receipt.to) !== 'other')
    .flatMap((message) =>
      Array.from({ length: message.segments }, (_, index) => index + 1)
        .filter((segment) => userMessageReferenceOf(message.messageId, segment) === receipt.userMessageReference)
        .map((segment) => guessOf(message, segment, 'reference')),
    );
  return guesses.length === 1 ? guesses[0] : undefined;
}

/**
 * Of a long message never: which of its segments is meant is not known, and of those that are open some may never
 * have been written, while another was sent twice. It counts as one that could be meant all the same.
 */
function byRecipient(receipt: ReceiptEvent, unanswered: readonly Unanswered[]): Guess | undefined {
  const [message, ...others] = unanswered.filter(({ from }) => compareSenders(from, receipt.to) !== 'other');
  if (message === undefined || others.length > 0) return undefined;
  const senderIsSure = compareSenders(message.from, receipt.to) === 'same';
  if (!senderIsSure && unanswered.length > 1) return undefined;
  if (message.segments > 1 || message.open.length === 0) return undefined;
  if (Date.parse(receipt.time) > message.lastHeard + dayMs) return undefined;
  return guessOf(message, 1, 'recipient');
}

function guessOf(message: Unanswered, segment: number, matchedBy: Guess['matchedBy']): Guess {
  const { messageId, segments, since } = message;
  return { messageId, segment, segments, matchedBy, time: new Date(since).toISOString() };
}

function compareSenders(from: string | undefined, receiptTo: string): 'same' | 'other' | 'unknown' {
  if (from === undefined || receiptTo.trim() === '') return 'unknown';
  return plainAddress(from) === plainAddress(receiptTo) ? 'same' : 'other';
}

/** Whatever ends it is told after every submit was answered: what is not answered is not told of at all. */
function isOpenOnce(history: readonly Fact[]): boolean {
  const ended = history.some(({ type }) => type === 'rejected' || type === 'unsendable' || type === 'expired');
  return !ended && history.some(({ type }) => type === 'sending');
}

function mayHaveCopies({ row, history }: Message): boolean {
  return row.guarantee === 'at-least-once' && history.some(mayBeOfACopy);
}

/** Of a refusal it is not told whether an earlier copy went unanswered. */
function mayBeOfACopy(fact: Fact): boolean {
  return fact.type === 'rejected' || isPossiblySubmitted(fact) || (fact.type === 'submitted' && fact.possibleDuplicate);
}

function isPossiblySubmitted(fact: Fact): boolean {
  return fact.type === 'expired' && fact.possiblySubmitted === true;
}

function isWithoutId(fact: Fact): boolean {
  return fact.type === 'submitted' && fact.smscMessageId === '' && fact.receiptExpected;
}
