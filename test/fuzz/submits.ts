import { unreachable } from '#contract/unreachable.ts';
import type { RequestOutcome } from '../../connector/smpp/pending.ts';
import { commandIds, responseBit } from './base-pdus.ts';
import type { Header } from './sent-stream.ts';
import type { Target } from './target.ts';

const genericNackId = commandIds.genericNack;
const submitSmRespId = commandIds.submitSm + responseBit;

/** A submit_sm of the gateway, and what it was told. */
export interface Submit {
  outcome: RequestOutcome | Error | undefined;
}

export function submitOf(target: Target): Submit {
  const submit: Submit = { outcome: undefined };
  target.submit().then(
    (outcome) => {
      submit.outcome = outcome;
    },
    (cause: Error) => {
      submit.outcome = cause;
    },
  );
  return submit;
}

/** Throws unless it has one outcome for which there is a reason: an answer that was given, or that none was. */
export function checkOutcome({ outcome }: Submit, responses: readonly Header[], wasAnswered: boolean): void {
  if (outcome === undefined) throw new Error('a submit has no outcome');
  if (outcome instanceof Error) throw new Error(`a submit failed: ${outcome.message}`);
  switch (outcome.kind) {
    case 'answered': {
      const { sequenceNumber, commandStatus } = outcome.response;
      const sent = responses.some(
        ({ id, status, sequence }) =>
          sequence === sequenceNumber && status === commandStatus && (id === submitSmRespId || id === genericNackId),
      );
      if (!sent) throw new Error(`a submit has an answer that was not given: status ${commandStatus}`);
      return;
    }
    case 'unanswered':
      if (wasAnswered) throw new Error(`a submit that was answered is unanswered: ${outcome.why}`);
      return;
    case 'not-written':
      throw new Error('a submit that the SMSC has was not written');
    default:
      unreachable(outcome);
  }
}
