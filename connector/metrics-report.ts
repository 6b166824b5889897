import type { Clock } from './clock.ts';
import type { Gauges, Meters, TellMetrics } from './meters.ts';

const everyMs = 30_000;

export interface MetricsReportOptions {
  readonly meters: Pick<Meters, 'take'>;
  readonly gauges: () => Gauges;
  readonly tell: TellMetrics;
  readonly clock: Clock;
}

/** Tells the metrics: all of them at once every 30 s and at the end, and in between only that a bind came or went. */
export class MetricsReport {
  readonly #options: MetricsReportOptions;
  readonly #stopping = new AbortController();
  #isBound = false;

  constructor(options: MetricsReportOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    for (; !signal.aborted; await clock.sleep(everyMs, signal)) this.#tellAll();
  }

  noteBound(isBound: boolean): void {
    if (isBound === this.#isBound) return;
    this.#isBound = isBound;
    this.#options.tell([['boundBinds', [isBound ? 1 : 0]]]);
  }

  /** Once everything has ended that counts. */
  stop(): void {
    this.#stopping.abort();
    this.#tellAll();
  }

  #tellAll(): void {
    const { meters, gauges, tell } = this.#options;
    tell(meters.take(gauges()));
  }
}
