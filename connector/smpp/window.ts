import type { Priority } from '#contract/outbound-sms.ts';
import type { Clock } from '../clock.ts';
import { EarliestTimer } from './earliest-timer.ts';

/** A place in the window for one request at a time, held from before it is written until it is settled. */
export interface Slot {
  /**
   * Resolves with true when the holder may write a request, at once, before anything else is awaited; with false
   * as soon as `stop` aborts. Not to be called again before it has resolved.
   */
  turn(stop: AbortSignal): Promise<boolean>;
  release(): void;
}

/** When the next request may be written; `Pace` as the window sees it. */
export interface WindowPace {
  limit(now: number): number;
  delayMs(now: number): number;
  wrote(now: number): void;
}

export interface WindowOptions {
  readonly size: number;
  readonly pace: WindowPace;
  readonly clock: Clock;
}

/** Who asks for a place. */
export interface Claimant {
  readonly priority: Priority;
  /** At-most-once, and nobody else's any more: it comes before the others of its priority. */
  readonly claimed: boolean;
  /** The SMSC has throttled it: one that it has not comes first, whatever its priority, for that may pass where this one does not. */
  readonly throttled: boolean;
}

type Waiter<Given> = (given: Given) => void;

interface Waiting {
  readonly claimant: Claimant;
  readonly take: Waiter<Slot>;
  /** How many that were not throttled must have had a place before. */
  readonly after: number;
}

/** How long before its turn a place is given: so short that what is urgent comes before all but a few of those that wait. */
const aheadMs = 100;
/** How long before the next write it is near. */
const nearMs = 1_000;

/**
 * How many requests may await a response at once, and when each may be written. Places are given only while the window is
 * open (there is a bound session), no sooner than their turn is near, first to urgent waiters, and in order of asking within
 * a priority.
 */
export class Window {
  readonly #size: number;
  readonly #pace: WindowPace;
  readonly #clock: Clock;
  readonly #timer: EarliestTimer;
  readonly #queues = { urgent: newQueues(), normal: newQueues() };
  /** For a place, the most important first. */
  readonly #waiting = [this.#queues.urgent, this.#queues.normal].flatMap(({ claimed, others }) => [claimed, others]);
  readonly #untilNear = new Set<Waiter<void>>();
  /** Places that were given to those that were not throttled. */
  #given = 0;
  /** Those that have a place and wait for their turn. */
  readonly #turns = { urgent: new Set<Waiter<void>>(), normal: new Set<Waiter<void>>() };
  readonly #unusedWaiters = new Set<() => void>();
  #used = 0;
  /** Places whose holders have yet to write. */
  readonly #turnless = { urgent: 0, normal: 0 };
  #peak = 0;
  #open = false;

  constructor({ size, pace, clock }: WindowOptions) {
    this.#size = size;
    this.#pace = pace;
    this.#clock = clock;
    this.#timer = new EarliestTimer(clock, () => this.serve());
  }

  get used(): number {
    return this.#used;
  }

  /** Most of the window that was in use at once since this was asked last, 0 to 1. */
  takePeakUse(): number {
    const peak = this.#peak;
    this.#peak = this.#used;
    return peak / this.#size;
  }

  open(): void {
    this.#open = true;
    this.serve();
  }

  /** Places that were given stay with their holders, who still get their turns; no new one is given. */
  close(): void {
    this.#open = false;
  }

  /** For when nobody asks any more. */
  stop(): void {
    this.close();
    this.#timer.cancel();
  }

