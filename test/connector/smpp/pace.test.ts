import { Pace } from '../../../connector/smpp/pace.ts';

const begin = 1_000_000;
const unlimited = Number.POSITIVE_INFINITY;

/** With pauses at their longest; the second at the beginning is over. */
function paceOf(share: number, random = () => 1): Pace {
  return new Pace(share, random, begin - 60_000);
}

/** How long the carrier is paused at `now`, to the tenth of a second. */
function pauseMs(pace: Pace, now: number): number {
  let ms = 0;
  while (pace.pausedMs(now + ms) > 0) ms += 100;
  return ms;
}

/** Writes so many at one time. */
function write(pace: Pace, count: number, now: number): void {
  for (let written = 0; written < count; written += 1) pace.wrote(now);
}

test('what is throttled pauses the carrier, whatever the rate', () => {
  const pace = paceOf(unlimited);
  write(pace, 1, begin);
  expect(pace.delayMs(begin)).toBe(0);
  pace.throttled(begin, begin + 50);
  expect(pauseMs(pace, begin + 50)).toBe(1_000);
  expect(pace.delayMs(begin + 50)).toBeGreaterThanOrEqual(1_000);
});

test('a pause has jitter: half of it is certain', () => {
  const pace = paceOf(unlimited, () => 0);
  pace.throttled(begin, begin);
  expect(pauseMs(pace, begin)).toBe(500);
});

test('all that was written before a pause is one event, however many answers tell it', () => {
  const pace = paceOf(100);
  write(pace, 100, begin);
  for (let answer = 0; answer < 100; answer += 1) pace.throttled(begin, begin + answer);
  expect(pauseMs(pace, begin)).toBe(1_000);
  expect(pace.limit(begin + 1_000)).toBe(50);
});

test('pauses double up to half a minute while what follows them is throttled, and start over once something is accepted', () => {
  const pace = paceOf(1);
  let now = begin;
  const pauseAfterThrottling = () => {
    pace.wrote(now);
    pace.throttled(now, now);
    const pause = pauseMs(pace, now);
    now += pause + pace.delayMs(now + pause);
    return pause / 1_000;
  };
  expect(Array.from({ length: 7 }, pauseAfterThrottling)).toEqual([1, 2, 4, 8, 16, 30, 30]);
  pace.accepted(now);
  expect(pauseAfterThrottling()).toBe(1);
});

test('what was accepted of what was written before a pause says nothing about the time after it', () => {
  const pace = paceOf(unlimited);
  write(pace, 10, begin);
  pace.throttled(begin, begin);
  pace.accepted(begin);
  write(pace, 1, begin + 1_000);
  pace.throttled(begin + 1_000, begin + 1_000);
  expect(pauseMs(pace, begin + 1_000)).toBe(2_000);
});

test('the limit is half of the rate at which it was throttled, grows steadily and ends at the share', () => {
  const pace = paceOf(100);
  write(pace, 80, begin);
  pace.throttled(begin, begin);
  const limits = [1_000, 2_000, 3_000, 11_000, 16_000, 60_000].map((later) => pace.limit(begin + later));
  expect(limits).toEqual([40, 44, 48, 80, 100, 100]);
});

test('without an agreed rate it grows until it is throttled again', () => {
  const pace = paceOf(unlimited);
  expect(pace.limit(begin)).toBe(unlimited);
  write(pace, 500, begin);
  pace.throttled(begin, begin);
  expect(pace.limit(begin + 1_000)).toBe(250);
  expect(pace.limit(begin + 11_000)).toBe(500);
  expect(pace.limit(begin + 31_000)).toBe(1_000);
});

test('what was written after what is throttled says nothing of the rate at which it was', () => {
  const pace = paceOf(unlimited);
  write(pace, 100, begin);
  write(pace, 100, begin + 100);
  write(pace, 100, begin + 2_900);
  pace.throttled(begin, begin + 3_000);
  expect(pace.limit(begin + 3_000)).toBe(50);
});

test('what was learned without an agreed rate is forgotten in the end', () => {
  const pace = paceOf(unlimited);
  write(pace, 100, begin);
  pace.throttled(begin, begin);
  expect(pace.limit(begin + 3_600_000)).toBeGreaterThan(1_000);
  expect(pace.limit(begin + 86_400_000)).toBe(unlimited);
  expect(pace.delayMs(begin + 86_400_000)).toBeLessThanOrEqual(0);
});

test('throttled at a trickle it comes back by its share, not by the trickle', () => {
  const pace = paceOf(100);
  write(pace, 1, begin);
  pace.throttled(begin, begin);
  expect(pace.limit(begin + 1_000)).toBe(0.5);
  expect(pace.limit(begin + 51_000)).toBe(100);
});

test('the limit stays above one in ten seconds, however often it is throttled', () => {
  const pace = paceOf(unlimited);
  let now = begin;
  for (let times = 0; times < 20; times += 1) {
    pace.wrote(now);
    pace.throttled(now, now);
    expect(pace.limit(now)).toBeGreaterThanOrEqual(0.1);
    now += pace.delayMs(now);
  }
});

/** An SMSC that takes so many a second and throttles the rest. */
function smscThatTakes(perSecond: number) {
  const taken: number[] = [];
  return {
    accepts(now: number): boolean {
      while (taken.length > 0 && (taken[0] ?? 0) <= now - 1_000) taken.shift();
      const room = taken.length < perSecond;
      if (room) taken.push(now);
      return room;
    },
  };
}

/** What it took and refused in a second, on average, under full load. */
function load(share: number, takes: number, seconds: number) {
  const pace = paceOf(share, () => 0.5);
  const smsc = smscThatTakes(takes);
  const count = { accepted: 0, refused: 0 };
  for (let now = begin; now < begin + seconds * 1_000; now += Math.ceil(Math.max(0, pace.delayMs(now)))) {
    if (pace.delayMs(now) > 0) continue;
    pace.wrote(now);
    const accepted = smsc.accepts(now);
    if (accepted) pace.accepted(now);
    else pace.throttled(now, now);
    count[accepted ? 'accepted' : 'refused'] += 1;
  }
  return { accepted: count.accepted / seconds, refused: count.refused / seconds };
}

test.each([5, 50, 500])('it learns what an SMSC takes that says nothing of %i a second but by throttling', (takes) => {
  const { accepted, refused } = load(1_000, takes, 300);
  expect(accepted).toBeGreaterThan(0.6 * takes);
  expect(refused).toBeLessThan(1);
});
