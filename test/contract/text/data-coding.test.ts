import { meaningOf } from '#contract/text/data-coding.ts';

/**
 * All 256, a row of sixteen each: up to 0x0F as SMPP 3.4 has them (5.2.19), above as 3GPP TS 23.038 has them (clause 4: general
 * data coding, marked for deletion, reserved, message waiting, message class). `?` cannot be read.
 */
const table = [
  'GABLB?CHU???????',
  'GGGGBBBBUUUUGGGG',
  '????????????????',
  '????????????????',
  'GGGGBBBBUUUUGGGG',
  'GGGGBBBBUUUUGGGG',
  '????????????????',
  '????????????????',
  'GGGGGGGGGGGGGGGG',
  'GGGGGGGGGGGGGGGG',
  'GGGGGGGGGGGGGGGG',
  'GGGGGGGGGGGGGGGG',
  'GGGGGGGGGGGGGGGG',
  'GGGGGGGGGGGGGGGG',
  'UUUUUUUUUUUUUUUU',
  'GGGGBBBBGGGGBBBB',
].join('');

const letters = {
  gsm7: 'G',
  ascii: 'A',
  latin1: 'L',
  ucs2: 'U',
  binary: 'B',
  'iso-8859-5': 'C',
  'iso-8859-8': 'H',
} as const;

test('every data_coding means what the standards say, and nothing else is defined', () => {
  const read = Array.from({ length: 256 }, (_, dataCoding) => {
    const { alphabet, isDefined } = meaningOf(dataCoding);
    return isDefined ? letters[alphabet as keyof typeof letters] : '?';
  });
  expect(read.join('')).toBe(table);
});

test('what is not defined is read as Latin-1, in which no octet is lost', () => {
  const undefinedOnes = Array.from({ length: 256 }, (_, dataCoding) => meaningOf(dataCoding)).filter(
    ({ isDefined }) => !isDefined,
  );
  expect(new Set(undefinedOnes.map(({ alphabet }) => alphabet))).toEqual(new Set(['latin1']));
});
