import fc from 'fast-check';
import { decodeGsm, encodeGsm, septetsOf } from '#contract/text/gsm0338.ts';
import { anyText, gsmText } from './arbitraries.ts';

/** TS 23.038, 6.2.1: the codes that differ from ASCII or have no printable ASCII character. */
const notAscii: readonly (readonly [code: number, codePoint: number])[] = [
  [0x00, 0x40],
  [0x01, 0xa3],
  [0x02, 0x24],
  [0x03, 0xa5],
  [0x04, 0xe8],
  [0x05, 0xe9],
  [0x06, 0xf9],
  [0x07, 0xec],
  [0x08, 0xf2],
  [0x09, 0xc7],
  [0x0a, 0x0a],
  [0x0b, 0xd8],
  [0x0c, 0xf8],
  [0x0d, 0x0d],
  [0x0e, 0xc5],
  [0x0f, 0xe5],
  [0x10, 0x394],
  [0x11, 0x5f],
  [0x12, 0x3a6],
  [0x13, 0x393],
  [0x14, 0x39b],
  [0x15, 0x3a9],
  [0x16, 0x3a0],
  [0x17, 0x3a8],
  [0x18, 0x3a3],
  [0x19, 0x398],
  [0x1a, 0x39e],
  [0x1c, 0xc6],
  [0x1d, 0xe6],
  [0x1e, 0xdf],
  [0x1f, 0xc9],
  [0x24, 0xa4],
  [0x40, 0xa1],
  [0x5b, 0xc4],
  [0x5c, 0xd6],
  [0x5d, 0xd1],
  [0x5e, 0xdc],
  [0x5f, 0xa7],
  [0x60, 0xbf],
  [0x7b, 0xe4],
  [0x7c, 0xf6],
  [0x7d, 0xf1],
  [0x7e, 0xfc],
  [0x7f, 0xe0],
];

/** TS 23.038, 6.2.1.1: codes behind ESC. */
const extension: readonly (readonly [code: number, codePoint: number])[] = [
  [0x0a, 0x0c],
  [0x14, 0x5e],
  [0x28, 0x7b],
  [0x29, 0x7d],
  [0x2f, 0x5c],
  [0x3c, 0x5b],
  [0x3d, 0x7e],
  [0x3e, 0x5d],
  [0x40, 0x7c],
  [0x65, 0x20ac],
];

const defaultCodePoints = new Map(Array.from({ length: 0x80 }, (_, code) => [code, code] as const));
for (const [code, codePoint] of notAscii) defaultCodePoints.set(code, codePoint);
defaultCodePoints.delete(0x1b);

test('every code of the default alphabet is one character, both ways', () => {
  for (const [code, codePoint] of defaultCodePoints) {
    const char = String.fromCodePoint(codePoint);
    expect([code, encodeGsm(char)]).toEqual([code, Uint8Array.of(code)]);
    expect([code, decodeGsm(Uint8Array.of(code))]).toEqual([code, char]);
    expect(septetsOf(char)).toBe(1);
  }
});

test('every code of the extension table is one character behind ESC, both ways', () => {
  for (const [code, codePoint] of extension) {
    const char = String.fromCodePoint(codePoint);
    expect([code, encodeGsm(char)]).toEqual([code, Uint8Array.of(0x1b, code)]);
    expect([code, decodeGsm(Uint8Array.of(0x1b, code))]).toEqual([code, char]);
    expect(septetsOf(char)).toBe(2);
  }
});

test('no other UTF-16 unit is in the alphabet', () => {
  const known = new Set([...defaultCodePoints.values(), ...extension.map(([, codePoint]) => codePoint)]);
  const units = Array.from({ length: 0x10000 }, (_, unit) => unit);
  expect(units.filter((unit) => encodeGsm(String.fromCharCode(unit)))).toEqual(units.filter((unit) => known.has(unit)));
  expect(units.filter((unit) => septetsOf(String.fromCharCode(unit)))).toEqual(units.filter((unit) => known.has(unit)));
});

test.each([
  ['a small c with cedilla', 'gar\u00e7on'],
  ['an emoji', 'hi 😀'],
  ['a decomposed accent', 'e\u0301'],
  ['an ohm sign, which only looks like omega', '\u2126'],
  ['ESC itself', '\u001b'],
])('a text with %s does not encode at all', (_, text) => {
  expect(encodeGsm(text)).toBeUndefined();
});

test.each([
  ['no character', ''],
  ['two characters', 'ab'],
  ['a surrogate pair', '😀'],
])('there is no number of septets for %s', (_, text) => {
  expect(septetsOf(text)).toBeUndefined();
});

test('an empty text is no octets, both ways', () => {
  expect(encodeGsm('')).toEqual(Uint8Array.of());
  expect(decodeGsm(Uint8Array.of())).toBe('');
});

test('a code that the extension table lacks shows its character of the default alphabet', () => {
  expect(decodeGsm(Uint8Array.of(0x1b, 0x41, 0x1b, 0x09, 0x1b, 0x0d))).toBe('A\u00c7\r');
});

test('ESC ESC shows a space, and what follows is not escaped', () => {
  expect(decodeGsm(Uint8Array.of(0x1b, 0x1b, 0x65))).toBe(' e');
});

test('an ESC that ends the octets shows a space', () => {
  expect(decodeGsm(Uint8Array.of(0x41, 0x1b))).toBe('A ');
});

test('an octet over 0x7F shows U+FFFD, behind ESC too', () => {
  expect(decodeGsm(Uint8Array.of(0x41, 0x80, 0x1b, 0xff, 0x42))).toBe('A\ufffd\ufffdB');
});

test('a text of the alphabet comes back as it was', () => {
  fc.assert(
    fc.property(gsmText(), (text) => {
      expect(decodeGsm(encodeGsm(text) ?? Uint8Array.of())).toBe(text);
    }),
  );
});

test('a text encodes only if every character does, into the sum of their septets', () => {
  fc.assert(
    fc.property(fc.oneof(anyText(), gsmText()), (text) => {
      const septets = [...text].map(septetsOf);
      const sum = septets.reduce<number>((total, count) => total + (count ?? 0), 0);
      expect(encodeGsm(text)?.length).toBe(septets.includes(undefined) ? undefined : sum);
    }),
  );
});

test('any octets decode', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (octets) => {
      expect(decodeGsm(octets).length).toBeLessThanOrEqual(octets.length);
    }),
  );
});
