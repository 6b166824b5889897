import type { Clock } from './clock.ts';

const keptMs = 10 * 60_000;
const maxKept = 10_000;

interface Arrival {
  readonly number: number;
  readonly at: number;
  /** ESME_ROK could not be written, and no other copy has come since. */
  unanswered: boolean;
}

/**
 * One deliver_sm among those that look the same.
 *
 *   first        nothing like it came lately
 *   look-alike   something like it did: a repeat, or a second "YES"
 *   answer-only  it is the repeat of one that is stored and lacks nothing but its answer
 */
export interface Copy {
  readonly kind: 'first' | 'look-alike' | 'answer-only';
  /** It is stored, but its ESME_ROK could not be written: the next copy is its repeat, unless one came already. */
  leftUnanswered(): void;
  /** As if it had never come. */
  notStored(): void;
}

/**
 * What looked the same in the last ten minutes, of the last 10,000 messages. Nothing in SMPP tells a repeat from a
 * second "YES": only that this process failed to write an ESME_ROK says so for sure. Lost with the process.
 */
export class RecentFingerprints {
  readonly #clock: Clock;
  /** In order of arrival, so the first is the oldest. */
  readonly #lastArrivals = new Map<string, Arrival>();
  #arrivals = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  arrive(fingerprint: string): Copy {
    const before = this.#recent(fingerprint);
    this.#arrivals += 1;
    const arrival: Arrival = { number: this.#arrivals, at: this.#clock.monotonic(), unanswered: false };
    this.#lastArrivals.delete(fingerprint);
    this.#lastArrivals.set(fingerprint, arrival);
    this.#forgetOldest();
    const isLast = () => this.#lastArrivals.get(fingerprint)?.number === arrival.number;
    return {
      kind: kindAfter(before),
      leftUnanswered: () => {
        if (isLast()) arrival.unanswered = true;
      },
      notStored: () => {
        if (!isLast()) return;
        this.#lastArrivals.delete(fingerprint);
        if (before !== undefined) this.#lastArrivals.set(fingerprint, before);
      },
    };
  }

  #recent(fingerprint: string): Arrival | undefined {
    const arrival = this.#lastArrivals.get(fingerprint);
    return arrival !== undefined && this.#clock.monotonic() - arrival.at < keptMs ? arrival : undefined;
  }

  #forgetOldest(): void {
    const oldest = this.#lastArrivals.keys().next();
    if (this.#lastArrivals.size > maxKept && !oldest.done) this.#lastArrivals.delete(oldest.value);
  }
}

function kindAfter(before: Arrival | undefined): Copy['kind'] {
  if (before === undefined) return 'first';
  return before.unanswered ? 'answer-only' : 'look-alike';
}
