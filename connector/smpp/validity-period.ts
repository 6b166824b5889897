import type { CarrierProfile } from '#contract/carrier.ts';

/**
 * validity_period for a message that is worth nothing after `until` (ms since the epoch), in one of the formats of SMPP 3.4, 7.1.1:
 *
 *   relative  000001023000000R  1 day, 2 hours, 30 minutes from now
 *   absolute  261123143000000+  at 14:30:00 on 23 November 2026, UTC
 *
 * Whole seconds, rounded down, but one at the least: a validity of none would be the SMSC's default.
 */
export function validityPeriod(form: CarrierProfile['validityPeriod'], until: number, now: number): string {
  if (form === 'none') return '';
  const seconds = Math.max(1, Math.floor((until - now) / 1_000));
  return form === 'relative' ? relative(seconds) : absolute(new Date(now + seconds * 1_000));
}

function relative(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const [hours, minutes] = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60];
  return `0000${[days, hours, minutes, seconds % 60].map(twoDigits).join('')}000R`;
}

/** To the tenth of a second, and no quarter of an hour away from UTC. */
function absolute(at: Date): string {
  const fields = [
    at.getUTCFullYear() % 100,
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
  ];
  return `${fields.map(twoDigits).join('')}000+`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
