import { SubmitRate } from '../../connector/submit-rate.ts';
import { FakeClock } from '../support/fake-clock.ts';

test('the rate is the mean of the last thirty seconds, and falls to nothing when nothing more is accepted', async () => {
  const clock = new FakeClock();
  const rate = new SubmitRate(clock);
  expect(rate.perSecond()).toBe(0);
  for (let second = 0; second < 60; second += 1) {
    for (let i = 0; i < 12; i += 1) rate.count();
    await clock.advance(1_000);
  }
  expect(rate.perSecond()).toBeCloseTo(11.6);
  await clock.advance(14_000);
  expect(rate.perSecond()).toBeCloseTo(6);
  await clock.advance(30_000);
  expect(rate.perSecond()).toBe(0);
});
