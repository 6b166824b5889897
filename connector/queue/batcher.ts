import { toError } from '#contract/to-error.ts';
import type { Clock } from '../clock.ts';

export interface BatcherOptions<Item> {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly sizeOf: (item: Item) => number;
  readonly clock: Clock;
  /** One call for all. Resolves with an error, or undefined, per item; rejects when the whole call failed. */
  readonly send: (items: readonly Item[]) => Promise<readonly (Error | undefined)[]>;
}

/** A batch that has not grown for so long, in ms, is sent. Short beside the round trip to AWS. */
const lookEveryMs = 3;
/** However it grows, it is sent after so many looks: 21 ms, in which company has come all the time. */
const mostLooks = 7;

interface Entry<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Joins items that come close together into one call: a batch is sent when it is full, or when nobody else comes. So what
 * comes alone hardly waits, and a steady stream fills its calls, which cost the same whatever is in them. It does not try
 * again: each item's promise tells its fate.
 */
export class Batcher<Item> {
  readonly #options: BatcherOptions<Item>;
  readonly #sending = new Set<Promise<void>>();
  #entries: Entry<Item>[] = [];
  #bytes = 0;
  /** Of the batch: how many items it had at the last look, and how many looks there were. */
  #seen = 0;
  #looks = 0;
  #cancelLook: () => void = () => {};

  constructor(options: BatcherOptions<Item>) {
    this.#options = options;
  }

  /** Resolves when the item's batch was sent and the item was taken; rejects with the item's error. */
  add(item: Item): Promise<void> {
    const { maxItems, maxBytes, sizeOf } = this.#options;
    const size = sizeOf(item);
    if (this.#bytes + size > maxBytes) this.#flush();
    return new Promise((resolve, reject) => {
      this.#entries.push({ item, resolve, reject });
      this.#bytes += size;
      if (this.#entries.length >= maxItems) this.#flush();
      else if (this.#entries.length === 1) this.#lookLater();
    });
  }

  /** Sends what waits and resolves when every call under way has ended. For when nobody adds any more. */
  async close(): Promise<void> {
    this.#flush();
    await Promise.all(this.#sending);
  }

  #lookLater(): void {
    this.#seen = this.#entries.length;
    this.#cancelLook = this.#options.clock.after(lookEveryMs, () => {
      this.#looks += 1;
      if (this.#entries.length > this.#seen && this.#looks < mostLooks) this.#lookLater();
      else this.#flush();
    });
  }

  #flush(): void {
    this.#cancelLook();
    this.#looks = 0;
    const entries = this.#entries;
    if (entries.length === 0) return;
    this.#entries = [];
    this.#bytes = 0;
    const sending = this.#send(entries).finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  async #send(entries: readonly Entry<Item>[]): Promise<void> {
    try {
      const errors = await this.#options.send(entries.map(({ item }) => item));
      entries.forEach(({ resolve, reject }, index) => {
        const error = errors[index];
        if (error === undefined) resolve();
        else reject(error);
      });
    } catch (cause) {
      const error = toError(cause);
      for (const { reject } of entries) reject(error);
    }
  }
}
