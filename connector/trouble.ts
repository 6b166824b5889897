import type { Clock } from './clock.ts';
import type { Log, LogFields } from './log.ts';

/** So long without a failure, in ms, and it is over: of what fails now and then not every time is told. */
const calmMs = 10_000;

export interface TroubleOptions {
  /** @default 'error' */
  readonly level?: 'warn' | 'error';
  /** What is said when it begins. */
  readonly begins: string;
  readonly ends: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Something that fails again and again, for every message perhaps: told when it begins and when it is over, in between at debug. */
export class Trouble {
  readonly #options: TroubleOptions;
  /** While it lasts. */
  #lastFailure: { readonly at: number; readonly fields: LogFields } | undefined;
  /** Something succeeded since. */
  #mayBeOver = false;

  constructor(options: TroubleOptions) {
    this.#options = options;
  }

  failed(error: Error, fields: LogFields = {}): void {
    const { level = 'error', begins, clock, log } = this.#options;
    const isNew = this.#lastFailure === undefined || (this.#mayBeOver && this.#isCalm());
    this.#lastFailure = { at: clock.monotonic(), fields };
    this.#mayBeOver = false;
    log[isNew ? level : 'debug'](begins, { ...fields, error: error.message });
  }

  succeeded(): void {
    const { ends, log } = this.#options;
    if (this.#lastFailure === undefined) return;
    this.#mayBeOver = true;
    if (!this.#isCalm()) return;
    log.info(ends, this.#lastFailure.fields);
    this.#lastFailure = undefined;
  }

  #isCalm(): boolean {
    return this.#lastFailure !== undefined && this.#options.clock.monotonic() - this.#lastFailure.at >= calmMs;
  }
}
