/** Gives a permit back; once is enough, and more does no harm. */
export type GiveBack = () => void;

/** How many may do something at once: a number that may change. In order of asking. */
export class Permits {
  readonly #most: () => number;
  readonly #waiting = new Set<(giveBack: GiveBack) => void>();
  #given = 0;

  /** `most` is at least 1. */
  constructor(most: () => number) {
    this.#most = most;
  }

  /** Resolves with a permit, or with undefined as soon as `stop` aborts. */
  acquire(stop: AbortSignal): Promise<GiveBack | undefined> {
    if (stop.aborted) return Promise.resolve(undefined);
    if (this.#waiting.size === 0 && this.#given < this.#most()) return Promise.resolve(this.#give());
    return new Promise((resolve) => {
      const onStop = () => {
        this.#waiting.delete(take);
        resolve(undefined);
      };
      const take = (giveBack: GiveBack) => {
        stop.removeEventListener('abort', onStop);
        resolve(giveBack);
      };
      stop.addEventListener('abort', onStop, { once: true });
      this.#waiting.add(take);
    });
  }

  #give(): GiveBack {
    this.#given += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#given -= 1;
      for (const take of this.#waiting) {
        if (this.#given >= this.#most()) return;
        this.#waiting.delete(take);
        take(this.#give());
      }
    };
  }
}
