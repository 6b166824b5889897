import type { Clock } from './clock.ts';

const keptMs = 10 * 60_000;
const maxKept = 10_000;

/** Fingerprints of the last ten minutes, at most 10,000 of them. Lost with the process: an aid, no guarantee. */
export class RecentFingerprints {
  readonly #clock: Clock;
  /** In order of `add`, so the first is the oldest. */
  readonly #addedAt = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(fingerprint: string): void {
    this.#addedAt.delete(fingerprint);
    this.#addedAt.set(fingerprint, this.#clock.now());
    const oldest = this.#addedAt.keys().next();
    if (this.#addedAt.size > maxKept && !oldest.done) this.#addedAt.delete(oldest.value);
  }

  has(fingerprint: string): boolean {
    const addedAt = this.#addedAt.get(fingerprint);
    return addedAt !== undefined && this.#clock.now() - addedAt < keptMs;
  }

  /** Whether it is there; it is not any more afterwards. */
  take(fingerprint: string): boolean {
    const had = this.has(fingerprint);
    this.#addedAt.delete(fingerprint);
    return had;
  }
}
