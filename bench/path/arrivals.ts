import { sharedNow } from './now.ts';

/** Messages by number, from `first` on. */
export interface Stretch {
  readonly first: number;
  readonly count: number;
}

/** When each message of a stretch arrived. One that comes twice, or from elsewhere, ends the bench. */
export class Arrivals {
  readonly #stretch: Stretch;
  readonly #at: Float64Array;
  readonly #all = Promise.withResolvers<Float64Array>();
  #left: number;

  constructor(stretch: Stretch) {
    this.#stretch = stretch;
    this.#left = stretch.count;
    this.#at = new Float64Array(stretch.count);
  }

  /** Resolves when every message has arrived, with `sharedNow()` of each, in the order of their numbers. */
  get all(): Promise<Float64Array> {
    return this.#all.promise;
  }

  get isComplete(): boolean {
    return this.#left === 0;
  }

  note(number: number): void {
    const index = number - this.#stretch.first;
    if (this.#at[index] !== 0) throw new Error(`message ${number} came twice, or is none of this stretch`);
    this.#at[index] = sharedNow();
    this.#left -= 1;
    if (this.#left === 0) this.#all.resolve(this.#at);
  }
}
