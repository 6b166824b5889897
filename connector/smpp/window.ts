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

type Waiter<Given> = (given: Given) => void;

/**
 * How long before its turn a place is given: time enough for an at-most-once message to be made nobody else's (two calls to
 * SQS), and so short that what is urgent comes before all but a few of those that wait.
 */
const aheadMs = 100;

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
  readonly #waiters: Record<Priority, Set<Waiter<Slot>>> = { urgent: new Set(), normal: new Set() };
  /** Those that have a place and wait for their turn. */
  readonly #turns = new Set<Waiter<void>>();
  readonly #unusedWaiters = new Set<() => void>();
  #used = 0;
  /** Places whose holders have yet to write. */
  #turnless = 0;
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
  acquire(priority: Priority, stop: AbortSignal): Promise<Slot | undefined> {
    if (stop.aborted) return Promise.resolve(undefined);
    // Mostly there is nothing to wait for, and so no need to listen to `stop`.
    if (this.#nextWaiting() === undefined && this.#hasPlace(this.#clock.monotonic())) {
      return Promise.resolve(this.#newSlot());
    }
    return new Promise((resolve) => {
      wait(this.#waiters[priority], stop, (given) => resolve(given === 'stopped' ? undefined : given));
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
  }

  #giveTurns(now: number): void {
    for (const take of this.#turns) {
      const delayMs = this.#pace.delayMs(now);
      if (delayMs > 0) {
        this.#timer.arm(now + Math.ceil(delayMs));
        return;
      }
      this.#turns.delete(take);
      take();
    }
  }

  #givePlaces(now: number): void {
    for (let next = this.#nextWaiting(); next !== undefined && this.#hasPlace(now); next = this.#nextWaiting()) {
      this.#waiters.urgent.delete(next);
      this.#waiters.normal.delete(next);
      next(this.#newSlot());
    }
  }

  #nextWaiting(): Waiter<Slot> | undefined {
    const [first] = this.#waiters.urgent.size > 0 ? this.#waiters.urgent : this.#waiters.normal;
    return first;
  }

  /** Whether a place can be given at `now`; if it is too early for that, this is served again when it is not. */
  #hasPlace(now: number): boolean {
    if (!this.#open || this.#used >= this.#size) return false;
    const inMs = this.#pace.delayMs(now) - aheadMs;
    if (inMs > 0) this.#timer.arm(now + Math.ceil(inMs));
    // Where enough holders wait for their turn already, the next one to have it makes room here.
    return inMs <= 0 && this.#turnless <= (this.#pace.limit(now) * aheadMs) / 1_000;
  }

  #newSlot(): Slot {
    this.#used += 1;
    this.#turnless += 1;
    this.#peak = Math.max(this.#peak, this.#used);
    let state: 'turnless' | 'writing' | 'released' = 'turnless';
    const become = (next: typeof state) => {
      this.#turnless += Number(next === 'turnless') - Number(state === 'turnless');
      state = next;
    };
    return {
      turn: (stop) => {
        if (state === 'released' || stop.aborted) return Promise.resolve(false);
        become('turnless');
        const write = () => {
          become('writing');
          this.#pace.wrote(this.#clock.monotonic());
        };
        const now = this.#clock.monotonic();
        if (this.#turns.size === 0 && this.#pace.delayMs(now) <= 0) {
          write();
          this.#givePlaces(now);
          return Promise.resolve(true);
        }
        return new Promise((resolve) => {
          wait(this.#turns, stop, (given) => {
            if (given !== 'stopped') write();
            resolve(given !== 'stopped');
          });
          this.serve();
        });
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
}

/** Calls `take` with what it is given, or with 'stopped' as soon as `stop` aborts; then it waits no more. */
function wait<Given>(waiters: Set<Waiter<Given>>, stop: AbortSignal, take: (given: Given | 'stopped') => void): void {
  const onStop = () => {
    waiters.delete(waiter);
    take('stopped');
  };
  const waiter = (given: Given) => {
    stop.removeEventListener('abort', onStop);
    take(given);
  };
  stop.addEventListener('abort', onStop, { once: true });
  waiters.add(waiter);
}
