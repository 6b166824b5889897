import { nationalLanguages } from '#contract/text/national-languages.ts';

const esc = 0x1b;
const all = [...nationalLanguages];
const withLocking = all.flatMap(([id, { name, locking }]) => (locking === undefined ? [] : [{ id, name, locking }]));
const codesOf = (table: ReadonlyMap<number, string>) => new Map([...table].map(([code, char]) => [char, code]));

test('there are the thirteen languages of the annex, of which only Spanish has no locking shift table', () => {
  expect(all.map(([id, { name }]) => `${id} ${name}`)).toEqual([
    '1 Turkish',
    '2 Spanish',
    '3 Portuguese',
    '4 Bengali',
    '5 Gujarati',
    '6 Hindi',
    '7 Kannada',
    '8 Malayalam',
    '9 Oriya',
    '10 Punjabi',
    '11 Tamil',
    '12 Telugu',
    '13 Urdu',
  ]);
  expect(withLocking.map(({ id }) => id)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
});

describe.each(all)('the tables of language %i', (_, { locking, single }) => {
  test('have codes of seven bits, none of them ESC, with one UTF-16 unit each', () => {
    for (const [code, char] of [...single, ...(locking ?? [])]) {
      expect(code).toBeGreaterThanOrEqual(0);
      expect(code).toBeLessThan(0x80);
      expect(code).not.toBe(esc);
      expect(char).toHaveLength(1);
      expect(char).not.toMatch(/[\0\ufffd\uffff]/);
    }
  });

  test('agree on the page break, brackets and the euro', () => {
    const common = [0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65];
    expect(common.map((code) => single.get(code)).join('')).toBe('\f^{}\\[~]|€');
  });
});

test.each(withLocking)(
  'the alphabet of $name has each character once, line ends, digits and a to z in their places',
  ({ locking }) => {
    expect(codesOf(locking).size).toBe(locking.size);
    const at = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => locking.get(from + index)).join('');
    expect([locking.get(0x0a), locking.get(0x0d), locking.get(0x20)]).toEqual(['\n', '\r', ' ']);
    expect(at(0x30, 0x39)).toBe('0123456789');
    expect(at(0x61, 0x7a)).toBe('abcdefghijklmnopqrstuvwxyz');
  },
);

test('scripts keep to their own block of Unicode', () => {
  const blocks: Readonly<Record<number, readonly [number, RegExp]>> = {
    4: [67, /^[\u0980-\u09ff]$/],
    5: [73, /^[\u0a80-\u0aff]$/],
    6: [80, /^[\u0900-\u097f]$/],
    7: [73, /^[\u0c80-\u0cff]$/],
    8: [73, /^[\u0d00-\u0d7f]$/],
    9: [69, /^[\u0b00-\u0b7f]$/],
    10: [63, /^[\u0a00-\u0a7f]$/],
    11: [55, /^[\u0b80-\u0bff]$/],
    12: [73, /^[\u0c00-\u0c7f]$/],
    13: [80, /^[\u0600-\u06ff]$/],
  };
  const ascii = /^[\n\r -~]$/;
  for (const { id, locking } of withLocking.filter((language) => language.id in blocks)) {
    const [count, block] = blocks[id] ?? [0, /^$/];
    const letters = [...locking.values()].filter((char) => !ascii.test(char));
    expect([id, letters.filter((char) => !block.test(char))]).toEqual([id, []]);
    expect([id, letters.length]).toEqual([id, count]);
  }
});

test('every script has its ten digits behind ESC, from 0x1C on', () => {
  const zeros: readonly (readonly [id: number, zero: number, at: number])[] = [
    [5, 0x0ae6, 0x1c],
    [6, 0x0966, 0x1c],
    [7, 0x0ce6, 0x1c],
    [8, 0x0d66, 0x1c],
    [9, 0x0b66, 0x1c],
    [10, 0x0a66, 0x1c],
    [11, 0x0be6, 0x1c],
    [12, 0x0c66, 0x1c],
    [13, 0x06f0, 0x1c],
  ];
  for (const [id, zero, at] of zeros) {
    const digits = Array.from({ length: 10 }, (_, digit) => nationalLanguages.get(id)?.single.get(at + digit));
    const expected = Array.from({ length: 10 }, (_, digit) => String.fromCharCode(zero + digit));
    expect([id, digits]).toEqual([id, expected]);
  }
});
