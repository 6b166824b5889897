/** ISO 8859-1: each octet is the character of that number, those of 0x80 to 0x9F too, where Windows-1252 has other ones. */

export function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

export function decodeLatin1(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}
