/** Something that the peer must do within `limitMs`, once it is waited for. Pure: the caller owns the timer. */
export class Waiting {
  readonly #limitMs: number;
  #due: number | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** When it is over; undefined while nothing is waited for. */
  get due(): number | undefined {
    return this.#due;
  }

  /** Begins, unless it has already; returns when it is over. */
  start(now: number): number {
    this.#due ??= now + this.#limitMs;
    return this.#due;
  }

  stop(): void {
    this.#due = undefined;
  }

  isOver(now: number): boolean {
    return this.#due !== undefined && now >= this.#due;
  }
}
