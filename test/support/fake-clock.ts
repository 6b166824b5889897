import type { Clock } from '../../connector/clock.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that moves only by `advance`. `pending` lets a suite see that nothing was left running. */
export class FakeClock implements Clock {
  #now: number;
  #stepped = 0;
  readonly #timers = new Set<Timer>();

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now + this.#stepped;
  }

  monotonic(): number {
    return this.#now;
  }

  /** As if somebody set the system's clock. */
  step(ms: number): void {
    this.#stepped += ms;
  }

  get pending(): number {
    return this.#timers.size;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  sleep(ms: number, stop?: AbortSignal): Promise<void> {
    if (stop?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        stop?.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.after(ms, wake);
      stop?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Moves time forward and runs what falls due, in order; what that starts within the span runs too. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let due = this.#next(until); due !== undefined; due = this.#next(until)) {
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await settle();
    }
    this.#now = until;
  }

  #next(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= until && (first === undefined || timer.at < first.at)) first = timer;
    }
    return first;
  }
}

/** Lets promises that are already settled run their reactions. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
