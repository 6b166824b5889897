import { type BackoffOptions, backoffMs } from './backoff.ts';
import type { Verdict } from './outcome.ts';

/** Where a message waits to be sent again, and for how long, in ms. */
export interface NextAttempt {
  readonly where: 'memory' | 'queue';
  readonly delayMs: number;
}

export interface Circumstances {
  /** Whoever receives it next may begin it anew. */
  readonly mayBeDeferred: boolean;
  /** What is left of its validity, in ms. */
  readonly leftMs: number;
}

/** How long a message waits in memory, with its place in the lane, before it is tried again. */
const memoryBackoff: BackoffOptions = { firstDelayMs: 500, maxDelayMs: 30_000 };
/** After these the message waits in the queue, where it holds up nobody but its own group. */
const attemptsInMemory = 7;
/** Waits in the queue: doubling with each receive, a quarter of an hour with the jitter. Less than the first is waited for in memory. */
const deferral = { firstMs: 60_000, maxMs: 12 * 60_000 };
/** By how much of itself a wait is longer at the most, so that not all end at once: one in the queue, one that the profile sets. */
const jitter = { deferred: 0.25, set: 0.1 };

/** Less than this a wait that the profile sets does not become, however little is left of the validity. */
const leastSetMs = 1_000;

/**
 * The attempts at one segment, and when the next one is due. It waits in memory at first; after seven attempts that told something
 * of the message, one fewer with each time that SQS had handed it out before, in the queue. There it waits for no more than half of
 * what is left of its validity, so that there is always a next attempt.
 */
export class Attempts {
  readonly #receiveCount: number;
  /** That told something of the message; the times that it was handed out before count as well. */
  #telling: number;
  /** In which nothing left. */
  #unwritten = 0;

  constructor(receiveCount: number) {
    this.#receiveCount = receiveCount;
    this.#telling = receiveCount - 1;
  }

  /** What follows `verdict`, one on which a segment is sent again. */
  next(verdict: Verdict, circumstances: Circumstances, random: () => number): NextAttempt {
    switch (verdict.kind) {
      case 'slow-down':
        // The carrier's pause is what is waited for, and with it the next place in the window.
        return { where: 'memory', delayMs: 0 };
      case 'hold':
        this.#unwritten += 1;
        return { where: 'memory', delayMs: backoffMs(this.#unwritten, memoryBackoff, random) };
      default:
        this.#telling += 1;
        return this.#deferred(verdict, circumstances, random) ?? this.#inMemory(verdict, circumstances, random);
    }
  }

  #deferred(verdict: Verdict, { mayBeDeferred, leftMs }: Circumstances, random: () => number): NextAttempt | undefined {
    const setMs = setDelayMs(verdict, random);
    if (!mayBeDeferred || (setMs === undefined && this.#telling < attemptsInMemory)) return undefined;
    const leastMs = Math.min(deferral.maxMs, deferral.firstMs * 2 ** (this.#receiveCount - 1));
    const delayMs = Math.min(setMs ?? leastMs * (1 + random() * jitter.deferred), leftMs / 2);
    return delayMs >= deferral.firstMs ? { where: 'queue', delayMs } : undefined;
  }

  #inMemory(verdict: Verdict, { leftMs }: Circumstances, random: () => number): NextAttempt {
    const setMs = setDelayMs(verdict, random);
    if (setMs === undefined) return { where: 'memory', delayMs: backoffMs(this.#telling, memoryBackoff, random) };
    return { where: 'memory', delayMs: Math.min(setMs, Math.max(leftMs / 2, leastSetMs)) };
  }
}

/** What the carrier's profile says. */
function setDelayMs(verdict: Verdict, random: () => number): number | undefined {
  if (verdict.kind !== 'retry' || verdict.afterMs === undefined) return undefined;
  return verdict.afterMs * (1 + random() * jitter.set);
}
