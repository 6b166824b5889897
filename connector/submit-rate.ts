import type { Clock } from './clock.ts';

const windowSeconds = 30;

/** How many submit_sm per second the carrier has accepted of late: the mean over the last 30 s. */
export class SubmitRate {
  readonly #clock: Clock;
  /** Accepted in each second, by the second's number modulo the window. */
  readonly #counts = new Array<{ second: number; count: number }>(windowSeconds).fill({ second: -1, count: 0 });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  count(): void {
    const second = this.#second();
    const index = second % windowSeconds;
    const current = this.#counts[index];
    this.#counts[index] = { second, count: current?.second === second ? current.count + 1 : 1 };
  }

  perSecond(): number {
    const oldest = this.#second() - windowSeconds;
    const total = this.#counts.reduce((sum, { second, count }) => (second > oldest ? sum + count : sum), 0);
    return Math.round((total / windowSeconds) * 10) / 10;
  }

  #second(): number {
    return Math.floor(this.#clock.monotonic() / 1_000);
  }
}
