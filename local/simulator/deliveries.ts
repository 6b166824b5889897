import type { Clock } from '../../connector/clock.ts';
import { commandStatus } from './command-status.ts';
import type { SmscSession } from './session.ts';

/** Refusals after which a deliver_sm is sent again. */
const retryStatuses: ReadonlySet<number> = new Set([
  commandStatus.queueFull,
  commandStatus.throttled,
  commandStatus.temporaryAppError,
]);
const retryAfterMs = 1_000;

export interface DeliveriesOptions {
  /** A session that takes deliver_sm, if one is bound. */
  readonly receiver: () => SmscSession | undefined;
  readonly clock: Clock;
}

/** Store and forward of deliver_sm: each is kept until a bound session has answered it. */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
  #outstanding = 0;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** Deliveries without a final answer. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Resolves with the command_status of the final answer; undefined when `end` came first. */
  async deliver(fields: Record<string, unknown>): Promise<number | undefined> {
    const { clock } = this.#options;
    this.#outstanding++;
    try {
      while (!this.#stop.signal.aborted) {
        const session = this.#options.receiver();
        if (session === undefined) {
          await this.#nextReceiver();
          continue;
        }
        const answer = await session.deliver(fields);
        if (answer === 'lost') continue;
        if (!retryStatuses.has(answer)) return answer;
        await clock.sleep(retryAfterMs, this.#stop.signal);
      }
      return undefined;
    } finally {
      this.#outstanding--;
    }
  }

  /** To be called when a session that takes deliver_sm was bound. */
  receiverBound(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Gives up what is outstanding. */
  end(): void {
    this.#stop.abort();
    this.receiverBound();
  }

  #nextReceiver(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }
}
