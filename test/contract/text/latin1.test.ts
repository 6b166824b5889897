import { decodeLatin1, isLatin1 } from '#contract/text/latin1.ts';

test('each of the 256 octets is the character of that number', () => {
  const octets = Uint8Array.from({ length: 0x100 }, (_, octet) => octet);
  const text = decodeLatin1(octets);
  expect([...text].map((character) => character.charCodeAt(0))).toEqual([...octets]);
  expect(isLatin1(text)).toBe(true);
});

test.each(['€', 'Ā', 'ж', '😀', 'e\u0301'])('%s is not in it', (text) => {
  expect(isLatin1(`a${text}`)).toBe(false);
});
