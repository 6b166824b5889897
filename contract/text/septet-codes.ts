/** Which septet a character is, by its UTF-16 unit: no table of 3GPP TS 23.038 has a character of two. */
export type SeptetCodes = Uint16Array;

/** Of a code: ESC goes before it. */
export const extended = 0x100;
export const notInAlphabet = 0xffff;

/** The last character of all tables is U+221E, of Portuguese. */
const units = 0x2300;

type Table = Iterable<readonly [code: number, char: string]>;

/** A character that is in both is written without ESC. */
export function septetCodes(alphabet: Table, extension: Table): SeptetCodes {
  const codes = new Uint16Array(units).fill(notInAlphabet);
  for (const [code, char] of extension) codes[char.charCodeAt(0)] = extended | code;
  for (const [code, char] of alphabet) codes[char.charCodeAt(0)] = code;
  return codes;
}

export function codeOf(codes: SeptetCodes, unit: number): number {
  return unit < units ? (codes[unit] ?? notInAlphabet) : notInAlphabet;
}

/** How many septets `text` is; undefined if any of its characters is not in the alphabet. */
export function countSeptets(text: string, codes: SeptetCodes): number | undefined {
  let septets = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = codeOf(codes, text.charCodeAt(i));
    if (code === notInAlphabet) return undefined;
    if (code >= extended) septets++;
  }
  return septets;
}
