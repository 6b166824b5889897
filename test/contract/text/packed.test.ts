import fc from 'fast-check';
import { fillBitsAfter, packSeptets, unpackSeptets } from '#contract/text/packed.ts';

const septets = fc.uint8Array({ max: 0x7f, maxLength: 200 });
const fillBits = fc.integer({ min: 0, max: 6 });
const ascii = (text: string) => Uint8Array.from(Buffer.from(text, 'ascii'));
const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');

test('septets fill octets from the low bits up', () => {
  expect(hex(packSeptets(ascii('hellohello')))).toBe('e8329bfd4697d9ec37');
});

test('behind a UDH of six octets one bit is left out', () => {
  expect(fillBitsAfter(6)).toBe(1);
  expect(hex(packSeptets(ascii('hello'), fillBitsAfter(6)))).toBe('d06536fb0d');
});

test.each([
  [0, 0],
  [1, 6],
  [5, 2],
  [6, 1],
  [7, 0],
  [12, 2],
  [13, 1],
])('a UDH of %i octets and %i bits are whole septets', (udhOctets, bits) => {
  expect(fillBitsAfter(udhOctets)).toBe(bits);
  expect((8 * udhOctets + bits) % 7).toBe(0);
});

test('160 septets are 140 octets, and 153 behind a UDH 134', () => {
  expect(packSeptets(new Uint8Array(160))).toHaveLength(140);
  expect(packSeptets(new Uint8Array(153), 1)).toHaveLength(134);
});

test('seven spare bits are a CR, which whoever reads takes away', () => {
  const packed = packSeptets(ascii('1234567'));
  expect(packed).toEqual(packSeptets(ascii('1234567\r')).subarray(0, 7));
  expect(packed[6]).toBe(0x0d << 1);
  expect(unpackSeptets(packed)).toEqual(ascii('1234567'));
});

test('zeros in place of that CR are an @', () => {
  const packed = packSeptets(ascii('1234567'));
  packed[6] = (packed[6] ?? 0) & 0x01;
  expect(unpackSeptets(packed)).toEqual(ascii('1234567\0'));
});

test('a CR that ends with an octet is doubled', () => {
  expect(unpackSeptets(packSeptets(ascii('1234567\r')))).toEqual(ascii('1234567\r\r'));
  expect(unpackSeptets(packSeptets(ascii('123456\r')))).toEqual(ascii('123456\r'));
});

test('no septets are no octets, both ways', () => {
  for (const bits of [0, 1, 6]) {
    expect(packSeptets(new Uint8Array(), bits)).toHaveLength(0);
    expect(unpackSeptets(new Uint8Array(), bits)).toHaveLength(0);
  }
});

test('septets come back as they were, but for a doubled CR', () => {
  fc.assert(
    fc.property(septets, fillBits, (original, bits) => {
      const isDoubled = original.length > 0 && (bits + 7 * original.length) % 8 === 0 && original.at(-1) === 0x0d;
      const expected = isDoubled ? Uint8Array.of(...original, 0x0d) : original;
      expect(unpackSeptets(packSeptets(original, bits), bits)).toEqual(expected);
    }),
  );
});

test('any octets unpack, into septets only', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fillBits, (octets, bits) => {
      const unpacked = unpackSeptets(octets, bits);
      expect(unpacked.every((septet) => septet <= 0x7f)).toBe(true);
      expect(unpacked.length).toBeLessThanOrEqual((8 * octets.length) / 7);
    }),
  );
});
