import { Attempts, type Circumstances, type NextAttempt } from '../../connector/attempts.ts';
import type { Verdict } from '../../connector/outcome.ts';

const day = 86_400_000;
const retry: Verdict = { kind: 'retry' };

/** What follows so many verdicts in a row, the last one, with the least and the most of chance. */
function after(verdicts: readonly Verdict[], receiveCount = 1, given: Partial<Circumstances> = {}): NextAttempt[] {
  return [0, 1].map((chance) => {
    const attempts = new Attempts(receiveCount);
    const nexts = verdicts.map((verdict) =>
      attempts.next(verdict, { mayBeDeferred: true, leftMs: day, ...given }, () => chance),
    );
    const last = nexts.at(-1);
    if (last === undefined) throw new Error('name a verdict');
    return last;
  });
}

function times(count: number, verdict: Verdict): Verdict[] {
  return new Array<Verdict>(count).fill(verdict);
}

function inMemory(...delaysMs: number[]) {
  return delaysMs.map((delayMs) => ({ where: 'memory', delayMs }));
}

function inQueue(...delaysMs: number[]) {
  return delaysMs.map((delayMs) => ({ where: 'queue', delayMs }));
}

test('a throttled segment waits for the carrier alone', () => {
  expect(after(times(100, { kind: 'slow-down' }))).toEqual(inMemory(0, 0));
});

test.each(['retry', 'stop-bind', 'hold'] as const)('after "%s" the wait doubles, with full jitter', (kind) => {
  const waits = [1, 2, 3, 4, 5, 6].map((count) => after(times(count, { kind })));
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000].map((most) => inMemory(0, most)));
});

test('it doubles up to half a minute for what may not wait in the queue', () => {
  expect(after(times(60, retry), 1, { mayBeDeferred: false })).toEqual(inMemory(0, 30_000));
});

test.each([
  [1, 7, 60_000, 75_000],
  [2, 6, 120_000, 150_000],
  [4, 4, 480_000, 600_000],
  [5, 3, 720_000, 900_000],
  [7, 1, 720_000, 900_000],
  [900, 1, 720_000, 900_000],
])('on receive %i it waits in the queue after %i attempts, for %i to %i ms', (receiveCount, attempts, least, most) => {
  expect(after(times(attempts, retry), receiveCount)).toEqual(inQueue(least, most));
  if (attempts > 1) expect(after(times(attempts - 1, retry), receiveCount)[0]?.where).toBe('memory');
});

test('what has not left, or was throttled, tells nothing of the message: it is not given back for that', () => {
  expect(after(times(60, { kind: 'hold' }))).toEqual(inMemory(0, 30_000));
  expect(after([...times(60, { kind: 'hold' }), ...times(60, { kind: 'slow-down' }), retry])).toEqual(inMemory(0, 500));
});

test('it waits in the queue for half of what is left of its validity at the most, and in memory when that is less than a minute', () => {
  expect(after(times(7, retry), 3, { leftMs: 300_000 })).toEqual(inQueue(150_000, 150_000));
  expect(after(times(7, retry), 3, { leftMs: 119_000 })[1]).toEqual({ where: 'memory', delayMs: 30_000 });
});

test('the carrier’s profile says how long, and a tenth of that is left to chance', () => {
  const set = (afterMs: number): Verdict => ({ kind: 'retry', afterMs });
  expect(after(times(60, set(40_000)))).toEqual(inMemory(40_000, 44_000));
  expect(after([set(600_000)])).toEqual(inQueue(600_000, 660_000));
  expect(after([set(600_000)], 1, { mayBeDeferred: false })).toEqual(inMemory(600_000, 660_000));
  expect(after([set(600_000)], 1, { leftMs: 200_000 })).toEqual(inQueue(100_000, 100_000));
  expect(after([set(600_000)], 1, { leftMs: 75_000 })).toEqual(inMemory(37_500, 37_500));
  expect(after([set(600_000)], 1, { leftMs: 500 })).toEqual(inMemory(1_000, 1_000));
});
