import type { Alphabet } from './alphabets.ts';

/** Whoever wrote the text has to change it, or the carrier's `text.encodings`: it is never sent. */
export class UnencodableTextError extends Error {
  override readonly name = 'UnencodableTextError';
  readonly code = 'unencodable-text';
  /** Those that the nearest alphabet of the carrier lacks, each once, at most 20. */
  readonly characters: readonly string[];

  constructor(characters: readonly string[]) {
    super(`the text must be of characters that the carrier takes, not ${characters.map(codePointOf).join(', ')}`);
    this.characters = characters;
  }
}

/** Whoever wrote the text has to make it shorter: nobody's handset would join it. */
export class TooManySegmentsError extends Error {
  override readonly name = 'TooManySegmentsError';
  readonly code = 'too-many-segments';
  /** How many it would be. */
  readonly segments: number;
  readonly encoding: Alphabet;

  constructor(encoding: Alphabet, segments: number, most: number) {
    super(`the text must fit into ${most} segments, takes ${segments} (${encoding})`);
    this.encoding = encoding;
    this.segments = segments;
  }
}

/** As Unicode writes it: `U+2019`. */
export function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
