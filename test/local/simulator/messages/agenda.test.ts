import { Agenda } from '../../../../local/simulator/messages/agenda.ts';
import { Random } from '../../../fuzz/random.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

test('things are done when they are due, in that order, those of one time in the order in which they were put down', async () => {
  const clock = new FakeClock();
  const agenda = new Agenda(clock);
  const done: string[] = [];
  for (const [ms, name] of [
    [20, 'c'],
    [10, 'a'],
    [20, 'd'],
    [10, 'b'],
  ] as const)
    agenda.after(ms, () => done.push(name));
  await clock.advance(10);
  expect(done).toEqual(['a', 'b']);
  await clock.advance(10);
  expect(done).toEqual(['a', 'b', 'c', 'd']);
});

test('one timer of the clock does for all, and none is left when nothing is to be done', async () => {
  const clock = new FakeClock();
  const agenda = new Agenda(clock);
  for (let ms = 1; ms <= 100; ms++) agenda.after(ms, () => undefined);
  expect(clock.pending).toBe(1);
  await clock.advance(100);
  expect([clock.pending, agenda.size]).toEqual([0, 0]);
});

test('what is cancelled is not done, wherever it stands, and the rest keeps its order', async () => {
  const clock = new FakeClock();
  const agenda = new Agenda(clock);
  const random = new Random(7);
  const done: number[] = [];
  const entries = Array.from({ length: 500 }, () => {
    const ms = random.uint32() % 1_000;
    return { ms, cancel: agenda.after(ms, () => done.push(ms)) };
  });
  const kept = entries.filter(({ cancel }) => {
    const isCancelled = random.uint32() % 2 === 0;
    if (isCancelled) cancel();
    return !isCancelled;
  });
  expect(agenda.size).toBe(kept.length);
  await clock.advance(1_000);
  expect(done).toEqual(kept.map(({ ms }) => ms).sort((a, b) => a - b));
});

test('cancelling twice, or what was done, changes nothing', async () => {
  const clock = new FakeClock();
  const agenda = new Agenda(clock);
  const done: string[] = [];
  const cancelFirst = agenda.after(1, () => done.push('first'));
  const cancelSecond = agenda.after(2, () => done.push('second'));
  agenda.after(3, () => done.push('third'));
  await clock.advance(1);
  cancelFirst();
  cancelSecond();
  cancelSecond();
  await clock.advance(2);
  expect(done).toEqual(['first', 'third']);
});

test('what is put down for at once by something that is done waits for a turn of its own', async () => {
  const clock = new FakeClock();
  const agenda = new Agenda(clock);
  let times = 0;
  const again = () => {
    times++;
    if (times < 1_000) agenda.after(0, again);
  };
  agenda.after(5, again);
  clock.after(5, () => expect(times).toBeLessThan(1_000));
  await clock.advance(5);
  expect(times).toBe(1_000);
});

test('a century away is not now: timers of the system take no more than 24 days', async () => {
  const longest: number[] = [];
  class NotingClock extends FakeClock {
    override after(ms: number, run: () => void): () => void {
      longest.push(ms);
      return super.after(ms, run);
    }
  }
  const clock = new NotingClock();
  const agenda = new Agenda(clock);
  let isDone = false;
  agenda.after(30 * 24 * 3_600_000, () => {
    isDone = true;
  });
  await clock.advance(30 * 24 * 3_600_000 - 1);
  expect(isDone).toBe(false);
  await clock.advance(1);
  expect(isDone).toBe(true);
  expect(Math.max(...longest)).toBeLessThan(2 ** 31);
});

test('after its end nothing is done any more', async () => {
  const clock = new FakeClock();
  const agenda = new Agenda(clock);
  const cancel = agenda.after(1, () => {
    throw new Error('done');
  });
  agenda.end();
  cancel();
  expect([clock.pending, agenda.size]).toEqual([0, 0]);
  await clock.advance(1);
});

test('what is due at once runs in turns, so that others have theirs between them', async () => {
  const clock = new FakeClock();
  const after = jest.spyOn(clock, 'after');
  const agenda = new Agenda(clock);
  let done = 0;
  for (let n = 0; n < 2_500; n++) agenda.after(10, () => done++);
  await clock.advance(10);
  expect([done, after.mock.calls.length, clock.pending]).toEqual([2_500, 3, 0]);
});

test('after its end nothing is put down any more', () => {
  const clock = new FakeClock();
  const agenda = new Agenda(clock);
  agenda.end();
  agenda.after(1, () => undefined)();
  expect([clock.pending, agenda.size]).toEqual([0, 0]);
});
