import { unreachable } from '#contract/unreachable.ts';
import type { AppliedReceipt, Fact } from './facts.ts';
import type { Message, MessageRow } from './messages.ts';
import { segmentStates } from './segment-states.ts';

/** What POST answers of a message. The text is not repeated. */
export function acceptedView({ id, status, to, from, carrier, encoding, segments, replaced, createdAt }: MessageRow) {
  return { id, status, to, from, carrier, encoding, segments, replaced, createdAt };
}

/** What GET answers: the same, and the whole history in the SMSC's words, oldest first. */
export function messageView({ row, history }: Message) {
  const { priority, guarantee, validUntil, receipt, reference, metadata, createdAt } = row;
  const facts = history.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time));
  return {
    ...acceptedView(row),
    priority,
    guarantee,
    validUntil,
    receipt,
    reference,
    metadata,
    segmentStates: segmentStates({ row, history }),
    history: [{ type: 'queued', time: createdAt }, ...facts.map(factView)],
  };
}

function factView(fact: Fact) {
  const { type, time } = fact;
  switch (fact.type) {
    case 'sending':
    case 'expired':
      return { type, time };
    case 'submitted': {
      const { segment, commandStatusText: commandStatus, smscMessageId, possibleDuplicate, tlvs } = fact;
      return { type, time, segment, commandStatus, smscMessageId, possibleDuplicate, tlvs };
    }
    case 'rejected':
      return { type, time, segment: fact.segment, commandStatus: fact.commandStatusText, tlvs: fact.tlvs };
    case 'unsendable':
      return { type, time, reason: fact.reason };
    case 'receipt':
      return receiptView(fact);
    case 'verdict':
      return { type, time, status: fact.status, reason: fact.reason };
    default:
      return unreachable(fact);
  }
}

function receiptView(receipt: AppliedReceipt) {
  const { type, time, segment, state, stat, err, errorClass, networkErrorCode, tlvs, smscMessageId, matchedBy } =
    receipt;
  const { submitDate, doneDate, submittedAt, doneAt } = receipt;
  const dates = { submitDate, doneDate, submittedAt, doneAt };
  return {
    ...{ type, time, segment, state, stat, err, errorClass, networkErrorCode },
    ...dates,
    ...{ tlvs, smscMessageId, matchedBy },
  };
}
