import type { Clock } from '../../../connector/clock.ts';
import { EarliestTimer } from '../../../connector/smpp/earliest-timer.ts';

/** What is due runs in turns of so many: between them the rest of the process has its turn. */
const maxInOneTurn = 1_000;
/** A timer of the system must not be set for more than 2^31 ms: it would go off at once. */
const longestTimerMs = 24 * 3_600_000;

interface Entry {
  readonly at: number;
  /** What is due at the same time runs in the order in which it was put down. */
  readonly order: number;
  readonly run: () => void;
  /** In the heap; -1 once it ran or was cancelled. */
  index: number;
}

/** What is to be done when, however much and however late, with one timer of the clock. */
export class Agenda {
  readonly #clock: Clock;
  readonly #timer: EarliestTimer;
  /** A binary heap: each entry is due no earlier than its parent, at (index - 1) / 2. */
  readonly #heap: Entry[] = [];
  #order = 0;
  #isEnded = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#timer = new EarliestTimer(clock, () => this.#runDue());
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Calls `run` once after `ms`, unless the returned function is called first, or `end`. */
  after(ms: number, run: () => void): () => void {
    if (this.#isEnded) return () => {};
    const entry: Entry = { at: this.#clock.monotonic() + ms, order: this.#order++, run, index: this.#heap.length };
    this.#heap.push(entry);
    this.#rise(entry);
    this.#arm();
    return () => this.#remove(entry);
  }

  /** Nothing of it is done any more, nor of what is put down later. */
  end(): void {
    this.#isEnded = true;
    for (const entry of this.#heap) entry.index = -1;
    this.#heap.length = 0;
    this.#timer.cancel();
  }

  #runDue(): void {
    const now = this.#clock.monotonic();
    // What runs here may put down more that is due at once: that waits for the next turn of the event loop.
    const upTo = this.#order;
    let ran = 0;
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      if (first.order >= upTo || ran++ >= maxInOneTurn) break;
      this.#remove(first);
      first.run();
    }
    this.#arm();
  }

  #arm(): void {
    const first = this.#heap[0];
    if (first !== undefined) this.#timer.arm(Math.min(first.at, this.#clock.monotonic() + longestTimerMs));
  }

  #remove(entry: Entry): void {
    const { index } = entry;
    const last = index === -1 ? undefined : this.#heap.pop();
    entry.index = -1;
    if (last === undefined || last === entry) return;
    this.#place(last, index);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(entry: Entry): void {
    while (entry.index > 0) {
      const parent = this.#heap[(entry.index - 1) >> 1];
      if (parent === undefined || isBefore(parent, entry)) return;
      this.#swap(parent, entry);
    }
  }

  #sink(entry: Entry): void {
    for (;;) {
      const left = this.#heap[2 * entry.index + 1];
      const right = this.#heap[2 * entry.index + 2];
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || isBefore(entry, child)) return;
      this.#swap(entry, child);
    }
  }

  #swap(upper: Entry, lower: Entry): void {
    const { index } = upper;
    this.#place(upper, lower.index);
    this.#place(lower, index);
  }

  #place(entry: Entry, index: number): void {
    this.#heap[index] = entry;
    entry.index = index;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
