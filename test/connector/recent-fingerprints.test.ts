import { RecentFingerprints } from '../../connector/recent-fingerprints.ts';
import { FakeClock } from '../support/fake-clock.ts';

const tenMinutes = 600_000;

test('what looks the same within ten minutes is a look-alike, later it is a first again', async () => {
  const clock = new FakeClock();
  const recent = new RecentFingerprints(clock);
  expect(recent.arrive('a').kind).toBe('first');
  await clock.advance(tenMinutes - 1);
  expect(recent.arrive('a').kind).toBe('look-alike');
  await clock.advance(tenMinutes);
  expect(recent.arrive('a').kind).toBe('first');
  expect(recent.arrive('b').kind).toBe('first');
});

test('the copy after one that was left unanswered needs an answer only, the one after that is a message again', () => {
  const recent = new RecentFingerprints(new FakeClock());
  recent.arrive('a').leftUnanswered();
  expect(recent.arrive('a').kind).toBe('answer-only');
  expect(recent.arrive('a').kind).toBe('look-alike');
});

test('a repeat that is left unanswered too needs an answer only when it comes once more', () => {
  const recent = new RecentFingerprints(new FakeClock());
  recent.arrive('a').leftUnanswered();
  recent.arrive('a').leftUnanswered();
  expect(recent.arrive('a').kind).toBe('answer-only');
});

test('one that is left unanswered after its repeat has come takes nothing from the next message', () => {
  const recent = new RecentFingerprints(new FakeClock());
  const slow = recent.arrive('a');
  recent.arrive('a');
  slow.leftUnanswered();
  expect(recent.arrive('a').kind).toBe('look-alike');
});

test('one that was not stored leaves things as if it had never come', () => {
  const recent = new RecentFingerprints(new FakeClock());
  recent.arrive('a').notStored();
  expect(recent.arrive('a').kind).toBe('first');
  recent.arrive('a').notStored();
  expect(recent.arrive('a').kind).toBe('look-alike');
});

test('of many the ten thousand that arrived last are known', () => {
  const recent = new RecentFingerprints(new FakeClock());
  for (let i = 0; i <= 10_000; i += 1) recent.arrive(`${i}`);
  expect(recent.arrive('1').kind).toBe('look-alike');
  expect(recent.arrive('0').kind).toBe('first');
});
