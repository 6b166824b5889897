/**
 * What a reader takes for one character (Unicode, UAX 29): a letter and its accents, an emoji and its skin colour.
 * Cut in two, a handset that shows parts as they come shows neither.
 */

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

let segmenter: Intl.Segmenter | undefined;

/**
 * Where to cut `text` so that what begins at `start`, and has room up to `end`, ends with a whole cluster: at
 * `end` or before it. One that would not fit a part of its own either is cut at `end`, but for a surrogate pair.
 * Looks at no more than twice the stretch.
 */
export function lastWholeCluster(text: string, { start, end }: Stretch, fits: (cluster: Stretch) => boolean): number {
  if (end >= text.length) return text.length;
  if (neverJoins(text.charCodeAt(end - 1)) && neverJoins(text.charCodeAt(end))) return end;
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  const window = text.slice(start, end + (end - start) + 1);
  const cluster = segmenter.segment(window).containing(end - start);
  const from = start + (cluster?.index ?? 0);
  const to = from + (cluster?.segment.length ?? 0);
  if (from === end || (from > start && fits({ start: from, end: to }))) return from;
  return splitsSurrogatePair(text, end) ? end - 1 : end;
}

/** Letters before and behind which every cluster ends: Latin, Greek, Cyrillic, Chinese characters. */
function neverJoins(unit: number): boolean {
  return unit < 0x300 || (unit >= 0x370 && unit < 0x483) || (unit >= 0x4e00 && unit < 0xa000);
}

function splitsSurrogatePair(text: string, index: number): boolean {
  return (text.charCodeAt(index - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(index) & 0xfc00) === 0xdc00;
}
