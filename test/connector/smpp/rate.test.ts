import fc from 'fast-check';
import { Rate } from '../../../connector/smpp/rate.ts';

const begin = 1_000_000;
/** After the second that counts as used up at the beginning. */
const later = begin + 60_000;

interface Load {
  readonly from?: number;
  readonly forMs?: number;
  readonly lateMs?: number;
}

/** Writes whenever it may, from `from` on, waking up `lateMs` after it is time; returns when each write was. */
function saturate(rate: Rate, { from = later, forMs = 20_000, lateMs = 0 }: Load = {}): number[] {
  const times: number[] = [];
  for (let now = from; now < from + forMs; ) {
    const delayMs = rate.delayMs(now);
    if (delayMs > 0) {
      now += Math.ceil(delayMs) + lateMs;
      continue;
    }
    rate.wrote(now);
    times.push(now);
  }
  return times;
}

/** Most that were written in any span of so many ms, its end not included. */
function mostWithin(times: readonly number[], spanMs: number): number {
  let most = 0;
  for (let first = 0, last = 0; last < times.length; last += 1) {
    while ((times[last] ?? 0) - (times[first] ?? 0) >= spanMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

test('after an idle moment a second’s worth leaves at once, and then one after the other', () => {
  const times = saturate(new Rate(10, begin), { forMs: 3_000 });
  expect(times.slice(0, 14).map((time) => time - later)).toEqual([
    ...new Array(10).fill(0),
    1_010,
    1_111,
    1_212,
    1_313,
  ]);
});

test('at the beginning the second counts as used up, by the process before this one', () => {
  const times = saturate(new Rate(10, begin), { from: begin, forMs: 3_000 });
  expect(times.slice(0, 3).map((time) => time - begin)).toEqual([1_010, 1_111, 1_212]);
});

test('a limit below one is one in so many seconds', () => {
  const times = saturate(new Rate(0.25, begin));
  expect(times.map((time) => time - later)).toEqual([0, 4_040, 8_080, 12_120, 16_160]);
});

test('without a limit nothing waits', () => {
  const rate = new Rate(Number.POSITIVE_INFINITY, begin);
  for (let write = 0; write < 20_000; write += 1) rate.wrote(begin);
  expect(rate.delayMs(begin)).toBe(0);
});

test('a limit that comes later counts what was written before it', () => {
  const rate = new Rate(Number.POSITIVE_INFINITY, begin);
  for (let write = 0; write < 50; write += 1) rate.wrote(later);
  rate.limit = 20;
  expect(rate.delayMs(later)).toBe(1_010);
  expect(rate.secondBefore(later)).toBe(50);
  expect(rate.secondBefore(later + 1_000)).toBe(0);
});

test.each([1, 7, 10, 100, 1_000, 10_000])(
  'of %i a second at least 98 in 100 leave, however late the timers are',
  (limit) => {
    for (const lateMs of [0, 1, 3]) {
      const times = saturate(new Rate(limit, begin), { lateMs });
      expect(times.length / 20).toBeGreaterThanOrEqual(0.98 * limit);
    }
  },
);

test('in no second, wherever it begins, are there more than the limit: whatever the load, the timers and the limits before', () => {
  const step = fc.record({ idleMs: fc.nat(3_000), burst: fc.nat(60), limit: fc.integer({ min: 1, max: 40 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.infiniteStream(fc.nat(5)), (steps, late) => {
      const rate = new Rate(40, begin);
      const writes: { time: number; limit: number }[] = [];
      let now = begin;
      for (const { idleMs, burst, limit } of steps) {
        rate.limit = limit;
        now += idleMs;
        for (let written = 0; written < burst; ) {
          const delayMs = rate.delayMs(now);
          if (delayMs > 0) {
            now += Math.ceil(delayMs) + (late.next().value ?? 0);
          } else {
            rate.wrote(now);
            writes.push({ time: now, limit });
            written += 1;
          }
        }
      }
      for (const [index, { time, limit }] of writes.entries()) {
        const since = writes.slice(0, index + 1).filter((write) => time - write.time <= 1_000);
        expect(since.length).toBeLessThanOrEqual(limit);
      }
      expect(
        mostWithin(
          writes.map(({ time }) => time),
          1_000,
        ),
      ).toBeLessThanOrEqual(40);
    }),
  );
});
