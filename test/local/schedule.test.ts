import { runSchedule } from '../../local/schedule.ts';
import { FakeClock } from '../support/fake-clock.ts';

test('it runs at once and then every so often, whether or not a run fails, until it is stopped', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const errors: string[] = [];
  let runs = 0;
  const ended = runSchedule(
    {
      everyMs: 60_000,
      run: async () => {
        runs++;
        if (runs === 2) throw new Error('boom');
      },
      clock,
      onError: (error) => errors.push(error.message),
    },
    stop.signal,
  );
  await clock.advance(180_000);
  expect(runs).toBe(4);
  expect(errors).toEqual(['boom']);
  stop.abort();
  await ended;
  expect(clock.pending).toBe(0);
});
