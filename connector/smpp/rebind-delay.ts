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

/** How long to wait before the next bind, after `failures` in a row (counted from 1), in ms. */
export function rebindDelayMs(
  end: SessionEnd,
  failures: number,
  backoff: BackoffOptions,
  random: () => number,
): number {
  const longWait = end.kind === 'refused' ? longWaits.get(end.commandStatus) : undefined;
  return longWait ?? backoffMs(failures, backoff, random);
}
