/**
 * What counts as a second, in ms: a hundredth is to spare. submit_sm that leave further apart than a second may reach the SMSC within
 * one, for the way takes now more, now less.
 */
const secondMs = 1_010;

/** Of how many writes the times are kept. */
const capacity = 16_384;
/** A limit of so many a second is none. */
export const noLimit = capacity;

/**
 * How many submit_sm may be written in any one second. Of the last `limit` writes none is younger than a second (and a
 * hundredth): after an idle moment a second's worth may leave at once; from then on, while there is always more, they leave
 * evenly. A limit below 1 is one submit_sm in so many seconds. Pure: the caller owns the clock and the timer.
 */
export class Rate {
  /** When each of the last writes was, by its number modulo `capacity`. */
  readonly #times = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY);
  #written = 0;
  #limit: number;
  /** When the next write may be, if they leave evenly. What is left of the past second lies before now. */
  #due: number;

  /** At `now` this second counts as used up: by a process before this one. */
  constructor(limit: number, now: number) {
    this.#limit = limit;
    this.#due = limit < noLimit ? now + this.#spanMs : now;
  }

  get limit(): number {
    return this.#limit;
  }

  set limit(limit: number) {
    this.#limit = limit;
  }

  /** How long the next write has to wait at `now`, in ms; 0: it need not. */
  delayMs(now: number): number {
    if (this.#limit >= noLimit) return 0;
    return Math.max(0, this.#due - now, this.#freeAt() - now);
  }

  wrote(now: number): void {
    this.#times[this.#written % capacity] = now;
    this.#written += 1;
    if (this.#limit >= noLimit) return;
    const even = Math.max(this.#due, now - this.#spanMs) + this.#spanMs / this.#burst;
    // Once a second's worth is used up nothing is left of the past.
    const freeAt = this.#freeAt();
    this.#due = freeAt > now ? Math.max(even, freeAt) : even;
  }

  /** How many were written in the second that ended at `time`; what was written since is not counted. */
  secondBefore(time: number): number {
    const known = Math.min(capacity, this.#written);
    let later = 0;
    while (later < known && this.#timeOf(later + 1) > time) later += 1;
    let back = later;
    while (back < known && this.#timeOf(back + 1) > time - 1_000) back += 1;
    return back - later;
  }

  /** How many may leave in `#spanMs`. */
  get #burst(): number {
    return Math.max(1, Math.floor(this.#limit));
  }

  get #spanMs(): number {
    return this.#limit < 1 ? secondMs / this.#limit : secondMs;
  }

  /** When there is room for one more beside the last ones. */
  #freeAt(): number {
    return this.#timeOf(this.#burst) + this.#spanMs;
  }

  /** When the write was that is `back` ago, 1 being the last. */
  #timeOf(back: number): number {
    return this.#times[(this.#written - back + capacity) % capacity] ?? Number.NEGATIVE_INFINITY;
  }
}
