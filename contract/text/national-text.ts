import { decodeGsm, defaultCodes, esc, extensionTable } from './gsm0338.ts';
import { nationalLanguages } from './national-languages.ts';
import { type SeptetCodes, septetCodes } from './septet-codes.ts';

/**
 * Septets under the tables of a language, which the UDH names: the locking shift table stands for the default
 * alphabet, the single shift table for its extension (3GPP TS 23.038, 6.2.1.2; 3GPP TS 23.040, 9.2.3.24.15 and 16).
 */

/** National language identifiers; 0, absent, or one that has no such table is the default. */
export interface Shifts {
  readonly locking?: number;
  readonly single?: number;
}

const defaultAlphabet: ReadonlyMap<number, string> = new Map(
  Array.from({ length: 0x80 }, (_, code) => [code, decodeGsm(Uint8Array.of(code))] as const).filter(
    ([code]) => code !== esc,
  ),
);

const madeCodes = new Map<string, SeptetCodes>();

/** How to write under the tables that `shifts` names; the same object each time. At most 14 times 14 are made. */
export function codesUnder({ locking = 0, single = 0 }: Shifts): SeptetCodes {
  const alphabet = nationalLanguages.get(locking)?.locking;
  const extension = nationalLanguages.get(single)?.single;
  if (alphabet === undefined && extension === undefined) return defaultCodes;
  const key = `${alphabet && locking} ${extension && single}`;
  const codes = madeCodes.get(key) ?? septetCodes(alphabet ?? defaultAlphabet, extension ?? extensionTable);
  madeCodes.set(key, codes);
  return codes;
}

/**
 * The text of septets, one per octet. Behind ESC a code that the extension has not shows its character of the
 * alphabet; a code without any, and an ESC that ends the octets or is doubled, a space. An octet over 0x7F is no
 * septet and shows U+FFFD.
 */
export function decodeNational(octets: Uint8Array, { locking = 0, single = 0 }: Shifts): string {
  const alphabet = nationalLanguages.get(locking)?.locking;
  const extension = nationalLanguages.get(single)?.single;
  if (alphabet === undefined && extension === undefined) return decodeGsm(octets);
  const plain = (code: number) =>
    alphabet === undefined ? decodeGsm(Uint8Array.of(code)) : (alphabet.get(code) ?? ' ');
  const behindEsc = (code: number) => {
    if (extension !== undefined) return extension.get(code) ?? plain(code);
    const char = decodeGsm(Uint8Array.of(esc, code));
    return char === decodeGsm(Uint8Array.of(code)) ? plain(code) : char;
  };
  const chars: string[] = [];
  let isEscaped = false;
  for (const octet of octets) {
    if (octet === esc && !isEscaped) {
      isEscaped = true;
      continue;
    }
    if (octet > 0x7f) chars.push('\ufffd');
    else chars.push(isEscaped ? behindEsc(octet) : plain(octet));
    isEscaped = false;
  }
  if (isEscaped) chars.push(' ');
  return chars.join('');
}
