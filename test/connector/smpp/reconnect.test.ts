import { type SessionEnd, stayBound } from '../../../connector/smpp/reconnect.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const refused: SessionEnd = { kind: 'refused', commandStatus: 0x0d };
const dropped: SessionEnd = { kind: 'ended', why: 'socket' };

/** One attempt: how long the connection and the bind take, and how long the session then lasts. */
type Attempt = { readonly bindMs: number; readonly lastsMs: number } | 'refused';

/** Tries each attempt in turn, with delays of 50 ms doubled by each failure, and stops after the last. */
async function delaysAfter(attempts: readonly Attempt[]): Promise<number[]> {
  const clock = new FakeClock();
  const stop = new AbortController();
  const delays: number[] = [];
  let tried = 0;
  const connect = async () => {
    const attempt = attempts[tried] ?? 'refused';
    tried += 1;
    if (attempt === 'refused') return refused;
    await clock.sleep(attempt.bindMs);
    return { ended: clock.sleep(attempt.lastsMs).then(() => dropped) };
  };
  const nextDelayMs = (_: SessionEnd, failures: number) => {
    const delay = 50 * 2 ** (failures - 1);
    delays.push(delay);
    if (delays.length === attempts.length) stop.abort();
    return delay;
  };
  const running = stayBound(
    { connect, onBound: () => {}, onEnd: () => {}, nextDelayMs, healthyAfterMs: 10_000, clock },
    stop.signal,
  );
  await clock.advance(3_600_000);
  await running;
  expect(clock.pending).toBe(0);
  return delays;
}

test('delays grow with each failure and start over only after a session that lasted', async () => {
  const atOnce = { bindMs: 0, lastsMs: 0 };
  const healthy = { bindMs: 0, lastsMs: 10_000 };
  const delays = await delaysAfter(['refused', 'refused', atOnce, healthy, 'refused']);
  expect(delays).toEqual([50, 100, 200, 50, 100]);
});

test('the time that the bind took does not make a session healthy', async () => {
  const slowToBind = { bindMs: 12_000, lastsMs: 0 };
  expect(await delaysAfter([slowToBind, slowToBind, slowToBind])).toEqual([50, 100, 200]);
});

test('an attempt that is refused after a long while is a failure like any other', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const failures: number[] = [];
  const connect = async () => {
    await clock.sleep(15_000);
    return refused;
  };
  const nextDelayMs = (_: SessionEnd, count: number) => failures.push(count);
  const running = stayBound(
    { connect, onBound: () => {}, onEnd: () => {}, nextDelayMs, healthyAfterMs: 10_000, clock },
    stop.signal,
  );
  await clock.advance(50_000);
  stop.abort();
  await clock.advance(15_000);
  await running;
  expect(failures).toEqual([1, 2, 3, 4]);
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
      onEnd: (end, lasted) => told.push(`${end.kind}, ${lasted ? 'healthy' : 'short'}`),
      nextDelayMs: () => 500,
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
    { connect, onBound: () => {}, onEnd: () => {}, nextDelayMs: () => 300_000, healthyAfterMs: 10_000, clock },
    stop.signal,
  );
  await clock.advance(1_000);
  stop.abort();
  await running;
  expect(attempts).toBe(1);
  expect(clock.pending).toBe(0);
});
