import type { CarrierStateEvent } from '#contract/connector-events.ts';
import { toError } from '#contract/to-error.ts';
import type { Clock } from './clock.ts';
import { eventIds } from './event-ids.ts';
import type { Log } from './log.ts';

const reportEveryMs = 30_000;

export interface CarrierStateOptions {
  readonly carrier: string;
  /** Names this process among the carrier's tasks. */
  readonly bindId: string;
  readonly publish: (event: CarrierStateEvent) => Promise<void>;
  readonly emitBoundBinds: (count: 0 | 1) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tells whether this task holds its bind: as an event and a metric, at each change and every 30 s. */
export class CarrierState {
  readonly #options: CarrierStateOptions;
  readonly #stopping = new AbortController();
  #state: CarrierStateEvent['state'] = 'unbound';
  #reason: string | undefined = 'not bound yet';
  #reports = 0;

  constructor(options: CarrierStateOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#report();
      await this.#options.clock.sleep(reportEveryMs, this.#stopping.signal);
    }
  }

  change(state: CarrierStateEvent['state'], reason?: string): void {
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

  /** Never rejects: the next report is at most 30 s away. */
  async #report(): Promise<void> {
    const { carrier, bindId, publish, emitBoundBinds, clock, log } = this.#options;
    this.#reports += 1;
    const time = new Date(clock.now()).toISOString();
    const reason = this.#reason === undefined ? {} : { reason: this.#reason };
    try {
      emitBoundBinds(this.#state === 'bound' ? 1 : 0);
      const id = eventIds.carrierState(bindId, this.#reports);
      await publish({ type: 'carrier-state', id, carrier, time, bindId, state: this.#state, ...reason });
    } catch (cause) {
      log.warn('cannot report the state of the bind', { error: toError(cause).message });
    }
  }
}
