import type { CarrierProfile, Outcome } from '#contract/carrier.ts';
import type { Guarantee } from '#contract/outbound-sms.ts';
import { unreachable } from '#contract/unreachable.ts';
import type { RequestOutcome } from './smpp/pending.ts';
import { esme } from './smpp/status.ts';

/**
 *   sent       the SMSC accepted it
 *   retry      send it again after a while: it may be this message that the SMSC cannot take now
 *   slow-down  send it again once the carrier's pause is over: it takes nothing now, whatever the message
 *   reject     it will never be accepted
 *   stop-bind  end the session, send it again over another: it is the bind, whatever the message
 *   hold       send it again soon: it has not left
 *   unknown    it may have been accepted, and may not be sent again
 */
export type Verdict =
  | { readonly kind: Exclude<Outcome, 'retry'> | 'hold' | 'unknown' }
  /** `afterMs` where the carrier's profile says how long. */
  | { readonly kind: 'retry'; readonly afterMs?: number | undefined };

/**
 * What a command_status of a submit_sm's response means, as far as SMPP 3.4, 5.1.3, lets one tell, beside the carrier's
 * `throttleStatuses`. A status that is not here refuses the message for good. Those that end the session say that the SMSC
 * does not take us for who we are: of RINVBNDSTS, it has forgotten our bind.
 */
const standard: Readonly<Record<number, Outcome>> = {
  [esme.ROK]: 'sent',
  [esme.RSYSERR]: 'retry',
  [esme.RX_T_APPN]: 'retry',
  [esme.RINVBNDSTS]: 'stop-bind',
  [esme.RBINDFAIL]: 'stop-bind',
  [esme.RINVPASWD]: 'stop-bind',
  [esme.RINVSYSID]: 'stop-bind',
};

type Rules = Pick<CarrierProfile, 'throttleStatuses' | 'submitOutcomes' | 'unanswered'>;

/** What each outcome of a submit_sm means for its segment, to this carrier (quirks 46 and 59). */
export class OutcomeTable {
  readonly #ofStatus = new Map<number, Verdict>();
  readonly #unanswered: Verdict;

  constructor({ throttleStatuses, submitOutcomes, unanswered }: Rules) {
    for (const [status, outcome] of Object.entries(standard)) this.#ofStatus.set(Number(status), { kind: outcome });
    for (const status of throttleStatuses) this.#ofStatus.set(status, { kind: 'slow-down' });
    for (const { statuses, outcome, afterMs } of submitOutcomes) {
      for (const status of statuses) this.#ofStatus.set(status, verdictOf(outcome, afterMs));
    }
    this.#unanswered = verdictOf(unanswered.outcome, unanswered.afterMs);
  }

  verdictOn(outcome: RequestOutcome, guarantee: Guarantee): Verdict {
    switch (outcome.kind) {
      case 'answered':
        return this.#onAnswer(outcome.response);
      case 'unanswered':
        return guarantee === 'at-most-once' ? { kind: 'unknown' } : this.#unanswered;
      case 'not-written':
        return { kind: 'hold' };
      default:
        return unreachable(outcome);
    }
  }

  #onAnswer({ command, commandStatus }: (RequestOutcome & { kind: 'answered' })['response']): Verdict {
    const verdict = this.#ofStatus.get(commandStatus) ?? { kind: 'reject' };
    // A generic_nack accepts nothing, whatever its status says.
    return verdict.kind === 'sent' && command !== 'submit_sm_resp' ? { kind: 'reject' } : verdict;
  }
}

function verdictOf(outcome: Outcome, afterMs: number | undefined): Verdict {
  return outcome === 'retry' ? { kind: outcome, afterMs } : { kind: outcome };
}
