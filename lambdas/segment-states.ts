import type { SubmittedEvent } from '#contract/connector-events.ts';
import type { ReceiptState } from '#contract/receipts.ts';
import { type MessageStatus, rankOf } from '#contract/status.ts';
import type { AppliedReceipt, Fact } from './facts.ts';
import type { Message } from './messages.ts';

type SegmentStatus = Extract<MessageStatus, 'queued' | 'sent' | 'failed' | 'undelivered' | 'expired' | 'delivered'>;

/** How one segment stands, in the words of the fact that says so. */
export interface SegmentState {
  readonly segment: number;
  readonly status: SegmentStatus;
  /** As the SMSC wrote it in its last response; absent while there is none, or none with an id. */
  readonly smscMessageId?: string;
  readonly commandStatus?: string;
  readonly stat?: string | undefined;
  readonly err?: string | undefined;
  readonly errorClass?: string | undefined;
  readonly time?: string;
}

/** What a receipt says of its segment's end. Those that are not here say nothing of it: it is on its way, or nobody knows. */
export const endOfState: Readonly<Partial<Record<ReceiptState, 'delivered' | 'undelivered' | 'expired'>>> = {
  delivered: 'delivered',
  undeliverable: 'undelivered',
  deleted: 'undelivered',
  rejected: 'undelivered',
  expired: 'expired',
};

/** What the numbering of segments has room for (3GPP TS 23.040, 9.2.3.24.1). */
const maxSegments = 255;

/** Each segment of the message, the first first. Like the message's, a segment's status only rises. */
export function segmentStates({ row, history }: Message): SegmentState[] {
  const counts = history.map((fact) => ('segments' in fact ? (fact.segments ?? 0) : 0));
  const count = Math.min(Math.max(row.segments, ...counts), maxSegments);
  const inTime = history.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time));
  const bySegment = Map.groupBy(inTime.filter(isOfSegment), ({ segment }) => segment);
  return Array.from({ length: count }, (_, index) => stateOf(index + 1, bySegment.get(index + 1) ?? []));
}

type SegmentFact = Extract<Fact, { readonly segment: number }>;

function isOfSegment(fact: Fact): fact is SegmentFact {
  return 'segment' in fact;
}

function stateOf(segment: number, facts: readonly SegmentFact[]): SegmentState {
  const responses = facts.filter((fact): fact is SubmittedEvent => fact.type === 'submitted');
  const named = responses.findLast(({ smscMessageId }) => smscMessageId !== '');
  // A copy that was refused does not undo that the segment was accepted.
  const told = facts.filter(({ type }) => type !== 'rejected' || responses.length === 0).flatMap(statusTold);
  const best = told.reduce((high, each) => (rankOf(each.status) > rankOf(high.status) ? each : high), queued);
  return { segment, ...best, ...(named !== undefined && { smscMessageId: named.smscMessageId }) };
}

type Told = Omit<SegmentState, 'segment'>;

const queued: Told = { status: 'queued' };

function statusTold(fact: SegmentFact): Told[] {
  switch (fact.type) {
    case 'submitted':
      return [{ status: 'sent', commandStatus: fact.commandStatusText, time: fact.time }];
    case 'rejected':
      return [{ status: 'failed', commandStatus: fact.commandStatusText, time: fact.time }];
    case 'receipt':
      return receiptTold(fact);
  }
}

function receiptTold({ state, stat, err, errorClass, time }: AppliedReceipt): Told[] {
  const status = endOfState[state];
  return status === undefined ? [] : [{ status, stat, err, errorClass, time }];
}
