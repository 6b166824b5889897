import type { ReceiptOptions } from '#contract/carrier-receipts.ts';

type DateFormat = Exclude<ReceiptOptions['dateFormat'], 'auto'>;

/** Tried in this order where the profile says "auto". Of 12 digits only the time of arrival tells which they are (quirk 14). */
const formats: readonly DateFormat[] = ['YYMMDDhhmm', 'YYMMDDhhmmss', 'YYYYMMDDhhmm', 'YYYYMMDDhhmmss'];

const dayMs = 86_400_000;
/** A date from further away is another one, or another format. */
const mostBeforeMs = 10 * dayMs;
const mostAfterMs = dayMs;

/** What a receipt's date is in UTC, as ISO 8601; undefined for what is none, or not plausible in a receipt that came at `arrivedAt`, in ms. */
export type ReadDate = (written: string, arrivedAt: number) => string | undefined;

/** Compiles `receipts.dateFormat` and `receipts.utcOffset`. */
export function dateReader({ dateFormat, utcOffset }: Pick<ReceiptOptions, 'dateFormat' | 'utcOffset'>): ReadDate {
  const tried = dateFormat === 'auto' ? formats : [dateFormat];
  const offsetMs = offsetMsOf(utcOffset);
  return (written, arrivedAt) => {
    for (const format of tried) {
      const local = written.length === format.length ? utcOf(written, format) : undefined;
      if (local === undefined) continue;
      const time = local - offsetMs;
      if (time >= arrivedAt - mostBeforeMs && time <= arrivedAt + mostAfterMs) return new Date(time).toISOString();
    }
    return undefined;
  };
}

/** In ms, as if it were UTC. */
function utcOf(written: string, format: DateFormat): number | undefined {
  const yearDigits = format.startsWith('YYYY') ? 4 : 2;
  const year = digitsAt(written, 0, yearDigits);
  const [month = Number.NaN, day = Number.NaN, hour = Number.NaN, minute = Number.NaN, second = 0] = pairsFrom(
    written,
    yearDigits,
  );
  const time = Date.UTC(yearDigits === 2 ? 2000 + year : year, month - 1, day, hour, minute, second);
  const isTime = hour < 24 && minute < 60 && second < 60;
  // 31 April would be 1 May.
  const isDay = month >= 1 && month <= 12 && new Date(time).getUTCDate() === day;
  return isTime && isDay ? time : undefined;
}

function pairsFrom(written: string, from: number): readonly number[] {
  const pairs: number[] = [];
  for (let at = from; at < written.length; at += 2) pairs.push(digitsAt(written, at, 2));
  return pairs;
}

/** NaN when one is no digit. */
function digitsAt(written: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) {
    const digit = written.charCodeAt(at) - 0x30;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
}

/** Of an offset such as "+02:00". */
function offsetMsOf(offset: string): number {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}
