import type { Priority } from '#contract/outbound-sms.ts';

/** A place in the window, held from before a request is written until it is settled. */
export interface Slot {
  release(): void;
}

interface Waiter {
  readonly take: (slot: Slot | undefined) => void;
}

/**
 * How many requests may await a response at once. Slots are given only while the window is open
 * (there is a bound session), first to urgent waiters, and in order of asking within a priority.
 */
export class Window {
  readonly #size: number;
  readonly #waiters: Record<Priority, Set<Waiter>> = { urgent: new Set(), normal: new Set() };
  readonly #unusedWaiters = new Set<() => void>();
  #used = 0;
  #open = false;

  constructor(size: number) {
    this.#size = size;
  }

  get used(): number {
    return this.#used;
  }

  open(): void {
    this.#open = true;
    this.#serve();
  }

  /** Slots that were given stay with their holders; no new one is given. */
  close(): void {
    this.#open = false;
  }

  /** Resolves with a slot, or with undefined as soon as `stop` aborts. */
  acquire(priority: Priority, stop: AbortSignal): Promise<Slot | undefined> {
    if (stop.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const waiters = this.#waiters[priority];
      const onStop = () => {
        waiters.delete(waiter);
        resolve(undefined);
      };
      const waiter: Waiter = {
        take: (slot) => {
          stop.removeEventListener('abort', onStop);
          resolve(slot);
        },
      };
      stop.addEventListener('abort', onStop, { once: true });
      waiters.add(waiter);
      this.#serve();
    });
  }

  /** Resolves when no slot is held, or as soon as `stop` aborts. */
  untilUnused(stop: AbortSignal): Promise<void> {
    if (this.#used === 0 || stop.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#unusedWaiters.delete(done);
        stop.removeEventListener('abort', done);
        resolve();
      };
      this.#unusedWaiters.add(done);
      stop.addEventListener('abort', done, { once: true });
    });
  }

  #serve(): void {
    while (this.#open && this.#used < this.#size) {
      const waiters = this.#waiters.urgent.size > 0 ? this.#waiters.urgent : this.#waiters.normal;
      const [first] = waiters;
      if (first === undefined) return;
      waiters.delete(first);
      first.take(this.#newSlot());
    }
  }

  #newSlot(): Slot {
    this.#used += 1;
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.#used -= 1;
        this.#serve();
        if (this.#used === 0) for (const done of this.#unusedWaiters) done();
      },
    };
  }
}
