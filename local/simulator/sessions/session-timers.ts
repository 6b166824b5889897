import type { Clock } from '../../../connector/clock.ts';
import type { EndBy } from '../play/behaviour.ts';
import type { Stage } from '../play/stage.ts';
import { Timers } from './timers.ts';

const unboundMs = 60_000;
const closingMs = 5_000;

export interface SessionTimersOptions {
  readonly stage: Stage;
  readonly clock: Clock;
  /** It was silent too long, or never bound. */
  readonly close: () => void;
  /** The peer does not close its side. */
  readonly reset: () => void;
  readonly enquire: () => void;
  /** Its time by the play is over. */
  readonly end: (by: EndBy) => void;
}

/** When a session does something by itself. */
export class SessionTimers {
  readonly #options: SessionTimersOptions;
  readonly #timers: Timers<'unbound' | 'idle' | 'enquire' | 'end' | 'closing'>;
  #heardAt: number;

  constructor(options: SessionTimersOptions) {
    this.#options = options;
    this.#timers = new Timers(options.clock);
    this.#heardAt = options.clock.monotonic();
  }

  /** Something came from the peer. */
  heard(): void {
    this.#heardAt = this.#options.clock.monotonic();
  }

  /** By what is played now. */
  restart(state: 'open' | 'bound'): void {
    const { close, end: endBy, stage } = this.#options;
    const { idleMs, enquireLinkEveryMs, end } = stage.behaviour.connections;
    this.stop();
    if (idleMs !== null) this.#watchIdle(idleMs);
    if (state === 'open') {
      this.#timers.start('unbound', unboundMs, close);
      return;
    }
    if (enquireLinkEveryMs !== null) this.#enquireEvery(enquireLinkEveryMs);
    if (end?.afterMs !== undefined) this.#timers.start('end', end.afterMs, () => endBy(end.by));
  }

  /** The FIN is on its way. */
  closing(): void {
    this.stop();
    this.#timers.start('closing', closingMs, this.#options.reset);
  }

  stop(): void {
    this.#timers.cancelAll();
  }

  #watchIdle(idleMs: number): void {
    const { clock, close } = this.#options;
    const left = Math.max(0, this.#heardAt + idleMs - clock.monotonic());
    this.#timers.start('idle', left, () => {
      if (clock.monotonic() - this.#heardAt >= idleMs) close();
      else this.#watchIdle(idleMs);
    });
  }

  #enquireEvery(everyMs: number): void {
    this.#timers.start('enquire', everyMs, () => {
      this.#options.enquire();
      this.#enquireEvery(everyMs);
    });
  }
}
