import { type Course, type SessionEnd, stayBound } from '../../../connector/smpp/reconnect.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const refused: SessionEnd = { kind: 'refused', commandStatus: 0x0d };
const dropped: SessionEnd = { kind: 'ended', why: 'socket' };

/** One attempt: how long the connection and the bind take, and how long the session then lasts. */
type Attempt = { readonly bindMs: number; readonly lastsMs: number } | 'refused';

/** Tries each attempt in turn, and stops after the last: of each session whether it lasted. */
async function lastedAfter(attempts: readonly Attempt[]): Promise<boolean[]> {
  const clock = new FakeClock();
  const stop = new AbortController();
  const told: boolean[] = [];
  let tried = 0;
  const connect = async () => {
    const attempt = attempts[tried] ?? 'refused';
    tried += 1;
    if (attempt === 'refused') return refused;
    await clock.sleep(attempt.bindMs);
    return { ended: clock.sleep(attempt.lastsMs).then(() => dropped) };
  };
  const onEnd = (_: SessionEnd, { lasted }: Course) => {
    told.push(lasted);
    if (told.length === attempts.length) stop.abort();
    return 50;
  };
  const running = stayBound({ connect, onBound: () => {}, onEnd, healthyAfterMs: 10_000, clock }, stop.signal);
  await clock.advance(3_600_000);
  await running;
  expect(clock.pending).toBe(0);
  return told;
}

test('a session lasted when it was there for healthyAfterMs', async () => {
  const told = await lastedAfter([
    { bindMs: 0, lastsMs: 9_999 },
    { bindMs: 0, lastsMs: 10_000 },
  ]);
  expect(told).toEqual([false, true]);
});

test('the time that the bind took does not make a session one that lasted', async () => {
  expect(await lastedAfter([{ bindMs: 12_000, lastsMs: 0 }])).toEqual([false]);
});

test('an attempt that is refused did not last', async () => {
  expect(await lastedAfter(['refused', 'refused'])).toEqual([false, false]);
});

test('an attempt that fails tells how long it took, a session does not', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const told: number[] = [];
  const outcomes: (typeof refused | { ended: Promise<SessionEnd> })[] = [refused];
  const connect = async () => {
    await clock.sleep(3_000);
    return outcomes.shift() ?? { ended: clock.sleep(500).then(() => dropped) };
  };
  const onEnd = (_: SessionEnd, { triedMs }: Course) => {
    if (told.push(triedMs) === 2) stop.abort();
    return 0;
  };
  const running = stayBound({ connect, onBound: () => {}, onEnd, healthyAfterMs: 10_000, clock }, stop.signal);
  await clock.advance(10_000);
  await running;
  expect(told).toEqual([3_000, 0]);
});

test('the next attempt comes after the delay that is asked for', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const attemptsAt: number[] = [];
  const connect = async () => {
    attemptsAt.push(clock.monotonic());
    return refused;
  };
  const delays = [50, 0, 3_000];
  const onEnd = () => delays.shift() ?? 60_000;
  const running = stayBound({ connect, onBound: () => {}, onEnd, healthyAfterMs: 10_000, clock }, stop.signal);
  await clock.advance(10_000);
  stop.abort();
  await running;
  const [first = 0] = attemptsAt;
  expect(attemptsAt.map((at) => at - first)).toEqual([0, 50, 50, 3_050]);
});

test('each session is told when it is bound, and its end when it ends; no attempt follows a stop', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const told: string[] = [];
  const sessions = [clock.sleep(1_000).then(() => dropped), clock.sleep(9_000).then(() => dropped)];
  const connect = async () => {
    told.push('connect');
    return { ended: sessions.shift() ?? Promise.resolve(refused) };
  };
  const running = stayBound(
    {
      connect,
      onBound: () => told.push('bound'),
      onEnd: (end, { lasted }) => {
        told.push(`${end.kind}, ${lasted ? 'healthy' : 'short'}`);
        return 500;
      },
      healthyAfterMs: 10_000,
      clock,
    },
    stop.signal,
  );
  await clock.advance(2_000);
  stop.abort();
  await clock.advance(10_000);
  await running;
  expect(told).toEqual(['connect', 'bound', 'ended, short', 'connect', 'bound', 'ended, short']);
});

test('a stop ends the wait between two attempts', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  let attempts = 0;
  const connect = async () => {
    attempts += 1;
    return refused;
  };
  const running = stayBound(
    { connect, onBound: () => {}, onEnd: () => 300_000, healthyAfterMs: 10_000, clock },
    stop.signal,
  );
  await clock.advance(1_000);
  stop.abort();
  await running;
  expect(attempts).toBe(1);
  expect(clock.pending).toBe(0);
});
