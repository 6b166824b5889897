import { decodeLatin1, encodeLatin1 } from '#contract/text/latin1.ts';

test('each of the 256 octets is the character of that number, both ways', () => {
  const octets = Buffer.from(Array.from({ length: 0x100 }, (_, octet) => octet));
  expect(encodeLatin1(decodeLatin1(octets))).toEqual(octets);
  expect(decodeLatin1(Uint8Array.of(0x80, 0xff))).toBe('\u0080ÿ');
});

test.each(['€', 'Ā', 'ж', '😀', 'e\u0301'])('%s is not in it, and nothing stands for it', (text) => {
  expect(encodeLatin1(`a${text}`)).toBeUndefined();
});
