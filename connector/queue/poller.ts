import { toError } from '#contract/to-error.ts';
import { type BackoffOptions, backoffMs } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import type { ReceivedMessage } from './sqs-queue.ts';

/** Most that SQS gives in one receive. */
const maxPerReceive = 10;

const errorBackoff: BackoffOptions = { firstDelayMs: 500, maxDelayMs: 20_000 };

export interface PollerOptions {
  /** Waits at most the long poll's seconds. */
  readonly receive: (maxMessages: number) => Promise<readonly ReceivedMessage[]>;
  /** Resolves with how many messages may be taken, once that is at least 1; with 0 when `stop` aborts before. */
  readonly room: (stop: AbortSignal) => Promise<number>;
  /** `askedAt` is when the receive was called: SQS handed them out at that time or later. */
  readonly onMessages: (messages: readonly ReceivedMessage[], askedAt: number) => void;
  readonly onError: (error: Error, failures: number) => void;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Receives whenever there is room, until `stop` aborts. A receive under way is waited for, never
 * aborted: SQS may already have handed out messages that nobody would see until their visibility ends.
 */
export async function poll(options: PollerOptions, stop: AbortSignal): Promise<void> {
  const { receive, room, onMessages, onError, clock, random } = options;
  let failures = 0;
  while (!stop.aborted) {
    const free = await room(stop);
    if (free === 0) return;
    try {
      const askedAt = clock.monotonic();
      onMessages(await receive(Math.min(free, maxPerReceive)), askedAt);
      failures = 0;
    } catch (cause) {
      failures += 1;
      onError(toError(cause), failures);
      await clock.sleep(backoffMs(failures, errorBackoff, random), stop);
    }
  }
}
