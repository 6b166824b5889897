import fc from 'fast-check';
import { decodeGsm } from '#contract/text/gsm0338.ts';
import { dataCodingOf, type Segmentation, segmentText } from '#contract/text/segments.ts';
import { decodeUcs2 } from '#contract/text/ucs2.ts';
import { anyText, gsmText } from './arbitraries.ts';

function octetsPerSegment(text: string): number[] {
  return segmentText(text).segments.map((octets) => octets.length);
}

function decodeEach({ encoding, segments }: Segmentation): string[] {
  return segments.map(encoding === 'gsm7' ? decodeGsm : decodeUcs2);
}

test('GSM text has data_coding 0, UCS-2 text has 8', () => {
  expect(dataCodingOf('gsm7')).toBe(0);
  expect(dataCodingOf('ucs2')).toBe(8);
});

test('a text is GSM when all of it is in the alphabet, and else all UCS-2', () => {
  expect(segmentText('Ça va? 5 € {ok}').encoding).toBe('gsm7');
  expect(segmentText('Ça va, garçon?').encoding).toBe('ucs2');
});

test('an empty text is one empty segment', () => {
  expect(segmentText('')).toEqual({ encoding: 'gsm7', segments: [Uint8Array.of()] });
});

test.each([
  ['160 septets', 'a'.repeat(160), [160]],
  ['161 septets', 'a'.repeat(161), [153, 8]],
  ['306 septets', 'a'.repeat(306), [153, 153]],
  ['307 septets', 'a'.repeat(307), [153, 153, 1]],
  ['80 characters of two septets', '€'.repeat(80), [160]],
  ['81 characters of two septets', '€'.repeat(81), [152, 10]],
  ['a pair that ends with the part', `${'a'.repeat(151)}€${'a'.repeat(20)}`, [153, 20]],
  ['a pair across the end of a part', `${'a'.repeat(152)}€${'a'.repeat(20)}`, [152, 22]],
  ['a pair that alone does not fit any more', `${'a'.repeat(159)}€`, [153, 8]],
  ['70 units', 'ж'.repeat(70), [140]],
  ['71 units', 'ж'.repeat(71), [134, 8]],
  ['134 units', 'ж'.repeat(134), [134, 134]],
  ['135 units', 'ж'.repeat(135), [134, 134, 2]],
  ['35 emoji', '😀'.repeat(35), [140]],
  ['36 emoji', '😀'.repeat(36), [132, 12]],
  ['an emoji that ends with the part', `${'ж'.repeat(65)}😀${'ж'.repeat(10)}`, [134, 20]],
  ['an emoji across the end of a part', `${'ж'.repeat(66)}😀${'ж'.repeat(10)}`, [132, 24]],
  ['a high surrogate alone at the end of a part', `${'ж'.repeat(66)}\ud83d${'ж'.repeat(10)}`, [134, 20]],
])('%s: the segments are as long as the standard allows', (_, text, lengths) => {
  expect(octetsPerSegment(text)).toEqual(lengths);
});

test('100,000 characters are cut, each pair whole', () => {
  expect(octetsPerSegment('a'.repeat(100_000))).toHaveLength(Math.ceil(100_000 / 153));
  expect(octetsPerSegment('€'.repeat(100_000))).toHaveLength(Math.ceil(100_000 / 76));
  expect(octetsPerSegment('😀'.repeat(50_000))).toHaveLength(Math.ceil(50_000 / 33));
});

test.each([
  ['gsm7', gsmText(), { alone: 160, part: 153, slack: 1 }],
  ['ucs2', anyText().map((text) => `ж${text}`), { alone: 140, part: 134, slack: 2 }],
] as const)(
  'any %s text: segments keep the limits, waste no more than half a pair, and join to the text',
  (encoding, texts, limits) => {
    fc.assert(
      fc.property(texts, (text) => {
        const segmentation = segmentText(text);
        const lengths = segmentation.segments.map((octets) => octets.length);
        const total = lengths.reduce((sum, length) => sum + length, 0);

        expect(segmentation.encoding).toBe(encoding);
        expect(lengths.length > 1).toBe(total > limits.alone);
        for (const length of lengths)
          expect(length).toBeLessThanOrEqual(lengths.length > 1 ? limits.part : limits.alone);
        for (const length of lengths.slice(0, -1)) expect(length).toBeGreaterThanOrEqual(limits.part - limits.slack);
        // Decoded one by one: a pair cut in two would not come back.
        expect(decodeEach(segmentation).join('')).toBe(text);
      }),
    );
  },
);

test('no segment of well-formed text ends or begins inside a surrogate pair', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      for (const part of decodeEach(segmentText(`ж${text.toWellFormed()}`))) expect(part.isWellFormed()).toBe(true);
    }),
  );
});
