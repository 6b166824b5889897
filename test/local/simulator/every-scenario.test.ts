import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { behaviourOf, scenarios, standard, standardPlay } from '../../../local/simulator/play/scenarios.ts';

const folder = join(__dirname, 'scenarios');
const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
const tested = new Set(
  sources.flatMap((source) => [...source.matchAll(/scenarioTest\(\s*'([^']+)'/g)].map(([, name]) => name)),
);

const others = Object.keys(scenarios).filter((name) => name !== standard);

test.each(others)('the scenario %s can be played, and changes something', (name) => {
  expect(behaviourOf({ scenarios: [name], change: {} })).not.toEqual(behaviourOf(standardPlay));
});

test('every scenario has a test of what it does', () => {
  expect(others.filter((name) => !tested.has(name))).toEqual([]);
});

test('every quirk of the catalogue has a scenario', () => {
  const shown = new Set(Object.keys(scenarios).map((name) => /^quirk-(\d+)/.exec(name)?.[1]));
  const catalogue = Array.from({ length: 72 }, (_, index) => String(index + 1));
  expect(catalogue.filter((number) => !shown.has(number))).toEqual([]);
});
