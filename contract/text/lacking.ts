import type { TextOptions } from '../carrier-text.ts';
import { unreachable } from '../unreachable.ts';
import type { Alphabet } from './alphabets.ts';
import { defaultCodes } from './gsm0338.ts';
import { isLatin1 } from './latin1.ts';
import { languageIds } from './national-languages.ts';
import { codesUnder } from './national-text.ts';
import { codeOf, notInAlphabet, type SeptetCodes } from './septet-codes.ts';

/** Told of a text. */
export const mostCharacters = 20;

/**
 * The characters of `text` that `alphabet` lacks as the carrier uses it, each once, at most 20. Where each is in
 * some national table, but no two tables have all, those that the default tables lack.
 */
export function charactersLacking(text: string, alphabet: Alphabet, { nationalLanguages }: TextOptions): string[] {
  switch (alphabet) {
    case 'gsm7': {
      const ids = nationalLanguages.flatMap((name) => languageIds.get(name) ?? []);
      const tables = [defaultCodes, ...ids.map((id) => codesUnder({ locking: id, single: id }))];
      const lacking = distinct(text, (character) => !tables.some((codes) => isIn(codes, character)));
      return lacking.length > 0 ? lacking : distinct(text, (character) => !isIn(defaultCodes, character));
    }
    case 'latin1':
      return distinct(text, (character) => !isLatin1(character));
    case 'ucs2':
      return [];
    default:
      return unreachable(alphabet);
  }
}

function isIn(codes: SeptetCodes, character: string): boolean {
  return character.length === 1 && codeOf(codes, character.charCodeAt(0)) !== notInAlphabet;
}

function distinct(text: string, isMeant: (character: string) => boolean): string[] {
  const found = new Set<string>();
  for (const character of text) {
    if (isMeant(character)) found.add(character);
    if (found.size === mostCharacters) break;
  }
  return [...found];
}
