import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeText } from '#contract/text/decode.ts';
import { decodeGsm, encodeGsm, septetsOf } from '#contract/text/gsm0338.ts';
import { dataCodingOf } from '#contract/text/segments.ts';
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

interface Vectors {
  readonly tables: readonly Table[];
  readonly strings: readonly Encoded[];
  readonly invalid: readonly Invalid[];
  readonly alphabet_membership: readonly { readonly chars: string; readonly in_alphabet: boolean }[];
}

const vectors: Vectors = JSON.parse(readFileSync(join(process.env.VECTORS_DIR ?? '', 'gsm0338.json'), 'utf8'));

/** The national language tables are left out: text that needs them is sent as UCS-2. */
const isDefaultAlphabet = (table: Table) => table.language_id === 0;

/** Packed septets are left out: SMPP carries them unpacked, but for a few SMSCs (quirk 28). */
const isPacked = ({ form }: Encoded) => form.startsWith('gsm_packed');

function octetsOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function hexOf(octets: Uint8Array | undefined): string | undefined {
  return octets && Buffer.from(octets).toString('hex');
}

describe.each(vectors.tables.filter(isDefaultAlphabet))('the $language $table table', ({ table, map }) => {
  test.each(Object.entries(map))('has at %s the character %s', (code, codePoint) => {
    const char = String.fromCodePoint(Number.parseInt(codePoint.slice(2), 16));
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

const toOctets: Readonly<Record<string, (text: string) => Uint8Array | undefined>> = {
  gsm_unpacked: encodeGsm,
  ucs2_be: encodeUcs2,
  // Latin-1 is only read, never sent.
  latin1: (text) => Buffer.from(text, 'latin1'),
};

const toText: Readonly<Record<string, (octets: Uint8Array) => string>> = {
  gsm_unpacked: (octets) => decodeText(octets, dataCodingOf('gsm7')),
  ucs2_be: (octets) => decodeText(octets, dataCodingOf('ucs2')),
  latin1: (octets) => decodeText(octets, 3),
};

test.each(vectors.strings.filter((string) => !isPacked(string)))('$form $hex is $text, both ways', (vector) => {
  expect(hexOf(toOctets[vector.form]?.(vector.text))).toBe(vector.hex);
  expect(toText[vector.form]?.(octetsOf(vector.hex))).toBe(vector.text);
});

test.each(vectors.alphabet_membership)('in the alphabet are $chars: $in_alphabet', ({ chars, in_alphabet }) => {
  for (const char of chars) expect([char, septetsOf(char) !== undefined]).toEqual([char, in_alphabet]);
});

test.each(vectors.invalid)('what is not valid is refused when sent and no error when read: $why', (vector) => {
  if ('text' in vector) expect(encodeGsm(vector.text)).toBeUndefined();
  else expect(typeof decodeGsm(octetsOf(vector.hex))).toBe('string');
});
