import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables } from '#contract/config/docs.ts';
import { type Row, rows } from './catalogue.ts';
import { optionAt, quirkTables } from './table.ts';
import { testsOfRows } from './tests-of-rows.ts';

function numbersOf(test: (row: Row) => boolean): string[] {
  return rows.filter(test).map(({ kind, number }) => `${kind} ${number}`);
}

test('every quirk from 1 to 72 and every demand from 1 to 25 is there once, in order', () => {
  const all = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind} ${index + 1}`);
  expect(numbersOf(() => true)).toEqual([...all('quirk', 72), ...all('demand', 25)]);
});

test('these rows, and no others, are planned', () => {
  expect(numbersOf(({ untested }) => untested?.state === 'planned')).toEqual(['quirk 66', 'demand 18']);
});

test('of these rows, and no others, a part is planned', () => {
  expect(numbersOf(({ later }) => later !== undefined)).toEqual([
    'quirk 57',
    'quirk 65',
    'quirk 71',
    'demand 13',
    'demand 20',
  ]);
});

test('these rows, and no others, are exempt, six at the most', () => {
  const exempt = numbersOf(({ untested }) => untested?.state === 'exempt');
  expect(exempt).toEqual(['demand 9', 'demand 15', 'demand 21']);
  expect(exempt.length).toBeLessThanOrEqual(6);
});

test('every other row has a test, and no test is of another', () => {
  const tested = numbersOf(({ untested }) => untested === undefined);
  expect([...testsOfRows().keys()].toSorted()).toEqual(tested.toSorted());
});

test('every option that a row names is one', () => {
  for (const option of rows.flatMap(({ options }) => options)) expect(() => optionAt(option)).not.toThrow();
});

test('docs/quirks.md is the catalogue as it is now (npm run docs)', () => {
  const page = readFileSync(join(__dirname, '../../docs/quirks.md'), 'utf8');
  expect(page.match(/<!-- table: /g)).toHaveLength(2);
  expect(withTables(page, quirkTables())).toBe(page);
});
