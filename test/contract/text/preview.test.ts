import { previewText } from '#contract/text/preview.ts';
import { textOptionsWith } from './options.ts';

const usual = textOptionsWith();

test('a text of GSM: nothing forces it, nothing is saved', () => {
  expect(previewText('5 € {ok}', usual)).toEqual({
    encoding: 'gsm7',
    segments: 1,
    characters: 8,
    units: 11,
    unitsPerSegment: 160,
    unitsLeft: 149,
    forcing: [],
    smart: { encoding: 'gsm7', segments: 1, saves: 0, replaced: [] },
  });
});

test('a text that typographic characters force into UCS-2: which, and what smart saves', () => {
  const text = `“It’s”${'a'.repeat(80)}’`;
  expect(previewText(text, usual)).toEqual({
    encoding: 'ucs2',
    segments: 2,
    characters: 87,
    units: 87,
    unitsPerSegment: 67,
    unitsLeft: 47,
    forcing: [
      { character: '“', codePoint: 'U+201C', count: 1 },
      { character: '’', codePoint: 'U+2019', count: 2 },
      { character: '”', codePoint: 'U+201D', count: 1 },
    ],
    smart: {
      encoding: 'gsm7',
      segments: 1,
      saves: 1,
      replaced: [
        { character: '“', by: '"', count: 1 },
        { character: '’', by: "'", count: 2 },
        { character: '”', by: '"', count: 1 },
      ],
    },
  });
});

test('a text that is not to be helped: smart is the same', () => {
  expect(previewText('“😀”', usual)).toMatchObject({
    encoding: 'ucs2',
    characters: 3,
    units: 4,
    forcing: [{ codePoint: 'U+201C' }, { character: '😀', codePoint: 'U+1F600', count: 1 }, { codePoint: 'U+201D' }],
    smart: { encoding: 'ucs2', segments: 1, saves: 0, replaced: [] },
  });
});

test('a character that the tables of the carrier have forces nothing', () => {
  const turkish = textOptionsWith({ nationalLanguages: ['turkish'] });
  expect(previewText('Dağ', turkish)).toMatchObject({ encoding: 'gsm7', unitsPerSegment: 155, forcing: [] });
  expect(previewText('Dağ ж', turkish).forcing).toEqual([{ character: 'ж', codePoint: 'U+0436', count: 1 }]);
});

test('characters without a table that has them all are those that the default alphabet lacks', () => {
  const options = textOptionsWith({ nationalLanguages: ['turkish', 'hindi', 'kannada'] });
  expect(previewText('ğहಕ', options).forcing.map(({ character }) => character)).toEqual(['ğ', 'ह', 'ಕ']);
});

test('of many characters that force it the first 20 are told', () => {
  const text = Array.from({ length: 30 }, (_, index) => String.fromCharCode(0x4e00 + index)).join('');
  expect(previewText(text, usual).forcing).toHaveLength(20);
});

test('a character that the carrier has replaced forces nothing, unless what replaces it does', () => {
  const options = textOptionsWith({
    replacements: [
      { character: '’', by: "'" },
      { character: '—', by: '–' },
    ],
  });
  expect(previewText('’ж—', options).forcing.map(({ character }) => character)).toEqual(['ж', '—']);
});

test('a text that is refused is refused', () => {
  const gsmOnly = textOptionsWith({ encodings: [{ alphabet: 'gsm7', dataCoding: 0 }] });
  expect(() => previewText('ж', gsmOnly)).toThrow(expect.objectContaining({ code: 'unencodable-text' }));
  expect(() => previewText('ж'.repeat(30_000), usual)).toThrow(expect.objectContaining({ code: 'too-many-segments' }));
});
