import type { CarrierStateEvent } from '#contract/connector-events.ts';
import type { MetricName } from '#contract/metrics.ts';
import { toError } from '#contract/to-error.ts';
import type { Clock } from './clock.ts';
import { eventIds } from './event-ids.ts';
import type { Log } from './log.ts';

const reportEveryMs = 30_000;

export type Observed = Pick<CarrierStateEvent, 'effectiveRate' | 'backlog'>;

export interface CarrierStateOptions {
  readonly carrier: string;
  /** Names this process among the carrier's tasks. */
  readonly bindId: string;
  readonly publish: (event: CarrierStateEvent) => Promise<void>;
  /** What else the report tells, as far as it can be seen now. */
  readonly observe: () => Promise<Observed>;
  readonly emitMetric: (metric: MetricName, value: number) => void;
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
  #reported: Promise<void> = Promise.resolve();

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

  /** Never rejects: the next report is at most 30 s away. Reports leave in the order in which they are asked for. */
  #report(): Promise<void> {
    this.#reports += 1;
    const { carrier, bindId, clock } = this.#options;
    const report: CarrierStateEvent = {
      type: 'carrier-state',
      id: eventIds.carrierState(bindId, this.#reports),
      carrier,
      time: new Date(clock.now()).toISOString(),
      bindId,
      state: this.#state,
      ...(this.#reason !== undefined && { reason: this.#reason }),
    };
    this.#reported = this.#reported.then(() => this.#send(report));
    return this.#reported;
  }

  async #send(report: CarrierStateEvent): Promise<void> {
    const { publish, observe, emitMetric, log } = this.#options;
    try {
      emitMetric('boundBinds', report.state === 'bound' ? 1 : 0);
      const observed = report.state === 'stopped' ? {} : await observe();
      await publish({ ...report, ...observed });
    } catch (cause) {
      log.warn('cannot report the state of the bind', { error: toError(cause).message });
    }
  }
}
