import fc from 'fast-check';
import { decodeGsm, defaultCodes, encodeSeptets } from '#contract/text/gsm0338.ts';
import { languageIds } from '#contract/text/national-languages.ts';
import { codesUnder, decodeNational } from '#contract/text/national-text.ts';
import { countSeptets } from '#contract/text/septet-codes.ts';

const esc = 0x1b;

/** By the codes of TS 23.038, A.3. */
test.each([
  [1, 'Türkçe ığ ŞİŞ', '547e726b606520070c201c401c'],
  [3, 'São Paulo, coração', '537b6f205061756c6f2c20636f7261097b6f'],
  [4, 'বাংলা', '4050014650'],
  [5, 'ગુજરાતી', '17531d44502752'],
  [6, 'हिन्दी', '4d512f5f2b52'],
  [7, 'ಕನ್ನಡ', '152f5f2f24'],
  [8, 'മലയാളം', '424643504701'],
  [9, 'ଭାରତ', '41504427'],
  [10, 'ਪੰਜਾਬੀ', '3d7b1d504052'],
  [11, 'தமிழ்', '274251485f'],
  [12, 'తెలుగు', '275846531753'],
  [13, 'اردو', '00251a53'],
])('a word of language %i is read by its locking shift table: %s', (locking, word, hex) => {
  expect(decodeNational(Buffer.from(hex, 'hex'), { locking })).toBe(word);
});

test.each([
  [1, 'Dağ ışık', '44611b67201b691b731b696b'],
  [2, 'mañana será así', '6d617d616e61207365721b612061731b69'],
  [3, 'avô e avó', '61761b0c20652061761b6f'],
  [6, '१२', '1b1d1b1e'],
])('a word of language %i is read by its single shift table: %s', (single, word, hex) => {
  expect(decodeNational(Buffer.from(hex, 'hex'), { single })).toBe(word);
});

test('both tables can be of different languages', () => {
  expect(decodeNational(Uint8Array.of(0x43, 0x1b, 0x1d), { locking: 6, single: 4 })).toBe('\u092f\u09e9');
});

test('without a single shift table the default extension is behind ESC', () => {
  expect(decodeNational(Uint8Array.of(esc, 0x65, esc, 0x29), { locking: 13 })).toBe('€}');
});

test('what is not in the extension shows its character of the alphabet', () => {
  expect(decodeNational(Uint8Array.of(esc, 0x04), { locking: 1, single: 1 })).toBe('€');
  expect(decodeNational(Uint8Array.of(esc, 0x04), { single: 1 })).toBe('è');
  expect(decodeNational(Uint8Array.of(esc, 0x04), { locking: 1 })).toBe('€');
});

test('a code that the alphabet lacks, ESC ESC, and ESC at the end show a space', () => {
  expect(decodeNational(Uint8Array.of(0x00, 0x61, esc, esc, 0x62, esc), { locking: 7 })).toBe(' a b ');
});

test('an octet over 0x7F shows U+FFFD, behind ESC too', () => {
  expect(decodeNational(Uint8Array.of(0x80, esc, 0xff, 0x41), { locking: 1, single: 1 })).toBe('\ufffd\ufffdA');
});

test.each([{}, { locking: 0, single: 0 }, { locking: 2 }, { locking: 14, single: 255 }])(
  'without tables of a language it is the default alphabet: %j',
  (shifts) => {
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        expect(decodeNational(octets, shifts)).toBe(decodeGsm(octets));
      }),
    );
  },
);

test('any octets decode, in any language', () => {
  const id = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.uint8Array(), id, id, (octets, locking, single) => {
      expect(decodeNational(octets, { locking, single }).length).toBeLessThanOrEqual(octets.length);
    }),
  );
});

/** All up to the last of any table. */
const characters = Array.from({ length: 0x2300 }, (_, unit) => String.fromCharCode(unit));

test('what a table has is written so that it is read as it was, in any two languages', () => {
  const ids = [0, ...languageIds.values()];
  for (const locking of ids) {
    for (const single of ids) {
      const codes = codesUnder({ locking, single });
      const known = characters.filter((char) => countSeptets(char, codes) !== undefined);
      const septets = known.map((char) => encodeSeptets(char, codes) ?? new Uint8Array());
      expect(decodeNational(Buffer.concat(septets), { locking, single })).toBe(known.join(''));
    }
  }
});

test('a character that is in both tables goes without ESC', () => {
  expect(encodeSeptets('€', codesUnder({ locking: 1 }))).toEqual(Buffer.of(0x04));
  expect(encodeSeptets('â', codesUnder({ single: 3 }))).toEqual(Buffer.of(esc, 0x7f));
});

test('the tables are made once, and are the default ones where a language has none', () => {
  expect(codesUnder({ locking: 6, single: 6 })).toBe(codesUnder({ locking: 6, single: 6 }));
  for (const shifts of [{}, { locking: 0, single: 0 }, { locking: 2 }, { locking: 99, single: 99 }])
    expect(codesUnder(shifts)).toBe(defaultCodes);
});
