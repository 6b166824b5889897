import type { TextOptions } from '../carrier-text.ts';

type Replacements = TextOptions['replacements'];

const tables = new WeakMap<Replacements, ReadonlyMap<string, string>>();

/** `text` with what the carrier has sent instead of characters that it garbles (quirk 30); once, not what that makes. */
export function withReplacements(text: string, replacements: Replacements): string {
  if (replacements.length === 0) return text;
  const byCharacter = tables.get(replacements) ?? new Map(replacements.map(({ character, by }) => [character, by]));
  tables.set(replacements, byCharacter);
  let replaced = '';
  for (const character of text) replaced += byCharacter.get(character) ?? character;
  return replaced;
}
