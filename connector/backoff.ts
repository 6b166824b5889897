export interface BackoffOptions {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * How long to wait before attempt `attempt` (counted from 1): full jitter over
 * a doubling ceiling, so a fleet that lost one SMSC does not return in step.
 *
 *   attempt | firstDelayMs 250, maxDelayMs 8000
 *   --------+----------------------------------
 *      1    | 0 to 250
 *      2    | 0 to 500
 *      6    | 0 to 8000
 */
export function backoffMs(attempt: number, options: BackoffOptions, random: () => number): number {
  const ceiling = Math.min(options.maxDelayMs, options.firstDelayMs * 2 ** (attempt - 1));
  return Math.floor(random() * ceiling);
}
