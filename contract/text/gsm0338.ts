import { codeOf, countSeptets, extended, notInAlphabet, type SeptetCodes, septetCodes } from './septet-codes.ts';

/**
 * The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1 and 6.2.1.1),
 * unpacked: one septet per octet, as SMPP carries it under data_coding 0. Encoding never puts
 * another character in place of one that the alphabet lacks; decoding takes any octets.
 */

/** `encodeGsm` writes it nowhere but before a code of the extension table. */
export const esc = 0x1b;

/** By code, 16 a row. At 0x1B is what an ESC without a meaning shows (6.2.1, note 1): a space. */
const defaultAlphabet =
  '@£$¥èéùìòÇ\nØø\rÅå' +
  'Δ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ' +
  ' !"#¤%&\'()*+,-./' +
  '0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNO' +
  'PQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmno' +
  'pqrstuvwxyzäöñüà';

/** By the code behind ESC. */
export const extensionTable: ReadonlyMap<number, string> = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]);

export const defaultCodes: SeptetCodes = septetCodes(
  [...[...defaultAlphabet].entries()].filter(([code]) => code !== esc),
  extensionTable,
);

/** How many septets `char` takes; undefined for what is not one character of the alphabet. */
export function septetsOf(char: string): number | undefined {
  return char.length === 1 ? countSeptets(char, defaultCodes) : undefined;
}

/** The septets of `text`, one per octet; undefined if any of its characters is not in the alphabet. */
export function encodeGsm(text: string): Uint8Array | undefined {
  return encodeSeptets(text, defaultCodes);
}

/** As `encodeGsm`, in the alphabet of `codes`. */
export function encodeSeptets(text: string, codes: SeptetCodes): Uint8Array | undefined {
  // From Node's pool: an ArrayBuffer of its own would cost more time than all that follows.
  const octets = Buffer.allocUnsafe(2 * text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = codeOf(codes, text.charCodeAt(i));
    if (code === notInAlphabet) return undefined;
    if (code >= extended) octets[length++] = esc;
    octets[length++] = code & 0x7f;
  }
  return octets.subarray(0, length);
}

/**
 * The text of septets, one per octet. After ESC, a code that the extension table lacks shows its
 * character of the default alphabet (6.2.1.1). An ESC that ends the octets shows a space, as does ESC
 * ESC, so octets of parts that a sender cut inside a pair have to be joined before they come here.
 * An octet over 0x7F is no septet and shows U+FFFD.
 */
export function decodeGsm(octets: Uint8Array): string {
  let text = '';
  let escaped = false;
  for (const octet of octets) {
    if (octet === esc && !escaped) {
      escaped = true;
      continue;
    }
    text += (escaped ? extensionTable.get(octet) : undefined) ?? defaultAlphabet[octet] ?? '\ufffd';
    escaped = false;
  }
  return escaped ? `${text} ` : text;
}
