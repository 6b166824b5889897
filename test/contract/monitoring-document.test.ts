import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionMetrics, metricNamespace, metrics } from '#contract/metrics.ts';

const document = readFileSync(join(__dirname, '../../docs/monitoring.md'), 'utf8');

const documented = [...document.matchAll(/^\| `([A-Z]\w+)` \| (\w+) \| ([\w/]+) \|(.+)\|(.+)\|$/gm)].map(
  ([, name = '', kind, unit, says = '', worry = '']) => ({ name, kind, unit, says: says.trim(), worry: worry.trim() }),
);

test('docs/monitoring.md has every metric, with its kind and unit, in the order of contract/metrics.ts', () => {
  expect(documented.map(({ name, kind, unit }) => ({ name, kind, unit }))).toEqual([
    ...Object.values(metrics),
    ...Object.values(functionMetrics),
  ]);
});

test('it says of every metric what it is and when to worry', () => {
  expect(documented.filter(({ says, worry }) => says === '' || worry === '')).toEqual([]);
});

test('every metric that it names is one', () => {
  const named = [...document.matchAll(/`([A-Z][a-z]\w+)`/g)].map(([, name = '']) => name);
  const others = ['ApproximateNumberOfMessagesVisible', metricNamespace];
  const known = new Set([...documented.map(({ name }) => name), ...others]);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

test('the embedded metric format takes all of them in one line', () => {
  expect(Object.keys(metrics).length).toBeLessThanOrEqual(100);
});
