import fc from 'fast-check';
import { decodeUcs2, encodeUcs2 } from '#contract/text/ucs2.ts';
import { anyText } from './arbitraries.ts';

test('a unit is two octets, the high one first', () => {
  expect([...encodeUcs2('A€')]).toEqual([0x00, 0x41, 0x20, 0xac]);
  expect(decodeUcs2(Uint8Array.of(0x00, 0x41, 0x20, 0xac))).toBe('A€');
});

test('an emoji is its surrogate pair, both ways', () => {
  expect([...encodeUcs2('😀')]).toEqual([0xd8, 0x3d, 0xde, 0x00]);
  expect(decodeUcs2(Uint8Array.of(0xd8, 0x3d, 0xde, 0x00))).toBe('😀');
});

test('an odd last octet is dropped', () => {
  expect(decodeUcs2(Uint8Array.of(0x00, 0x41, 0x20))).toBe('A');
  expect(decodeUcs2(Uint8Array.of(0x20))).toBe('');
});

test('decoding leaves the octets as they were', () => {
  const octets = Uint8Array.of(0x00, 0x41);
  decodeUcs2(octets);
  expect([...octets]).toEqual([0x00, 0x41]);
});

test('a pair cut by its sender is whole again when the parts are joined', () => {
  expect(decodeUcs2(Uint8Array.of(0xd8, 0x3d)) + decodeUcs2(Uint8Array.of(0xde, 0x00))).toBe('😀');
});

test('any text comes back as it was', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      expect(decodeUcs2(encodeUcs2(text))).toBe(text);
    }),
  );
});
