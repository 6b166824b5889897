import { type BackoffOptions, backoffMs } from '../backoff.ts';
import type { SessionEnd } from './reconnect.ts';
import { esme } from './status.ts';

const minute = 60_000;

/** Refusals of a bind that trying again at once cannot mend, and could lock the account (quirk 52). */
const longWaits = new Map([
  [esme.RINVPASWD, 5 * minute],
  [esme.RINVSYSID, 5 * minute],
  [esme.RINVSYSTYP, 5 * minute],
]);

/**
 * Ceiling for a password that cannot be read: mostly a person has to act, and Secrets Manager charges for each call
 * ($0.05 for 10,000: with a ceiling of 8 s that is $3 a month, with this one $0.44).
 */
const maxPasswordWaitMs = minute;

/** How long to wait before the next bind, after `failures` in a row (counted from 1), in ms. */
export function rebindDelayMs(
  end: SessionEnd,
  failures: number,
  backoff: BackoffOptions,
  random: () => number,
): number {
  const longWait = end.kind === 'refused' ? longWaits.get(end.commandStatus) : undefined;
  if (longWait !== undefined) return longWait;
  const maxDelayMs = end.kind === 'no-password' ? Math.max(backoff.maxDelayMs, maxPasswordWaitMs) : backoff.maxDelayMs;
  return backoffMs(failures, { ...backoff, maxDelayMs }, random);
}
