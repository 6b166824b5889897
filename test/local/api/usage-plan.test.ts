import { UsagePlan } from '../../../local/api/usage-plan.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const keys = new Map([
  ['key-a', 'a'],
  ['key-b', 'b'],
]);

function admitted(plan: UsagePlan, key: string, times: number): number {
  return Array.from({ length: times }, () => plan.admit(key).kind).filter((kind) => kind === 'admitted').length;
}

test('a request without a key, or with an unknown one, is forbidden', () => {
  const plan = new UsagePlan(keys, { ratePerSecond: 1, burst: 1 }, new FakeClock());
  expect(plan.admit(undefined)).toEqual({ kind: 'forbidden' });
  expect(plan.admit('key-c')).toEqual({ kind: 'forbidden' });
});

test('an admitted request says which key it came with', () => {
  const plan = new UsagePlan(keys, { ratePerSecond: 1, burst: 1 }, new FakeClock());
  expect(plan.admit('key-a')).toEqual({ kind: 'admitted', apiKey: 'key-a', apiKeyId: 'a' });
});

test('a burst is let through, what is over it is throttled', () => {
  const plan = new UsagePlan(keys, { ratePerSecond: 10, burst: 20 }, new FakeClock());
  expect(admitted(plan, 'key-a', 30)).toBe(20);
  expect(plan.admit('key-a')).toEqual({ kind: 'throttled' });
});

test('tokens come back at the rate, and never more than the burst', async () => {
  const clock = new FakeClock();
  const plan = new UsagePlan(keys, { ratePerSecond: 10, burst: 20 }, clock);
  admitted(plan, 'key-a', 20);
  await clock.advance(500);
  expect(admitted(plan, 'key-a', 30)).toBe(5);
  await clock.advance(3_600_000);
  expect(admitted(plan, 'key-a', 30)).toBe(20);
});

test('one key that is throttled leaves the other alone', () => {
  const plan = new UsagePlan(keys, { ratePerSecond: 1, burst: 1 }, new FakeClock());
  admitted(plan, 'key-a', 5);
  expect(plan.admit('key-b').kind).toBe('admitted');
});
