import { backoffMs } from '../backoff.ts';
import { noLimit, Rate } from './rate.ts';

/** The carrier's pause after throttling; it doubles while what is written after one is throttled too. */
const pause = { firstDelayMs: 1_000, maxDelayMs: 30_000 };

/** What throttling leaves of the rate at which it came. */
const decrease = 0.5;
/** By how much the limit grows again each second: so much of that rate, and at the least so much of the account's. */
const growth = { ofRate: 0.05, ofShare: 0.02, withoutShare: 1 };
/** One submit_sm in ten seconds. */
const lowestLimit = 0.1;

/**
 * When the next submit_sm may be written: within the account's rate, and within what the SMSC takes. Where it throttles, nothing is
 * written for a moment, and then half as much as when it did; from there the limit grows steadily, up to the account's rate
 * or until the SMSC throttles again (additive increase, multiplicative decrease). Pure: the caller owns the clock.
 */
export class Pace {
  /** submit_sm per second, Infinity where none is agreed. */
  readonly #share: number;
  readonly #random: () => number;
  readonly #rate: Rate;
  #learned: { readonly limit: number; readonly since: number; readonly perSecond: number } | undefined;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** Pauses in a row: the SMSC accepted nothing that was written after the first. */
  #run = { pauses: 0, rate: 0 };
  /** When the last thing was written that was accepted. */
  #acceptedAt = Number.NEGATIVE_INFINITY;
  /** What was throttled last, and when something else was. */
  #lastThrottled: { readonly what: object; readonly at: number } | undefined;
  #anotherThrottledAt = Number.NEGATIVE_INFINITY;

  constructor(share: number, random: () => number, now: number) {
    this.#share = share;
    this.#random = random;
    this.#rate = new Rate(share, now);
  }

  /** submit_sm per second that may leave at `now`; Infinity: as many as the window lets. */
  limit(now: number): number {
    if (this.#learned === undefined) return this.#share;
    const { limit, since, perSecond } = this.#learned;
    const grown = limit + (perSecond * Math.max(0, now - since)) / 1_000;
    return grown < Math.min(this.#share, noLimit) ? grown : this.#share;
  }

  /** How long nothing is written at `now`, as the SMSC throttled, in ms. */
  pausedMs(now: number): number {
    return Math.max(0, this.#pausedUntil - now);
  }

  /** Whether something was accepted that was written after `time`. */
  hasAccepted(time: number): boolean {
    return this.#acceptedAt > time;
  }

  /** How long the next write has to wait at `now`, in ms; 0: it need not. */
  delayMs(now: number): number {
    if (this.#learned !== undefined) this.#follow(now);
    return Math.max(this.#pausedUntil - now, this.#rate.delayMs(now));
  }

  wrote(now: number): void {
    this.#rate.wrote(now);
  }

  /** What was written at `writtenAt` was accepted. */
  accepted(writtenAt: number): void {
    this.#acceptedAt = Math.max(this.#acceptedAt, writtenAt);
    if (writtenAt >= this.#pausedUntil) this.#run = { pauses: 0, rate: 0 };
  }

  /** Notes that `what` was throttled at `now`, and returns when something else was last. */
  noteThrottled(what: object, now: number): number {
    const last = this.#lastThrottled;
    if (last !== undefined && last.what !== what) this.#anotherThrottledAt = last.at;
    this.#lastThrottled = { what, at: now };
    return this.#anotherThrottledAt;
  }

  /** What was written at `writtenAt` was throttled. All that was written before a pause tells of the same moment. */
  throttled(writtenAt: number, now: number): void {
    if (writtenAt < this.#pausedUntil) return;
    const pauses = this.#run.pauses + 1;
    const rate = pauses === 1 ? this.#rateAt(writtenAt) : this.#run.rate;
    this.#run = { pauses, rate };
    const ceilingMs = backoffMs(pauses, pause, () => 1);
    this.#pausedUntil = now + ceilingMs / 2 + (this.#random() * ceilingMs) / 2;
    const limit = Math.max(lowestLimit, rate * decrease ** pauses);
    const least = this.#share === Number.POSITIVE_INFINITY ? growth.withoutShare : this.#share * growth.ofShare;
    this.#learned = { limit, since: this.#pausedUntil, perSecond: Math.max(rate * growth.ofRate, least) };
  }

  /** How much was written in a second; soon after a pause there is none yet, and the limit says it. */
  #rateAt(writtenAt: number): number {
    const limit = this.limit(writtenAt);
    return writtenAt < this.#pausedUntil + 1_000 ? limit : Math.min(limit, this.#rate.secondBefore(writtenAt));
  }

  #follow(now: number): void {
    const limit = this.limit(now);
    this.#rate.limit = limit;
    if (limit === this.#share) this.#learned = undefined;
  }
}
