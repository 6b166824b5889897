import { Fifo } from './fifo.ts';

const windowMs = 1_000;

/** How many there were within the last second. */
export class RateWindow {
  readonly #times = new Fifo<number>();

  /** One more, unless that would be more than `limit`. `now` never goes back. */
  take(limit: number, now: number): 'taken' | 'too-many' {
    for (let first = this.#times.first; first !== undefined && first <= now - windowMs; first = this.#times.first) {
      this.#times.shift();
    }
    if (this.#times.length >= limit) return 'too-many';
    this.#times.push(now);
    return 'taken';
  }
}
