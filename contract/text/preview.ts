import type { TextOptions } from '../carrier-text.ts';
import { codePointOf } from './encode-errors.ts';
import { type MeasuredText, measureText } from './encode-text.ts';
import { charactersLacking, mostCharacters } from './lacking.ts';
import { withReplacements } from './replacements.ts';
import { type Replaced, smarten } from './smart.ts';

export interface TextPreview extends MeasuredText {
  /** Code points of Unicode. */
  readonly characters: number;
  /** Those that GSM 7 bit lacks, in the order in which they first occur, at most 20; none of a text that is sent in it. */
  readonly forcing: readonly Forcing[];
  /** What `smart` makes of it. */
  readonly smart: {
    readonly encoding: MeasuredText['encoding'];
    readonly segments: number;
    /** Segments. */
    readonly saves: number;
    readonly replaced: readonly Replaced[];
  };
}

export interface Forcing {
  readonly character: string;
  /** `U+2019`. */
  readonly codePoint: string;
  readonly count: number;
}

/** What sending `text` would be; `encodeText` makes just so many segments. Throws as that does. */
export function previewText(text: string, options: TextOptions): TextPreview {
  const measured = measureText(text, options);
  const { text: smartText, replaced } = smarten(text, options);
  const { encoding, segments } = replaced.length === 0 ? measured : measureText(smartText, options);
  const counts = countsOf(text);
  const forcing = measured.encoding === 'gsm7' ? [] : lackingInGsm(text, options);
  return {
    ...measured,
    characters: [...counts.values()].reduce((sum, count) => sum + count, 0),
    forcing: forcing.map((character) => ({
      character,
      codePoint: codePointOf(character),
      count: counts.get(character) ?? 0,
    })),
    smart: { encoding, segments, saves: measured.segments - segments, replaced },
  };
}

/** As the sender wrote them; one that the carrier has replaced by what GSM has is not among them. */
function lackingInGsm(text: string, options: TextOptions): string[] {
  const replaced = new Map(options.replacements.map(({ character, by }) => [character, by]));
  const lacking = new Set(charactersLacking(withReplacements(text, options.replacements), 'gsm7', options));
  const isLacking = (character: string) =>
    [...(replaced.get(character) ?? character)].some((each) => lacking.has(each));
  return [...countsOf(text).keys()].filter(isLacking).slice(0, mostCharacters);
}

function countsOf(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return counts;
}
