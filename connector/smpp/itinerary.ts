import type { CarrierProfile } from '#contract/carrier.ts';
import { backoffMs } from '../backoff.ts';
import type { Course, SessionEnd } from './reconnect.ts';

/**
 * Ceiling for a password or certificate that cannot be read: mostly a person has to act, and Secrets Manager charges for each call
 * ($0.05 for 10,000: with a ceiling of 8 s that is $3 a month, with this one $0.44).
 */
const maxSecretWaitMs = 60_000;

/**
 * Which host is asked next for a session, and when. A round asks every host once, at once after each other, the first
 * one first unless said otherwise; each end says how it goes on:
 *
 *   end                                | next host              | after
 *   -----------------------------------+------------------------+------------------------------------------
 *   refused: wrong credentials         | the first              | wrongCredentialsDelayMs
 *     ... and another took them last   | that one               | nothing; meanwhile this one is passed over
 *   unreachable, refused, soon ended   | the next of the round  | nothing
 *     ... and it was the last          | the first, a new round | backoff, growing with each round
 *     ... and one was bound already    | the first, a new round | the same, up to alreadyBoundMaxDelayMs
 *   ended after it lasted              | the same, a new round  | backoff, as after one round
 *   no secret (no host was asked)      | the same               | backoff, up to a minute
 *   renewing                           | the same, a new round  | nothing, but firstDelayMs after the last bind
 *   returning                          | the first, a new round | nothing
 *
 * The time of attempts that failed counts as waited; and no host is asked sooner than minDelayMs after its last end.
 */
export class Itinerary {
  readonly #rules: CarrierProfile['reconnect'];
  readonly #random: () => number;
  readonly #hosts: readonly number[];
  /** When the last session with each host, or attempt at one, ended. */
  readonly #endedAt = new Map<number, number>();
  #host = 0;
  /** Of the round, those to be asked after `#host`. */
  #others: readonly number[];
  /** Rounds in a row in which every host failed. */
  #failedRounds = 0;
  #failedReads = 0;
  /** A host of the round said so. */
  #isAlreadyBound = false;
  #boundAt = Number.NEGATIVE_INFINITY;
  /** The host that was bound last, and has not refused the credentials since. */
  #tookCredentials: number | undefined;
  /** Hosts that refused credentials which another takes: passed over until then. */
  readonly #refusedUntil = new Map<number, number>();
  /** Of the attempts of this round. */
  #triedMs = 0;

  constructor(hosts: number, rules: CarrierProfile['reconnect'], random: () => number) {
    this.#rules = rules;
    this.#random = random;
    this.#hosts = Array.from({ length: hosts }, (_, index) => index);
    this.#others = this.#hosts.slice(1);
  }

  /** Index of the host to ask. */
  get host(): number {
    return this.#host;
  }

  /** `host` took the bind. */
  bound(now: number): void {
    this.#boundAt = now;
    this.#tookCredentials = this.#host;
  }

  /** How long to wait before `host`, which is another one from now on, is asked, in ms. */
  next(end: SessionEnd, course: Course, now: number): number {
    if (end.kind === 'no-secret') return this.#afterNoSecret();
    this.#failedReads = 0;
    this.#endedAt.set(this.#host, now);
    const delayMs = this.#afterAsking(end, course, now);
    const readyAt = (this.#endedAt.get(this.#host) ?? Number.NEGATIVE_INFINITY) + this.#rules.minDelayMs;
    return Math.max(0, delayMs, readyAt - now);
  }

  #afterNoSecret(): number {
    this.#failedReads += 1;
    return this.#backoffMs(this.#failedReads, Math.max(this.#rules.maxDelayMs, maxSecretWaitMs));
  }

  #afterAsking(end: SessionEnd, { lasted, triedMs }: Course, now: number): number {
    if (end.kind === 'ended' && end.why === 'renewing') {
      this.#begin(this.#host, 0, now);
      return this.#boundAt + this.#rules.firstDelayMs - now;
    }
    if (end.kind === 'ended' && end.why === 'returning') {
      this.#refusedUntil.delete(0);
      this.#begin(0, 0, now);
      return 0;
    }
    if (lasted) {
      this.#begin(this.#host, 1, now);
      return this.#roundDelayMs(false);
    }
    return end.kind === 'refused' && this.#rules.wrongCredentialsStatuses.includes(end.commandStatus)
      ? this.#afterWrongCredentials(now)
      : this.#afterFailure(end, triedMs, now);
  }

  #afterWrongCredentials(now: number): number {
    const { wrongCredentialsDelayMs } = this.#rules;
    if (this.#tookCredentials === this.#host) this.#tookCredentials = undefined;
    const taker = this.#tookCredentials;
    if (taker === undefined) this.#refusedUntil.clear();
    else this.#refusedUntil.set(this.#host, now + wrongCredentialsDelayMs);
    this.#begin(taker ?? 0, this.#failedRounds, now);
    return taker === undefined ? wrongCredentialsDelayMs : 0;
  }

  #afterFailure(end: SessionEnd, triedMs: number, now: number): number {
    this.#triedMs += triedMs;
    if (end.kind === 'refused' && this.#rules.alreadyBoundStatuses.includes(end.commandStatus)) {
      this.#isAlreadyBound = true;
    }
    const [next, ...others] = this.#others;
    if (next !== undefined) {
      this.#host = next;
      this.#others = others;
      return 0;
    }
    const isAlreadyBound = this.#isAlreadyBound;
    const waitedMs = this.#triedMs;
    this.#begin(0, this.#failedRounds + 1, now);
    return this.#roundDelayMs(isAlreadyBound) - waitedMs;
  }

  /** A round of hosts, `preferred` first, after so many rounds that failed. */
  #begin(preferred: number, failedRounds: number, now: number): void {
    const welcome = this.#hosts.filter((host) => (this.#refusedUntil.get(host) ?? now) <= now);
    const hosts = welcome.length > 0 ? welcome : this.#hosts;
    this.#host = hosts.includes(preferred) ? preferred : (hosts[0] ?? 0);
    this.#others = hosts.filter((other) => other !== this.#host);
    this.#failedRounds = failedRounds;
    this.#isAlreadyBound = false;
    this.#triedMs = 0;
  }

  #roundDelayMs(isAlreadyBound: boolean): number {
    const { maxDelayMs, alreadyBoundMaxDelayMs } = this.#rules;
    return this.#backoffMs(this.#failedRounds, isAlreadyBound ? alreadyBoundMaxDelayMs : maxDelayMs);
  }

  #backoffMs(attempt: number, maxDelayMs: number): number {
    return backoffMs(attempt, { firstDelayMs: this.#rules.firstDelayMs, maxDelayMs }, this.#random);
  }
}
