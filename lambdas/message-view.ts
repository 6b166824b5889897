import { unreachable } from '#contract/unreachable.ts';
import type { Fact } from './facts.ts';
import type { Message, MessageRow } from './messages.ts';

/** What POST answers of a message. The text is not repeated. */
export function acceptedView({ id, status, to, from, carrier, encoding, segments, createdAt }: MessageRow) {
  return { id, status, to, from, carrier, encoding, segments, createdAt };
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
      const { segment, commandStatusText: commandStatus, smscMessageId, possibleDuplicate } = fact;
      return { type, time, segment, commandStatus, smscMessageId, possibleDuplicate };
    }
    case 'rejected':
      return { type, time, segment: fact.segment, commandStatus: fact.commandStatusText };
    case 'unsendable':
      return { type, time, reason: fact.reason };
    case 'receipt': {
      const { segment, state, stat, err, networkErrorCode, submitDate, doneDate, smscMessageId, matchedBy } = fact;
      return {
        type,
        time,
        segment,
        state,
        stat,
        err,
        networkErrorCode,
        submitDate,
        doneDate,
        smscMessageId,
        matchedBy,
      };
    }
    case 'verdict':
      return { type, time, status: fact.status, reason: fact.reason };
    default:
      return unreachable(fact);
  }
}
