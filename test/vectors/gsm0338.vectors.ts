import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textOptions } from '#contract/carrier-text.ts';
import { decodeText } from '#contract/text/decode.ts';
import { encodeText } from '#contract/text/encode-text.ts';
import { decodeGsm, encodeGsm, encodeSeptets, septetsOf } from '#contract/text/gsm0338.ts';
import { codesUnder, decodeNational } from '#contract/text/national-text.ts';
import { packSeptets, unpackSeptets } from '#contract/text/packed.ts';
import { encodeUcs2 } from '#contract/text/ucs2.ts';

interface Table {
  readonly language_id: number;
  readonly language: string;
  readonly table: 'locking' | 'single_shift';
  /** "1f" to "U+00C9". */
  readonly map: Readonly<Record<string, string>>;
}

interface Encoded {
  readonly text: string;
  readonly form: string;
  readonly hex: string;
}

type Invalid = { readonly form: string; readonly why: string } & ({ readonly hex: string } | { readonly text: string });

interface NationalString {
  readonly locking: number;
  readonly single_shift: number;
  readonly text: string;
  readonly septets_hex: string;
}

interface Vectors {
  readonly tables: readonly Table[];
  readonly strings: readonly Encoded[];
  readonly bit_packing: readonly { readonly septets_hex: string; readonly packed_hex: string }[];
  readonly national_strings: readonly NationalString[];
  readonly invalid: readonly Invalid[];
  readonly alphabet_membership: readonly { readonly chars: string; readonly in_alphabet: boolean }[];
}

const vectors: Vectors = JSON.parse(readFileSync(join(process.env.VECTORS_DIR ?? '', 'gsm0338.json'), 'utf8'));

const isDefaultAlphabet = (table: Table) => table.language_id === 0;

const isPacked = ({ form }: Encoded) => form.startsWith('gsm_packed');

function octetsOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function hexOf(octets: Uint8Array | undefined): string | undefined {
  return octets && Buffer.from(octets).toString('hex');
}

describe.each(vectors.tables.filter(isDefaultAlphabet))('the $language $table table', ({ table, map }) => {
  test.each(Object.entries(map))('has at %s the character %s', (code, codePoint) => {
    const char = charOf(codePoint);
    const hex = table === 'single_shift' ? `1b${code}` : code;
    expect(hexOf(encodeGsm(char))).toBe(hex);
    expect(decodeGsm(octetsOf(hex))).toBe(char);
    expect(septetsOf(char)).toBe(table === 'single_shift' ? 2 : 1);
  });
});

test('the tables are the whole alphabet', () => {
  const chars = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(septetsOf);
  const codes = vectors.tables.filter(isDefaultAlphabet).flatMap(({ map }) => Object.keys(map));
  expect(chars).toHaveLength(codes.length);
});

const latin1Only = textOptions.parse({ encodings: [{ alphabet: 'latin1', dataCoding: 3 }] });

const toOctets: Readonly<Record<string, (text: string) => Uint8Array | undefined>> = {
  gsm_unpacked: encodeGsm,
  ucs2_be: encodeUcs2,
  latin1: (text) => encodeText(text, latin1Only, '').shortMessages[0]?.octets,
};

const toText: Readonly<Record<string, (octets: Uint8Array) => string>> = {
  gsm_unpacked: (octets) => decodeText(octets, 0),
  ucs2_be: (octets) => decodeText(octets, 8),
  latin1: (octets) => decodeText(octets, 3),
};

test.each(vectors.strings.filter((string) => !isPacked(string)))('$form $hex is $text, both ways', (vector) => {
  expect(hexOf(toOctets[vector.form]?.(vector.text))).toBe(vector.hex);
  expect(toText[vector.form]?.(octetsOf(vector.hex))).toBe(vector.text);
});

/**
 * The vectors follow the annex, which has U+0CAA there, as at 0x3D. Meant is U+0CA1: it stands between U+0CA0 and U+0CA2,
 * has no other code, and is what phones have.
 */
const misprinted = { language: 'kannada', table: 'locking', code: '24' };

const nationalCodes = vectors.tables
  .filter((table) => !isDefaultAlphabet(table))
  .flatMap(({ map, ...table }) =>
    Object.entries(map).map(([code, codePoint]) => ({ ...table, code, char: charOf(codePoint) })),
  );

function charOf(codePoint: string): string {
  return String.fromCodePoint(Number.parseInt(codePoint.slice(2), 16));
}

describe('the national tables', () => {
  const isMisprinted = ({ language, table, code }: typeof misprinted) =>
    language === misprinted.language && table === misprinted.table && code === misprinted.code;
  const judged = nationalCodes.filter((each) => !isMisprinted(each));

  test('differ from the vectors in one code', () => expect(judged).toHaveLength(nationalCodes.length - 1));

  test.each(judged)('of $language ($table) have at $code $char', ({ language_id, table, code, char }) => {
    const isLocking = table === 'locking';
    const octets = octetsOf(isLocking ? code : `1b${code}`);
    expect(decodeNational(octets, isLocking ? { locking: language_id } : { single: language_id })).toBe(char);
    // A character that has two codes is written with one of them.
    const written = encodeSeptets(char, codesUnder(isLocking ? { locking: language_id } : { single: language_id }));
    expect(
      decodeNational(written ?? octetsOf(''), isLocking ? { locking: language_id } : { single: language_id }),
    ).toBe(char);
  });
});

test.each(vectors.national_strings)('$septets_hex is $text', ({ septets_hex, locking, single_shift, text }) => {
  expect(decodeNational(octetsOf(septets_hex), { locking, single: single_shift })).toBe(text);
  expect(hexOf(encodeSeptets(text, codesUnder({ locking, single: single_shift })))).toBe(septets_hex);
});

test.each(vectors.bit_packing)('$septets_hex are packed to $packed_hex, and back', ({ septets_hex, packed_hex }) => {
  expect(hexOf(packSeptets(octetsOf(septets_hex)))).toBe(packed_hex);
  expect(hexOf(unpackSeptets(octetsOf(packed_hex)))).toBe(septets_hex);
});

test.each(vectors.strings.filter(isPacked))('$form $hex is $text, both ways', ({ text, hex }) => {
  expect(hexOf(packSeptets(encodeGsm(text) ?? new Uint8Array()))).toBe(hex);
  expect(decodeGsm(unpackSeptets(octetsOf(hex)))).toBe(text);
});

test.each(vectors.alphabet_membership)('in the alphabet are $chars: $in_alphabet', ({ chars, in_alphabet }) => {
  for (const char of chars) expect([char, septetsOf(char) !== undefined]).toEqual([char, in_alphabet]);
});

test.each(vectors.invalid)('what is not valid is refused when sent and no error when read: $why', (vector) => {
  if ('text' in vector) expect(encodeGsm(vector.text)).toBeUndefined();
  else expect(typeof decodeGsm(octetsOf(vector.hex))).toBe('string');
});
