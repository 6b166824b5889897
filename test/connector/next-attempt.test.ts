import { nextAttempt } from '../../connector/next-attempt.ts';
import type { Verdict } from '../../connector/outcome.ts';

const first = { attempt: 1, receiveCount: 1, mayBeDeferred: true };

/** With the least and the most of chance. */
function delays(verdict: Verdict, made: Partial<typeof first> = {}) {
  return [0, 1].map((chance) => nextAttempt(verdict, { ...first, ...made }, () => chance));
}

function inMemory(...delaysMs: number[]) {
  return delaysMs.map((delayMs) => ({ where: 'memory', delayMs }));
}

function inQueue(...delaysMs: number[]) {
  return delaysMs.map((delayMs) => ({ where: 'queue', delayMs }));
}

test('a throttled segment waits for the carrier alone', () => {
  expect(delays({ kind: 'slow-down' }, { attempt: 100 })).toEqual(inMemory(0, 0));
});

test.each(['retry', 'stop-bind', 'hold'] as const)(
  'after "%s" the wait doubles, with full jitter, up to half a minute',
  (kind) => {
    const longest = [1, 2, 3, 4, 5, 6].map((attempt) => nextAttempt({ kind }, { ...first, attempt }, () => 1).delayMs);
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(delays({ kind }, { attempt: 60, mayBeDeferred: false })).toEqual(inMemory(0, 30_000));
  },
);

test.each([
  [1, 60_000, 75_000],
  [2, 120_000, 150_000],
  [4, 480_000, 600_000],
  [5, 720_000, 900_000],
  [900, 720_000, 900_000],
])('after seven attempts, on receive %i, it waits in the queue for %i to %i ms', (receiveCount, least, most) => {
  expect(delays({ kind: 'retry' }, { attempt: receiveCount + 6, receiveCount })).toEqual(inQueue(least, most));
});

test('what has not left is never given back for it', () => {
  expect(delays({ kind: 'hold' }, { attempt: 60 })).toEqual(inMemory(0, 30_000));
});

test('the carrier’s profile says how long, and a tenth of that is left to chance', () => {
  expect(delays({ kind: 'retry', afterMs: 40_000 }, { attempt: 60 })).toEqual(inMemory(40_000, 44_000));
  expect(delays({ kind: 'retry', afterMs: 600_000 })).toEqual(inQueue(600_000, 660_000));
  expect(delays({ kind: 'retry', afterMs: 600_000 }, { mayBeDeferred: false })).toEqual(inMemory(600_000, 660_000));
});
