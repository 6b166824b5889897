import { decodeUcs2 } from './ucs2.ts';

/** What octets are that cannot be, or hardly are, what their data_coding says. Each takes time in proportion to them. */

/** Letters, digits and signs that somebody may have typed; no other control characters, nothing unassigned. */
const typed = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\r\n\t\u200c-\u200f\ufeff]+$/u;
/** Each with the ASCII and the signs that go with every script. */
const ofOneScript = [
  'Latin',
  'Greek',
  'Cyrillic',
  'Armenian',
  'Hebrew',
  'Arabic',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Oriya',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
  'Thai',
  'Lao',
  'Myanmar',
  'Georgian',
  'Ethiopic',
].map((script) => new RegExp(`^[\\p{Script_Extensions=${script}}\\p{Script=Common}\\p{Script=Inherited}]+$`, 'u'));

/**
 * UTF-16 under a data_coding of 7 bits (quirk 27), of octets that are all septets. The high octets of the scripts
 * below U+2000 are letters in GSM that nobody writes as every second one: `@H@i`, `èOè@`. Of texts in Chinese
 * characters nothing tells it.
 */
export function septetsLookLikeUcs2(octets: Uint8Array): boolean {
  if (octets.length < 4 || octets.length % 2 !== 0) return false;
  let hasTellingOctet = false;
  for (let at = 0; at < octets.length; at += 2) {
    const [high = 0, low = 0] = [octets[at], octets[at + 1]];
    if (high > 0x1f && high !== 0x20) return false;
    // `$$$$` and `éééé` are texts, and code points of two equal octets rare letters.
    if (high !== low && (high === 0 || high >= 0x03)) hasTellingOctet = true;
  }
  if (!hasTellingOctet) return false;
  const text = decodeUcs2(octets);
  return typed.test(text) && ofOneScript.some((script) => script.test(text));
}

/** UTF-16 where an octet is no septet: Latin-1, the other reading, would have control characters, or `Ø=Þ` for an emoji. */
export function octetsLookLikeUcs2(octets: Uint8Array): boolean {
  if (octets.length < 4 || octets.length % 2 !== 0) return false;
  const text = decodeUcs2(octets);
  return (hasControls(octets) || hasPair.test(text)) && text.isWellFormed() && typed.test(text);
}

const hasPair = /[\u{10000}-\u{10ffff}]/u;

/** Those of Latin-1: 0x00 to 0x1F but for tab, line feed, form feed and carriage return, and 0x7F to 0x9F. */
export function hasControls(octets: Uint8Array): boolean {
  return octets.some((octet) =>
    octet < 0x20 ? octet !== 0x09 && octet !== 0x0a && octet !== 0x0c && octet !== 0x0d : octet >= 0x7f && octet < 0xa0,
  );
}
