import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables } from '#contract/config/docs.ts';
import { behaviourSchema } from '../../../../local/simulator/play/behaviour.ts';
import { behaviourOptions } from '../../../../local/simulator/play/behaviour-options.ts';
import { behaviourOf, scenarios } from '../../../../local/simulator/play/scenarios.ts';
import { simulatorTables } from '../../../../local/simulator/play/tables.ts';

const page = readFileSync(join(__dirname, '../../../../docs/simulator.md'), 'utf8');

test('docs/simulator.md has every scenario, number and option as it is now (npm run docs)', () => {
  expect(page.match(/<!-- table: /g)).toHaveLength(simulatorTables().size);
  expect(withTables(page, simulatorTables())).toBe(page);
});

test('every scenario stands in the page once', () => {
  const rows = Object.keys(scenarios).map((name) => page.split(`| \`${name}\` |`).length - 1);
  expect(rows).toEqual(Object.keys(scenarios).map(() => 1));
});

test('every default in the table is what a friendly SMSC does', () => {
  const change = {};
  for (const { path, standard } of behaviourOptions()) if (standard !== undefined) set(change, path, standard);
  expect(behaviourSchema.parse(change)).toEqual(behaviourOf({ scenarios: [], change: {} }));
});

test('every option of a scenario is in the table', () => {
  const known = behaviourOptions().map(({ path }) => path);
  const changed = Object.values(scenarios).flatMap(({ change }) => pathsOf(change, known));
  expect(changed.length).toBeGreaterThan(100);
  expect(changed.filter((path) => !known.includes(path))).toEqual([]);
});

test('what is said of a group is said of each option within it', () => {
  const options = new Map(behaviourOptions().map(({ path, what }) => [path, what]));
  expect(options.get('handsets.parts.withinMs')).toMatch(/parts of a message/);
});

test('what a string may be is said as the schema has it', () => {
  const allowed = new Map(behaviourOptions().map((option) => [option.path, option.allowed]));
  expect(allowed.get('wire.trailing')).toBe('at most 1000 octets in hexadecimal');
  expect(allowed.get('receipts.textBefore')).toBe('a string of at most 100 printable ASCII characters');
  expect(allowed.get('binds.systemId')).toBe('a string of at most 64 characters');
});

/** Of a change, down to what is an option; what is none comes to its end. */
function pathsOf(change: object, known: readonly string[], prefix = ''): string[] {
  return Object.entries(change).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    const isLeaf = known.includes(path) || typeof value !== 'object' || value === null || Array.isArray(value);
    return isLeaf ? [path] : pathsOf(value, known, `${path}.`);
  });
}

function set(change: object, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const group = keys.reduce<object>((within, key) => {
    if (!Object.hasOwn(within, key)) Reflect.set(within, key, {});
    return Reflect.get(within, key);
  }, change);
  Reflect.set(group, last, value);
}
