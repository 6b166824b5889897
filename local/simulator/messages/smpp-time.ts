/** Times in PDUs: 16 characters, absolute or relative (SMPP 3.4, 7.1.1). */

const format = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([-+R])$/;
const quarterOfAnHourMs = 900_000;

/**
 * The moment that `value` stands for, in ms since the epoch; undefined if it stands for none.
 *
 *   YYMMDDhhmmsstnn+   local time, with tenths of a second, nn quarters of an hour ahead of UTC (-: behind)
 *   YYMMDDhhmmss000R   so many years, months, days, hours, minutes and seconds from `now`
 */
export function readTime(value: string, now: number): number | undefined {
  const match = format.exec(value);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, tenth = 0, quarters = 0] = match
    .slice(1, 9)
    .map(Number);
  if (match[9] === 'R') {
    if (minute > 59 || second > 59 || tenth > 0 || quarters > 0) return undefined;
    const from = new Date(now);
    return (
      from.setUTCFullYear(from.getUTCFullYear() + year, from.getUTCMonth() + month, from.getUTCDate() + day) +
      ((hour * 60 + minute) * 60 + second) * 1_000
    );
  }
  const local = Date.UTC(2000 + year, month - 1, day, hour, minute, second, tenth * 100);
  // Date.UTC takes a 31st of February for the 3rd of March.
  if (writeTime(local).slice(0, 12) !== value.slice(0, 12) || quarters > 48) return undefined;
  return local - (match[9] === '+' ? 1 : -1) * quarters * quarterOfAnHourMs;
}

/** Absolute, in UTC. */
export function writeTime(milliseconds: number): string {
  const digits = new Date(milliseconds).toISOString().replace(/\D/g, '');
  return `${digits.slice(2, 15)}00+`;
}
