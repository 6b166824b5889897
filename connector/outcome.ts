import type { CarrierProfile } from '#contract/carrier.ts';
import type { Guarantee } from '#contract/outbound-sms.ts';
import { unreachable } from '#contract/unreachable.ts';
import type { RequestOutcome } from './smpp/pending.ts';
import { esme } from './smpp/status.ts';

/**
 *   sent     the SMSC accepted it
 *   hold     try again: it is the carrier that cannot now, whatever the message
 *   retry    try again, ever more seldom: it may be this message that it cannot take now
 *   reject   it will never be accepted
 *   unknown  it may have been accepted, and may not be tried again
 */
export type Verdict = 'sent' | 'hold' | 'retry' | 'reject' | 'unknown';

/**
 * Refusals that say nothing about the message, so may be different a moment later, beside the carrier's
 * `throttleStatuses` (SMPP 3.4, 5.1.3). RINVBNDSTS: the SMSC has forgotten that we are bound.
 */
const passing: ReadonlySet<number> = new Set([esme.RINVBNDSTS, esme.RSYSERR, esme.RX_T_APPN]);

/** What the outcome of a submit_sm means for its segment. */
export function verdictOn(
  outcome: RequestOutcome,
  guarantee: Guarantee,
  carrier: Pick<CarrierProfile, 'throttleStatuses'>,
): Verdict {
  switch (outcome.kind) {
    case 'answered': {
      const { command, commandStatus } = outcome.response;
      if (command === 'submit_sm_resp' && commandStatus === esme.ROK) return 'sent';
      if (carrier.throttleStatuses.includes(commandStatus)) return 'hold';
      return passing.has(commandStatus) ? 'retry' : 'reject';
    }
    case 'unanswered':
      return guarantee === 'at-most-once' ? 'unknown' : 'retry';
    case 'not-written':
      return 'hold';
    default:
      return unreachable(outcome);
  }
}
