import { RecentFingerprints } from '../../connector/recent-fingerprints.ts';
import { FakeClock } from '../support/fake-clock.ts';

const tenMinutes = 600_000;

test('a fingerprint is known for ten minutes after it was last added', async () => {
  const clock = new FakeClock();
  const recent = new RecentFingerprints(clock);
  recent.add('a');
  await clock.advance(tenMinutes - 1);
  expect(recent.has('a')).toBe(true);
  recent.add('a');
  await clock.advance(tenMinutes - 1);
  expect(recent.has('a')).toBe(true);
  await clock.advance(1);
  expect(recent.has('a')).toBe(false);
});

test('a fingerprint can be taken once', () => {
  const recent = new RecentFingerprints(new FakeClock());
  recent.add('a');
  expect([recent.take('b'), recent.take('a'), recent.take('a')]).toEqual([false, true, false]);
});

test('a fingerprint of ten minutes ago is not taken', async () => {
  const clock = new FakeClock();
  const recent = new RecentFingerprints(clock);
  recent.add('a');
  await clock.advance(tenMinutes);
  expect(recent.take('a')).toBe(false);
});

test('the ten thousand added last are kept', () => {
  const recent = new RecentFingerprints(new FakeClock());
  for (let i = 0; i < 10_000; i += 1) recent.add(`${i}`);
  recent.add('0');
  recent.add('one more');
  expect([recent.has('0'), recent.has('1'), recent.has('2')]).toEqual([true, false, true]);
});
