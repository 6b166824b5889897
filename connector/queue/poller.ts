import { toError } from '#contract/to-error.ts';
import { type BackoffOptions, backoffMs } from '../backoff.ts';
import type { Clock } from '../clock.ts';

const errorBackoff: BackoffOptions = { firstDelayMs: 500, maxDelayMs: 20_000 };

export interface PollerOptions {
  /** One receive, with what it brings handed on. Waits at most the long poll's seconds. */
  readonly receive: (maxMessages: number) => Promise<void>;
  /** Resolves with what one more receive may bring, once that is at least 1; with 0 when `stop` aborts before. */
  readonly room: () => Promise<number>;
  readonly onError: (error: Error, failures: number) => void;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Receives whenever there is room, several at once while there is room for them, until `stop` aborts. Receives under way
 * are waited for, never aborted: SQS may already have handed out messages that nobody would see until their visibility ends.
 */
export async function poll(options: PollerOptions, stop: AbortSignal): Promise<void> {
  const { receive, room, onError, clock, random } = options;
  const underWay = new Set<Promise<void>>();
  let failures = 0;
  let pause: Promise<void> | undefined;

  const receiveOnce = async (maxMessages: number): Promise<void> => {
    try {
      await receive(maxMessages);
      failures = 0;
    } catch (cause) {
      // All that are under way when the queue fails are one failure.
      if (pause !== undefined) return;
      failures += 1;
      pause = clock.sleep(backoffMs(failures, errorBackoff, random), stop).then(() => {
        pause = undefined;
      });
      onError(toError(cause), failures);
    }
  };

  while (!stop.aborted) {
    const free = await room();
    if (free === 0) break;
    if (pause === undefined) {
      const receiving = receiveOnce(free).finally(() => underWay.delete(receiving));
      underWay.add(receiving);
    } else {
      await pause;
    }
  }
  await Promise.all(underWay);
}
