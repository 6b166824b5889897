import { decodeUcs2 } from './ucs2.ts';

/** What octets are that cannot be, or hardly are, what their data_coding says. Each takes time in proportion to them. */

/** Letters, digits and signs that somebody may have typed; no other control characters, nothing unassigned, no single Jamo: `_a_b` in GSM. */
const typed = /^(?:(?![\u1100-\u11ff])[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\r\n\t\u200c-\u200f\ufeff])+$/u;
const scripts = [
  ['Greek'],
  ['Cyrillic'],
  ['Armenian'],
  ['Hebrew'],
  ['Arabic'],
  ['Thaana'],
  ['Devanagari'],
  ['Bengali'],
  ['Gurmukhi'],
  ['Gujarati'],
  ['Oriya'],
  ['Tamil'],
  ['Telugu'],
  ['Kannada'],
  ['Malayalam'],
  ['Sinhala'],
  ['Thai'],
  ['Lao'],
  ['Tibetan'],
  ['Myanmar'],
  ['Georgian'],
  ['Ethiopic'],
  ['Khmer'],
  ['Hangul'],
  ['Han', 'Hiragana', 'Katakana'],
].map((names) => {
  const [own, extended] = ['Script', 'Script_Extensions'].map((of) =>
    names.map((name) => `\\p{${of}=${name}}`).join(''),
  );
  return {
    /** Each with Latin and the signs that go with every script. */
    only: new RegExp(`^[${extended}\\p{Script=Latin}\\p{Script=Common}\\p{Script=Inherited}]+$`, 'u'),
    own: new RegExp(`[${own}]`, 'u'),
  };
});

/** With their joiners, skin colours and flags. */
const emojiOnly = /^(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator} ]|\u200d|\ufe0f)+$/u;
const hasPair = /[\u{10000}-\u{10ffff}]/u;
const letter = /\p{L}/u;
const mark = /\p{M}/u;
const blank = /\s/;

/** Fewer are words that people write: `@a@b`, `èAèA`, `ΔIΔΩ` in GSM are as many code units as `ab`, `сс`, `၉ပ`. */
const fewestNuls = 3;
const fewestLetters = 4;

/** UTF-16 under a data_coding of 7 bits (quirk 27), of octets that are all septets. Of texts in Chinese characters nothing tells it. */
export function septetsLookLikeUcs2(octets: Uint8Array): boolean {
  return octets.every((octet, at) => at % 2 === 1 || octet <= 0x20) && octetsLookLikeUcs2(octets);
}

/**
 * UTF-16 under another data_coding than its own, seen only where hardly anything else can be meant: nearly every other octet is NUL, as
 * in Latin script, or the code units are letters of one script, or there are emoji and nothing else.
 */
export function octetsLookLikeUcs2(octets: Uint8Array): boolean {
  if (octets.length < 4 || octets.length % 2 !== 0 || isMostlyAscii(octets)) return false;
  const text = decodeUcs2(octets);
  if (!text.isWellFormed() || !typed.test(text) || mark.test(text.charAt(0))) return false;
  if (hasPair.test(text) && emojiOnly.test(text)) return true;
  // No alphabet of 8 bits has letters there: of Windows-1252, UTF-8 and the like nothing is taken for Chinese.
  if (!octets.some((octet) => octet < 0x20)) return false;
  if (hasNuls(octets)) return scripts.some(({ only }) => only.test(text));
  return scripts.some(({ only, own }) => only.test(text) && isMostlyLetters(text, own));
}

/** Of three quarters; in UTF-16 the high octets are not, except in some of Chinese. */
function isMostlyAscii(octets: Uint8Array): boolean {
  let printable = 0;
  for (const octet of octets) if (octet >= 0x20 && octet < 0x7f) printable++;
  return printable * 4 >= octets.length * 3;
}

/** Where UTF-16 has its high octets, in half of them or more. */
function hasNuls(octets: Uint8Array): boolean {
  let nuls = 0;
  for (let at = 0; at < octets.length; at += 2) if (octets[at] === 0) nuls++;
  return nuls >= fewestNuls && nuls * 4 >= octets.length;
}

function isMostlyLetters(text: string, own: RegExp): boolean {
  const distinct = new Set<string>();
  let [letters, written, others, isColumn] = [0, 0, 0, true];
  for (const character of text) {
    if (blank.test(character)) continue;
    if (!own.test(character)) others++;
    else if (hasEqualOctets(character) || !letter.test(character)) written++;
    else {
      letters++;
      distinct.add(character);
      isColumn &&= isDigit(character.charCodeAt(0) & 0xff);
    }
  }
  return letters >= fewestLetters && distinct.size > 1 && !isColumn && letters + written > others;
}

/** `éééé` is a text, and code points of two equal octets rare letters. */
function hasEqualOctets(character: string): boolean {
  const code = character.charCodeAt(0);
  return code >> 8 === (code & 0xff);
}

/** Of ASCII: `\n5\n8\n2\n9` are no letters of Gurmukhi. */
function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}

/** Those of Latin-1: 0x00 to 0x1F but for tab, line feed, form feed and carriage return, and 0x7F to 0x9F. */
export function hasControls(octets: Uint8Array): boolean {
  return octets.some((octet) =>
    octet < 0x20 ? octet !== 0x09 && octet !== 0x0a && octet !== 0x0c && octet !== 0x0d : octet >= 0x7f && octet < 0xa0,
  );
}
