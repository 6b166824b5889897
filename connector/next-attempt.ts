import { type BackoffOptions, backoffMs } from './backoff.ts';
import type { Verdict } from './outcome.ts';

/** Where a message waits to be sent again, and for how long, in ms. */
export interface NextAttempt {
  readonly where: 'memory' | 'queue';
  readonly delayMs: number;
}

export interface Attempt {
  /** Of sending the segment: counted from 1, or from how often SQS has handed the message out. */
  readonly attempt: number;
  readonly receiveCount: number;
  /** Whoever receives it next may begin it anew. */
  readonly mayBeDeferred: boolean;
}

/** How long a message waits in memory, with its place in the lane, before it is tried again. */
const memoryBackoff: BackoffOptions = { firstDelayMs: 500, maxDelayMs: 30_000 };
/** After these the message waits in the queue, where it holds up nobody but its own group: a minute is over. */
const attemptsInMemory = 7;
/** Waits in the queue: doubling with each receive, a quarter of an hour with the jitter. Less than the first is waited for in memory. */
const deferral = { firstMs: 60_000, maxMs: 12 * 60_000 };
/** By how much of itself a wait is longer at the most, so that not all end at once: one in the queue, one that the profile sets. */
const jitter = { deferred: 0.25, set: 0.1 };

/** What follows `verdict`, one on which a segment is sent again. */
export function nextAttempt(verdict: Verdict, made: Attempt, random: () => number): NextAttempt {
  // The carrier's pause is what is waited for, and with it the next place in the window.
  if (verdict.kind === 'slow-down') return { where: 'memory', delayMs: 0 };
  const { attempt, receiveCount } = made;
  // It has not left: that tells nothing about the message.
  const mayBeDeferred = made.mayBeDeferred && verdict.kind !== 'hold';
  const setMs = verdict.kind === 'retry' ? verdict.afterMs : undefined;
  if (setMs !== undefined) {
    const delayMs = setMs * (1 + random() * jitter.set);
    return { where: mayBeDeferred && delayMs > deferral.firstMs ? 'queue' : 'memory', delayMs };
  }
  if (mayBeDeferred && attempt >= attemptsInMemory) {
    const leastMs = Math.min(deferral.maxMs, deferral.firstMs * 2 ** (receiveCount - 1));
    return { where: 'queue', delayMs: leastMs * (1 + random() * jitter.deferred) };
  }
  return { where: 'memory', delayMs: backoffMs(attempt, memoryBackoff, random) };
}
