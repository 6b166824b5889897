import type { CarrierProfile } from '#contract/carrier.ts';
import { backoffMs } from '../backoff.ts';
import type { SessionEnd } from './reconnect.ts';

/**
 * Ceiling for a password or certificate that cannot be read: mostly a person has to act, and Secrets Manager charges for each call
 * ($0.05 for 10,000: with a ceiling of 8 s that is $3 a month, with this one $0.44).
 */
const maxSecretWaitMs = 60_000;

/**
 * Which host is asked next for a session, and when. The first one is preferred; each end says how it goes on:
 *
 *   end                                | next host     | after
 *   -----------------------------------+---------------+------------------------------------------
 *   refused: wrong credentials         | the first     | wrongCredentialsDelayMs
 *   refused: already bound             | as below      | as below, up to alreadyBoundMaxDelayMs
 *   unreachable, refused, soon ended   | the one after | nothing
 *     ... and it was the last host     | the first     | backoff, growing with each round of hosts
 *   ended after it lasted              | the first     | backoff, as after one round
 *   no secret (no host was asked)      | the same      | backoff, up to a minute
 *   retired (we wanted another one)    | the first     | nothing
 *
 * And never the same host sooner than minDelayMs after its last end.
 */
export class Itinerary {
  readonly #rules: CarrierProfile['reconnect'];
  readonly #random: () => number;
  /** When the last session with each host, or attempt at one, ended. */
  readonly #endedAt: (number | undefined)[];
  #host = 0;
  /** Rounds in a row in which every host failed. */
  #failedRounds = 0;
  #failedReads = 0;
  #isAlreadyBound = false;

  constructor(hosts: number, rules: CarrierProfile['reconnect'], random: () => number) {
    this.#rules = rules;
    this.#random = random;
    this.#endedAt = Array.from({ length: hosts });
  }

  /** Index of the host to ask. */
  get host(): number {
    return this.#host;
  }

  /** How long to wait before `host` is asked, in ms. `lasted`: there was a session, for `healthyAfterMs` at least. */
  next(end: SessionEnd, lasted: boolean, now: number): number {
    if (end.kind === 'no-secret') return this.#afterNoSecret();
    this.#failedReads = 0;
    this.#endedAt[this.#host] = now;
    const delayMs = this.#afterAsking(end, lasted);
    const readyAt = (this.#endedAt[this.#host] ?? Number.NEGATIVE_INFINITY) + this.#rules.minDelayMs;
    return Math.max(delayMs, readyAt - now);
  }

  #afterNoSecret(): number {
    this.#failedReads += 1;
    return this.#backoffMs(this.#failedReads, Math.max(this.#rules.maxDelayMs, maxSecretWaitMs));
  }

  #afterAsking(end: SessionEnd, lasted: boolean): number {
    const { wrongCredentialsStatuses, wrongCredentialsDelayMs, alreadyBoundStatuses } = this.#rules;
    if (end.kind === 'ended' && end.why === 'retired') {
      this.#begin(0);
      return 0;
    }
    if (lasted) {
      this.#begin(1);
      return this.#roundDelayMs();
    }
    if (end.kind === 'refused' && wrongCredentialsStatuses.includes(end.commandStatus)) {
      this.#begin(this.#failedRounds);
      return wrongCredentialsDelayMs;
    }
    if (end.kind === 'refused' && alreadyBoundStatuses.includes(end.commandStatus)) this.#isAlreadyBound = true;
    this.#host += 1;
    if (this.#host < this.#endedAt.length) return 0;
    const isAlreadyBound = this.#isAlreadyBound;
    this.#begin(this.#failedRounds + 1);
    return this.#roundDelayMs(isAlreadyBound);
  }

  /** A round of hosts, after so many that failed. */
  #begin(failedRounds: number): void {
    this.#host = 0;
    this.#failedRounds = failedRounds;
    this.#isAlreadyBound = false;
  }

  #roundDelayMs(isAlreadyBound = false): number {
    const { maxDelayMs, alreadyBoundMaxDelayMs } = this.#rules;
    return this.#backoffMs(this.#failedRounds, isAlreadyBound ? alreadyBoundMaxDelayMs : maxDelayMs);
  }

  #backoffMs(attempt: number, maxDelayMs: number): number {
    return backoffMs(attempt, { firstDelayMs: this.#rules.firstDelayMs, maxDelayMs }, this.#random);
  }
}
