import { type TextOptions, textOptions } from '../carrier-text.ts';
import { defaultCodes } from './gsm0338.ts';
import { bestPlanOf } from './plan-text.ts';
import { countSeptets } from './septet-codes.ts';

export interface Replaced {
  readonly character: string;
  /** Empty where nothing stands there instead. */
  readonly by: string;
  readonly count: number;
}

export interface SmartText {
  readonly text: string;
  /** In the order in which they first occur; none if nothing was changed. */
  readonly replaced: readonly Replaced[];
}

/** What word processors and phones put for a character that the GSM alphabet has, or that nobody sees. */
const equivalents: ReadonlyMap<string, string> = new Map([
  ...each("'", '\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u02b9\u02bb\u02bc\u00b4\u0060\uff07'),
  ...each('"', '\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u02ba\u3003\uff02'),
  ...each('-', '\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d'),
  ...each(' ', '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t'),
  ...each('\n', '\u0085\u2028\u2029\u000b'),
  // Soft hyphen, zero-width space, word joiner, byte order mark; not the joiners, which emoji and some scripts need.
  ...each('', '\u00ad\u200b\u2060\ufeff'),
  ...each('*', '\u2022\u2023\u25cf\u25aa\u25e6\u2217\u00b7\u2219'),
  ...each('/', '\u2044\u2215'),
  ...each('~', '\u02dc\u223c'),
  ...each('^', '\u02c6\u2038'),
  ['\u2024', '.'],
  ['\u2025', '..'],
  ['\u2026', '...'],
  ['\u22ef', '...'],
  ['\u203c', '!!'],
  ['\u2047', '??'],
  ['\u2048', '?!'],
  ['\u2049', '!?'],
]);

function each(by: string, characters: string): (readonly [character: string, by: string])[] {
  return [...characters].map((character) => [character, by] as const);
}

/**
 * `text` with the typographic characters that force UCS-2 replaced by what the GSM alphabet has. A text that they do
 * not force there, that other characters would force there all the same, or that would take more segments, as `…` is
 * three characters in GSM, stays as it is. Without the `options` of
 * a carrier there are the default alphabet and UCS-2.
 */
export function smarten(text: string, options?: TextOptions): SmartText {
  if (!isForced(text, options)) return { text, replaced: [] };
  const counts = new Map<string, number>();
  let smart = '';
  for (const character of text) {
    const by = equivalents.get(character);
    smart += by ?? character;
    if (by !== undefined) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  if (counts.size === 0 || isForced(smart, options) || takesMore(smart, text, options)) return { text, replaced: [] };
  const replaced = [...counts].map(([character, count]) => ({
    character,
    by: equivalents.get(character) ?? '',
    count,
  }));
  return { text: smart, replaced };
}

/** Into UCS-2, or into nothing that the carrier takes. */
function isForced(text: string, options: TextOptions | undefined): boolean {
  if (countSeptets(text, defaultCodes) !== undefined && options === undefined) return false;
  const encoding = options && bestPlanOf(text, options)?.encoding;
  return encoding === undefined || encoding === 'ucs2';
}

const usual = textOptions.parse({});

/** Segments; a text that the carrier does not take at all has none. */
function takesMore(smart: string, text: string, options = usual): boolean {
  const [after, before] = [smart, text].map((each) => bestPlanOf(each, options)?.cut.ends.length);
  return after !== undefined && before !== undefined && after > before;
}
