import { type BackoffOptions, backoffMs } from '../backoff.ts';
import type { SessionEnd } from './reconnect.ts';

const minute = 60_000;

/**
 * Refusals of a bind that trying again at once cannot mend, and could lock the account (quirk 52).
 * Numbers: SMPP 3.4, 5.1.3.
 */
const longWaits: Record<number, number> = {
  14: 5 * minute, // ESME_RINVPASWD
  15: 5 * minute, // ESME_RINVSYSID
  83: 5 * minute, // ESME_RINVSYSTYP
};

/** How long to wait before the next bind, after `failures` in a row (counted from 1), in ms. */
export function rebindDelayMs(
  end: SessionEnd,
  failures: number,
  backoff: BackoffOptions,
  random: () => number,
): number {
  const longWait = end.kind === 'refused' ? longWaits[end.commandStatus] : undefined;
  return longWait ?? backoffMs(failures, backoff, random);
}