  /** Resolves with a place, or with undefined as soon as `stop` aborts. */
  acquire(claimant: Claimant, stop: AbortSignal): Promise<Slot | undefined> {
    if (stop.aborted) return Promise.resolve(undefined);
    // Mostly there is nothing to wait for, and so no need to listen to `stop`.
    if (this.#nextWaiting() === undefined && this.#hasPlace(claimant, this.#clock.monotonic())) {
      return Promise.resolve(this.#newSlot(claimant));
    }
    const { claimed, others } = this.#queues[claimant.priority];
    const queue = claimant.claimed ? claimed : others;
    return new Promise((resolve) => {
      const onStop = () => {
        queue.delete(waiting);
        resolve(undefined);
      };
      const take = (slot: Slot) => {
        queue.delete(waiting);
        stop.removeEventListener('abort', onStop);
        resolve(slot);
      };
      const waiting: Waiting = { claimant, take, after: claimant.throttled ? this.#given + 1 : 0 };
      stop.addEventListener('abort', onStop, { once: true });
      queue.add(waiting);
      this.serve();
    });
  }

  /** Resolves with true when the window is open and the next write at most a second away; with false as soon as `stop` aborts. */
  untilNear(stop: AbortSignal): Promise<boolean> {
    if (stop.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      wait(this.#untilNear, stop, (given) => resolve(given !== 'stopped'));
      this.serve();
    });
  }

  /** Resolves when no place is held, or as soon as `stop` aborts. */
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

  /** Gives what can be given now; to be called too when the pace has changed. */
  serve(): void {
    const now = this.#clock.monotonic();
    this.#giveTurns(now);
    this.#givePlaces(now);
    if (this.#untilNear.size === 0 || !this.#open || this.#isTooEarly(now, nearMs)) return;
    for (const take of this.#untilNear) {
      take();
    }
  }

  #giveTurns(now: number): void {
    for (const turns of [this.#turns.urgent, this.#turns.normal]) {
      for (const take of turns) {
        if (this.#isTooEarly(now, 0)) return;
        take();
      }
    }
  }

  #givePlaces(now: number): void {
    for (let next = this.#nextWaiting(); next !== undefined; next = this.#nextWaiting()) {
      if (!this.#hasPlace(next.claimant, now)) return;
      next.take(this.#newSlot(next.claimant));
    }
  }

  #nextWaiting(): Waiting | undefined {
    let throttled: Waiting | undefined;
    for (const each of this.#waiting) {
      for (const waiting of each) {
        if (waiting.after <= this.#given) return waiting;
        throttled ??= waiting;
      }
    }
    return throttled;
  }

  /** Whether a place can be given at `now`. */
  #hasPlace({ priority }: Claimant, now: number): boolean {
    if (!this.#open || this.#used >= this.#size || this.#isTooEarly(now, aheadMs)) return false;
    // Those whose turns come before its own. Where they are enough, the next one to have it makes room here.
    const before = this.#turnless.urgent + (priority === 'normal' ? this.#turnless.normal : 0);
    return before <= (this.#pace.limit(now) * aheadMs) / 1_000;
  }

  /** Whether the next write is more than `ms` away; then this is served again when it is not. */
  #isTooEarly(now: number, ms: number): boolean {
    const tooEarlyMs = this.#pace.delayMs(now) - ms;
    if (tooEarlyMs > 0) this.#timer.arm(now + Math.ceil(tooEarlyMs));
    return tooEarlyMs > 0;
  }

  #newSlot({ priority, throttled }: Claimant): Slot {
    this.#used += 1;
    if (!throttled) this.#given += 1;
    this.#turnless[priority] += 1;
    this.#peak = Math.max(this.#peak, this.#used);
    let state: 'turnless' | 'writing' | 'released' = 'turnless';
    const become = (next: typeof state) => {
      this.#turnless[priority] += Number(next === 'turnless') - Number(state === 'turnless');
      state = next;
    };
    const write = () => {
      become('writing');
      this.#pace.wrote(this.#clock.monotonic());
    };
    return {
      turn: (stop) => {
        if (state === 'released' || stop.aborted) return Promise.resolve(false);
        become('turnless');
        return this.#turn(priority, stop, write);
      },
      release: () => {
        if (state === 'released') return;
        become('released');
        this.#used -= 1;
        this.serve();
        if (this.#used === 0) for (const done of this.#unusedWaiters) done();
      },
    };
  }

  #turn(priority: Priority, stop: AbortSignal, write: () => void): Promise<boolean> {
    const now = this.#clock.monotonic();
    const { urgent, normal } = this.#turns;
    if (urgent.size === 0 && normal.size === 0 && this.#pace.delayMs(now) <= 0) {
      write();
      this.#givePlaces(now);
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      wait(this.#turns[priority], stop, (given) => {
        if (given !== 'stopped') write();
        resolve(given !== 'stopped');
      });
      this.serve();
    });
  }
}

function newQueues() {
  return { claimed: new Set<Waiting>(), others: new Set<Waiting>() };
}

/** Calls `take` with what it is given, or with 'stopped' as soon as `stop` aborts; then it waits no more. */
function wait<Given>(waiters: Set<Waiter<Given>>, stop: AbortSignal, take: (given: Given | 'stopped') => void): void {
  const onStop = () => {
    waiters.delete(waiter);
    take('stopped');
  };
  const waiter = (given: Given) => {
    waiters.delete(waiter);
    stop.removeEventListener('abort', onStop);
    take(given);
  };
  stop.addEventListener('abort', onStop, { once: true });
  waiters.add(waiter);
}
