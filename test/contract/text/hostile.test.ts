import type { TextOptions } from '#contract/carrier-text.ts';
import { receivedAlphabets } from '#contract/text/alphabets.ts';
import { readConcatenation, readPorts, readShifts, splitUdh } from '#contract/text/concatenation.ts';
import { decodeParts, decodeText } from '#contract/text/decode.ts';
import { encodeText, measureText } from '#contract/text/encode-text.ts';
import { decodeGsm, encodeGsm } from '#contract/text/gsm0338.ts';
import { languageIds } from '#contract/text/national-languages.ts';
import { decodeNational } from '#contract/text/national-text.ts';
import { packSeptets, unpackSeptets } from '#contract/text/packed.ts';
import { previewText } from '#contract/text/preview.ts';
import { smarten } from '#contract/text/smart.ts';
import { messageId, textOptionsWith } from './options.ts';

const small = 2 * 1024;
const timesAsLong = 32;
const large = timesAsLong * small;
/**
 * How much more than in proportion the long one may take, for what a machine does meanwhile (other work, its
 * caches, its garbage). Of work that grows with the square it would be 32.
 */
const tolerance = 12;
/** Shorter than that nobody is kept waiting, and a clock tells little. */
const fewMs = 100;

function msOf(work: () => unknown): number {
  const startedAt = performance.now();
  try {
    work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  return performance.now() - startedAt;
}

function expectLinear(work: (size: number) => unknown): void {
  const long = msOf(() => work(large));
  if (long < fewMs) return;
  const short = Math.min(...Array.from({ length: 5 }, () => msOf(() => work(small))));
  const limit = tolerance * timesAsLong * short;
  if (long < limit) return;
  expect(Math.min(long, ...Array.from({ length: 3 }, () => msOf(() => work(large))))).toBeLessThan(limit);
}

const texts: Readonly<Record<string, string>> = {
  ASCII: 'a',
  'escape pairs': '€',
  'combining marks': '\u0301',
  'letters of which each has one': 'e\u0301',
  'zero-width joiners': '\u200d',
  'a family': '👩\u200d',
  flags: '🇮🇹',
  'half surrogates': '\ud83d',
  virama: 'क\u094d',
  CRs: '\r',
  quotes: '’',
  ellipses: '…',
  'Chinese characters': '漢',
  'two alphabets': 'ğह',
  'one character that GSM lacks at the end': 'a'.repeat(small - 1).concat('ж'),
};

const carriers: Readonly<Record<string, TextOptions>> = {
  usual: textOptionsWith(),
  'all languages, packed': textOptionsWith({ gsm7: 'packed', nationalLanguages: [...languageIds.keys()] }),
  'short parts, with replacements': textOptionsWith({
    segmentSizes: { gsm7: { alone: 4, part: 4 }, ucs2: { alone: 4, part: 4 } },
    replacements: [{ character: 'a', by: '12345678' }],
  }),
};

describe.each(Object.entries(carriers))('with a carrier that is %s', (_, options) => {
  test.each(Object.entries(texts))('64 KB of %s take time in proportion', (__, unit) => {
    const textOf = (size: number) => unit.repeat(size / unit.length);
    for (const work of [
      (size: number) => encodeText(textOf(size), options, messageId),
      (size: number) => measureText(textOf(size), options),
      (size: number) => previewText(textOf(size), options),
      (size: number) => smarten(textOf(size), options),
    ])
      expectLinear(work);
  });
});

test('64 KB of GSM are written and read in proportion', () => {
  expectLinear((size) => encodeGsm('€'.repeat(size)));
});

const octets: Readonly<Record<string, readonly number[]>> = {
  NULs: [0],
  ESCs: [0x1b],
  'letters of UTF-16': [0x04, 0x30],
  'half surrogates': [0xd8, 0x3d],
  'surrogate pairs': [0xd8, 0x3d, 0xde, 0x00],
  'octets of 0xFF': [0xff],
  CRs: [0x0d],
  'UTF-16 of many scripts': [0x04, 0x30, 0x05, 0xd0, 0x0e, 0x01],
  'elements without a value': [0x24, 0x00],
  'elements of a language': [0x24, 0x01, 0x0d],
};

test.each(Object.entries(octets))('64 KB of %s are read in proportion, as anything', (_, unit) => {
  const octetsOf = (size: number) => Uint8Array.from({ length: size }, (__, index) => unit[index % unit.length] ?? 0);
  const udh = Uint8Array.of(3, 0x25, 1, 13);
  for (const alphabet of [undefined, ...receivedAlphabets]) {
    for (const dataCoding of [0, 1, 3])
      expectLinear((size) => decodeParts([{ octets: octetsOf(size), udh: new Uint8Array() }], dataCoding, alphabet));
    expectLinear((size) => decodeParts([{ octets: octetsOf(size), udh }], 0, alphabet));
  }
  for (const read of [readConcatenation, readPorts, readShifts, splitUdh, decodeGsm, packSeptets, unpackSeptets])
    expectLinear((size) => read(octetsOf(size)));
  expectLinear((size) => decodeText(octetsOf(size), 8));
  expectLinear((size) => decodeNational(octetsOf(size), { locking: 6, single: 6 }));
});

test('64 KB in as many parts are read in proportion', () => {
  expectLinear((size) =>
    decodeParts(
      Array.from({ length: size }, (_, index) => ({
        octets: Uint8Array.of(0x61),
        udh: Uint8Array.of(3, 0x24, 1, 1 + (index % 2)),
      })),
      0,
    ),
  );
});
