import type { Clock } from '../../../connector/clock.ts';
import type { Stage } from '../play/stage.ts';
import type { SmscHost } from './smsc-host.ts';
import { Timers } from './timers.ts';

export interface MaintenanceOptions {
  readonly hosts: readonly SmscHost[];
  readonly stage: Stage;
  readonly clock: Clock;
}

/** Hosts that are away in turn, as the play has it. */
export class Maintenance {
  readonly #hosts: readonly SmscHost[];
  readonly #stage: Stage;
  readonly #timers: Timers<'turn'>;

  constructor({ hosts, stage, clock }: MaintenanceOptions) {
    this.#hosts = hosts;
    this.#stage = stage;
    this.#timers = new Timers(clock);
  }

  /** Begins anew: with the first of several hosts away, or with the only one present. */
  start(): void {
    this.stop();
    const { maintenance } = this.#stage.behaviour.connections;
    if (maintenance !== null) this.#turn(this.#hosts.length > 1 ? 0 : 1, maintenance.everyMs);
  }

  stop(): void {
    this.#timers.cancelAll();
    for (const host of this.#hosts) host.setAway(false);
  }

  /** A single host takes turns with none. */
  #turn(away: number, everyMs: number): void {
    this.#hosts.forEach((host, index) => {
      host.setAway(index === away);
    });
    this.#timers.start('turn', everyMs, () => this.#turn((away + 1) % Math.max(2, this.#hosts.length), everyMs));
  }
}
