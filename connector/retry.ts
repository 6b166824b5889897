import { toError } from '#contract/to-error.ts';
import { type BackoffOptions, backoffMs } from './backoff.ts';
import type { Clock } from './clock.ts';

export interface RetryOptions {
  readonly backoff: BackoffOptions;
  /** Whether trying again can help. @default always */
  readonly worthRetrying?: (error: Error) => boolean;
  readonly onFailure: (error: Error, failures: number) => void;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Runs `work` until it succeeds. Rejects with its error when that is not worth retrying, or once `stop` aborts. */
export async function untilDone<Result>(
  work: () => Promise<Result>,
  options: RetryOptions,
  stop: AbortSignal,
): Promise<Result> {
  const { backoff, worthRetrying = () => true, onFailure, clock, random } = options;
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (cause) {
      const error = toError(cause);
      onFailure(error, failures);
      if (stop.aborted || !worthRetrying(error)) throw error;
      await clock.sleep(backoffMs(failures, backoff, random), stop);
    }
  }
}
