/**
 * What SMS calls UCS-2: two octets per UTF-16 unit, the high one first. Handsets read it as UTF-16,
 * so a character beyond U+FFFF is its surrogate pair. Units pass as they are, a lone surrogate too:
 * its other half may be in the next part of the message.
 */

export function encodeUcs2(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le').swap16();
}

/** An odd last octet is half of nothing and is dropped. */
export function decodeUcs2(octets: Uint8Array): string {
  const whole = octets.subarray(0, octets.length & ~1);
  // A copy: swap16 works in place, and the octets belong to the caller.
  return Buffer.from(whole).swap16().toString('utf16le');
}
