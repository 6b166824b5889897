import type { CarrierStateEvent } from '#contract/connector-events.ts';
import { toError } from '#contract/to-error.ts';
import type { Clock } from './clock.ts';
import { eventIds } from './event-ids.ts';
import type { Log } from './log.ts';
import { Trouble } from './trouble.ts';

const reportEveryMs = 30_000;
/** How often it is seen whether the SMSC throttles, in ms; more often that is not reported. */
const lookEveryMs = 1_000;

export type Observed = Pick<CarrierStateEvent, 'effectiveRate' | 'rateLimit' | 'throttled'>;
export type Backlog = Pick<CarrierStateEvent, 'backlog'>;

export interface CarrierStateOptions {
  readonly carrier: string;
  /** Names this process among the carrier's tasks. */
  readonly bindId: string;
  readonly publish: (event: CarrierStateEvent) => Promise<void>;
  /** What else a report tells, as things stand. */
  readonly observe: () => Observed;
  /** What it tells besides, as far as it can be had. */
  readonly countBacklog: () => Promise<Backlog>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tells the functions whether this task holds its bind, and how it goes: at each change and every 30 s. */
export class CarrierState {
  readonly #options: CarrierStateOptions;
  readonly #stopping = new AbortController();
  readonly #trouble: Trouble;
  #state: CarrierStateEvent['state'] = 'unbound';
  #reason: string | undefined = 'not bound yet';
  #toldThrottled: boolean | undefined;
  #reports = 0;
  #unsent = 0;
  #reported: Promise<void> = Promise.resolve();

  constructor(options: CarrierStateOptions) {
    this.#options = options;
    this.#trouble = new Trouble({
      ...options,
      level: 'warn',
      begins: 'cannot report the state of the bind',
      ends: 'the state of the bind can be reported again',
    });
  }

  async run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    let dueAt = clock.monotonic();
    for (; !signal.aborted; await clock.sleep(lookEveryMs, signal)) {
      const now = clock.monotonic();
      const isDue = now >= dueAt;
      if (isDue) dueAt = now + reportEveryMs;
      // While AWS does not answer they would only pile up.
      if (this.#unsent === 0 && (isDue || this.#isThrottledAnew())) void this.#report();
    }
  }

  change(state: CarrierStateEvent['state'], reason?: string): void {
    if (state === this.#state && reason === this.#reason) return;
    this.#state = state;
    this.#reason = reason;
    void this.#report();
  }

  /** The last word: this task is going. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#state = 'stopped';
    this.#reason = undefined;
    await this.#report();
  }

  /** It began to throttle, or is through with it. */
  #isThrottledAnew(): boolean {
    return this.#options.observe().throttled !== this.#toldThrottled;
  }

  /** Never rejects: the next report is at most 30 s away. Reports leave in the order in which they are asked for. */
  #report(): Promise<void> {
    this.#reports += 1;
    this.#unsent += 1;
    const { carrier, bindId, clock, observe } = this.#options;
    const observed = this.#state === 'stopped' ? {} : observe();
    this.#toldThrottled = observed.throttled;
    const report: CarrierStateEvent = {
      type: 'carrier-state',
      id: eventIds.carrierState(bindId, this.#reports),
      carrier,
      time: new Date(clock.now()).toISOString(),
      bindId,
      state: this.#state,
      ...(this.#reason !== undefined && { reason: this.#reason }),
      ...observed,
    };
    this.#reported = this.#reported.then(() => this.#send(report));
    return this.#reported;
  }

  async #send(report: CarrierStateEvent): Promise<void> {
    const { publish, countBacklog } = this.#options;
    try {
      const backlog = report.state === 'stopped' ? {} : await countBacklog();
      await publish({ ...report, ...backlog });
      this.#trouble.succeeded();
    } catch (cause) {
      this.#trouble.failed(toError(cause));
    } finally {
      this.#unsent -= 1;
    }
  }
}
