import { toError } from '#contract/to-error.ts';
import type { Clock } from '../connector/clock.ts';

export interface ScheduleOptions {
  readonly everyMs: number;
  readonly run: () => Promise<void>;
  readonly clock: Clock;
  readonly onError: (error: Error) => void;
}

/** Runs at once, then `everyMs` after the last run ended; a run that fails does not end it. Resolves when `stop` aborted and nothing runs. */
export async function runSchedule({ everyMs, run, clock, onError }: ScheduleOptions, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await run().catch((cause: unknown) => onError(toError(cause)));
    await clock.sleep(everyMs, stop);
  }
}
