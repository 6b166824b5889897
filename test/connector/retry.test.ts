import { type RetryOptions, untilDone } from '../../connector/retry.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** Starts work that fails with each of `errors` in turn, and then succeeds. Delays are 100, 200, 300, 300 ms. */
function startWork(errors: readonly unknown[], given: Partial<RetryOptions> = {}) {
  const clock = new FakeClock();
  const startedAt = clock.now();
  const stop = new AbortController();
  const triedAt: number[] = [];
  const failures: [string, number][] = [];
  const work = async () => {
    triedAt.push(clock.now() - startedAt);
    if (triedAt.length <= errors.length) throw errors[triedAt.length - 1];
    return 'done';
  };
  const result = untilDone(
    work,
    {
      backoff: { firstDelayMs: 100, maxDelayMs: 300 },
      onFailure: (error, count) => failures.push([error.message, count]),
      clock,
      random: () => 1,
      ...given,
    },
    stop.signal,
  );
  // Awaited later, when the clock has moved.
  result.catch(() => {});
  return { result, clock, stop, triedAt, failures };
}

test('work is tried again, ever later, until it succeeds', async () => {
  const { result, clock, triedAt, failures } = startWork([
    new Error('a'),
    new Error('b'),
    'not even an error',
    new Error('d'),
  ]);
  await clock.advance(10_000);
  await expect(result).resolves.toBe('done');
  expect(triedAt).toEqual([0, 100, 300, 600, 900]);
  expect(failures).toEqual([
    ['a', 1],
    ['b', 2],
    ['not even an error', 3],
    ['d', 4],
  ]);
});

test('what is not worth retrying is told once and thrown as it was', async () => {
  const fatal = new Error('wrong');
  const { result, triedAt, failures } = startWork([fatal], { worthRetrying: (error) => error !== fatal });
  await expect(result).rejects.toBe(fatal);
  expect(triedAt).toEqual([0]);
  expect(failures).toEqual([['wrong', 1]]);
});

test('a stop during the wait ends it: work is tried a last time at once', async () => {
  const last = new Error('b');
  const { result, clock, stop, triedAt } = startWork([new Error('a'), last]);
  await clock.advance(40);
  stop.abort();
  await expect(result).rejects.toBe(last);
  expect(triedAt).toEqual([0, 40]);
  expect(clock.pending).toBe(0);
});

test('work that succeeds on the last try counts, stop or not', async () => {
  const { result, clock, stop } = startWork([new Error('a')]);
  await clock.advance(40);
  stop.abort();
  await expect(result).resolves.toBe('done');
});
