import fc from 'fast-check';
import { decodeText } from '#contract/text/decode.ts';

/** 0x00 and 0x40 tell GSM ("@", "¡") from Latin-1 (NUL, "@") from UCS-2 (one character). */
const telling = Uint8Array.of(0x00, 0x40);
const asGsm = '@¡';
const asLatin1 = '\u0000@';
const asUcs2 = '@';

test.each([
  ['GSM', asGsm, [0x00, 0x10, 0x13, 0x40, 0x50, 0x1c, 0x5f, 0x80, 0xbf, 0xc0, 0xcf, 0xd0, 0xdb, 0xf0, 0xf3]],
  ['Latin-1', asLatin1, [0x01, 0x02, 0x03, 0x04, 0x05, 0x09, 0x0a, 0x0e, 0x0f, 0x14, 0x17, 0x54, 0xf4, 0xf7]],
  ['UCS-2', asUcs2, [0x08, 0x18, 0x1b, 0x48, 0x59, 0xe0, 0xe8, 0xef]],
  ['Compressed text, as Latin-1,', asLatin1, [0x20, 0x28, 0x30, 0x3c, 0x60, 0x78]],
] as const)('%s is read under every data_coding that means it', (_, text, dataCodings) => {
  for (const dataCoding of dataCodings)
    expect([dataCoding, decodeText(telling, dataCoding)]).toEqual([dataCoding, text]);
});

test('Cyrillic and Hebrew of SMPP are ISO 8859', () => {
  expect(decodeText(Uint8Array.of(0xbf, 0xe0, 0xd8, 0xd2, 0xd5, 0xe2), 6)).toBe('Привет');
  expect(decodeText(Uint8Array.of(0xf9, 0xec, 0xe5, 0xed), 7)).toBe('שלום');
});

test('octets that cannot be GSM are Latin-1 as a whole', () => {
  expect(decodeText(Uint8Array.from(Buffer.from('café @ 5', 'latin1')), 0)).toBe('café @ 5');
});

test('Latin-1 keeps the octets 0x80 to 0x9F, where Windows-1252 has other characters', () => {
  expect(decodeText(Uint8Array.of(0x80, 0x9f, 0xff), 3)).toBe('\u0080\u009f\u00ff');
});

test('any octets under any data_coding are a text', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(255), (octets, dataCoding) => {
      expect(typeof decodeText(octets, dataCoding)).toBe('string');
    }),
  );
});
