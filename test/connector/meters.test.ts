import { type MetricName, metrics } from '#contract/metrics.ts';
import { type Gauges, Meters } from '../../connector/meters.ts';

const ofKind = (kind: string) =>
  Object.entries(metrics).flatMap(([name, metric]) => (metric.kind === kind ? [name] : []));

function taken(meters: Meters, gauges: Gauges = {}): Partial<Record<MetricName, readonly number[]>> {
  return Object.fromEntries(meters.take(gauges));
}

test('what was counted is told once, and what was not counted as 0', () => {
  const meters = new Meters(() => 0);
  meters.count('submits');
  meters.count('submits', 2);
  const nothing = Object.fromEntries(ofKind('count').map((name) => [name, [0]]));
  expect(taken(meters)).toEqual({ ...nothing, submits: [3] });
  expect(taken(meters)).toEqual(nothing);
});

test('a gauge that is not known now is not told, one that is 0 is', () => {
  const meters = new Meters(() => 0);
  const { boundBinds, heldMessages, rateLimit } = taken(meters, { boundBinds: 0, heldMessages: 7 });
  expect({ boundBinds, heldMessages, rateLimit }).toEqual({ boundBinds: [0], heldMessages: [7], rateLimit: undefined });
});

test('every measurement of a few is told, to the tenth, and none of nothing', () => {
  const meters = new Meters(() => 0);
  for (const value of [12, 3.16, 0.04]) meters.sample('submitLatency', value);
  expect(taken(meters).submitLatency).toEqual([12, 3.2, 0]);
  expect(taken(meters)).not.toHaveProperty('submitLatency');
});

test('of many measurements a fair choice is told', () => {
  // Every place between 0 and 1 in turn, so that chance is spread as evenly as it can be.
  let chance = 0;
  const meters = new Meters(() => {
    chance = (chance + 0.618034) % 1;
    return chance;
  });
  for (let n = 0; n < 10_000; n += 1) meters.sample('submitLatency', n);
  const { submitLatency = [] } = taken(meters);
  expect(submitLatency).toHaveLength(99);
  const mean = submitLatency.reduce((sum, value) => sum + value, 0) / submitLatency.length;
  expect(mean).toBeGreaterThan(4_000);
  expect(mean).toBeLessThan(6_000);
  expect(new Set(submitLatency).size).toBe(99);
});

test('the choice among the next measurements does not depend on how many came before', () => {
  const meters = new Meters(() => 0.999);
  for (let n = 0; n < 1_000; n += 1) meters.sample('submitLatency', 1);
  meters.take({});
  meters.sample('submitLatency', 2);
  expect(taken(meters).submitLatency).toEqual([2]);
});
