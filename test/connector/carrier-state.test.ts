import type { CarrierStateEvent } from '#contract/connector-events.ts';
import { type Backlog, CarrierState, type Observed } from '../../connector/carrier-state.ts';
import { recordedLog } from '../support/connector-factories.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** A carrier state that runs; `told` is what it said, as "state reason?" at so many ms. */
function startState(
  publish: (event: CarrierStateEvent) => Promise<void> = async () => {},
  countBacklog: () => Promise<Backlog> = async () => ({}),
) {
  const clock = new FakeClock();
  const startedAt = clock.now();
  const events: CarrierStateEvent[] = [];
  const observed: { -readonly [Field in keyof Observed]: Observed[Field] } = {};
  const log = recordedLog();
  const state = new CarrierState({
    carrier: 'acme',
    bindId: 'bind-1',
    publish: async (event) => {
      events.push(event);
      await publish(event);
    },
    observe: () => ({ ...observed }),
    countBacklog,
    clock,
    log,
  });
  const running = state.run();
  const stop = async () => {
    await state.stop();
    await running;
  };
  const told = () => events.map(({ time, state: said }) => [Date.parse(time) - startedAt, said]);
  return { state, stop, clock, events, told, observed, log };
}

test('the state is told at once, at each change and every 30 s', async () => {
  const { state, stop, clock, told } = startState();
  await clock.advance(31_000);
  state.change('bound');
  await clock.advance(30_000);
  state.change('unbound', 'peer-silent');
  await clock.advance(1_000);
  await stop();
  expect(told()).toEqual([
    [0, 'unbound'],
    [30_000, 'unbound'],
    [31_000, 'bound'],
    [60_000, 'bound'],
    [61_000, 'unbound'],
    [62_000, 'stopped'],
  ]);
  expect(clock.pending).toBe(0);
});

test('a report has what can be observed, but the last one, and reports keep their order however long that takes', async () => {
  const looks = [Promise.withResolvers<Backlog>(), Promise.withResolvers<Backlog>()];
  const queue = [...looks];
  const { state, stop, clock, events, observed } = startState(
    undefined,
    () => queue.shift()?.promise ?? Promise.resolve({}),
  );
  observed.effectiveRate = 5;
  state.change('bound');
  const stopped = stop();
  looks[1]?.resolve({ backlog: { urgent: 0, normal: 7 } });
  await clock.advance(0);
  expect(events).toEqual([]);
  looks[0]?.resolve({});
  await stopped;
  expect(events).toMatchObject([
    { state: 'unbound' },
    { state: 'bound', effectiveRate: 5, backlog: { normal: 7 } },
    { state: 'stopped' },
  ]);
  expect(events[2]).not.toHaveProperty('backlog');
  expect(events[2]).not.toHaveProperty('effectiveRate');
});

test('the reason is told with the state that it is of, and no longer', async () => {
  const { state, stop, clock, events } = startState();
  await clock.advance(1);
  state.change('unbound', 'bind refused');
  await clock.advance(1);
  state.change('bound');
  await clock.advance(1);
  await stop();
  expect(events.map(({ reason }) => reason)).toEqual(['not bound yet', 'bind refused', undefined, undefined]);
});

test('that the SMSC throttles is told at once, at most once a second, and so is its end', async () => {
  const { stop, clock, events, observed } = startState();
  Object.assign(observed, { throttled: false, rateLimit: 50 });
  await clock.advance(1_000);
  Object.assign(observed, { throttled: true, rateLimit: 20 });
  await clock.advance(200);
  observed.throttled = false;
  await clock.advance(200);
  observed.throttled = true;
  await clock.advance(3_000);
  // The limit alone is told with the next report.
  observed.rateLimit = 21;
  await clock.advance(1_000);
  observed.throttled = false;
  await clock.advance(1_000);
  await stop();
  const seen = events.map(({ throttled, rateLimit }) => [throttled, rateLimit]);
  expect(seen).toEqual([
    [undefined, undefined],
    [false, 50],
    [true, 20],
    [false, 21],
    [undefined, undefined],
  ]);
});

test('what is the state already is not told again', async () => {
  const { state, stop, clock, told } = startState();
  await clock.advance(1);
  for (let n = 0; n < 10; n += 1) state.change('unbound', 'bind refused');
  await stop();
  expect(told()).toEqual([
    [0, 'unbound'],
    [1, 'unbound'],
    [1, 'stopped'],
  ]);
});

test('reports do not pile up while AWS does not answer', async () => {
  const answer = Promise.withResolvers<void>();
  const { state, stop, clock, told, observed } = startState(() => answer.promise);
  for (let minute = 0; minute < 10; minute += 1) {
    observed.throttled = minute % 2 === 0;
    await clock.advance(60_000);
  }
  state.change('bound');
  answer.resolve();
  await stop();
  expect(told()).toEqual([
    [0, 'unbound'],
    [600_000, 'bound'],
    [600_000, 'stopped'],
  ]);
});

test('two changes within the same millisecond have ids of their own', async () => {
  const { state, stop, events } = startState();
  state.change('bound');
  state.change('unbound', 'draining');
  await stop();
  expect(events.map(({ state: said }) => said)).toEqual(['unbound', 'bound', 'unbound', 'stopped']);
  expect(new Set(events.map(({ id }) => id)).size).toBe(4);
});

test('that reports cannot be published is logged, and that they can again 30 s later', async () => {
  let publishing = Promise.reject(new Error('SQS is down'));
  publishing.catch(() => {});
  const { stop, clock, events, log } = startState(() => publishing);
  await clock.advance(1);
  expect(log.lines).toEqual([expect.objectContaining({ level: 'warn', error: 'SQS is down' })]);
  publishing = Promise.resolve() as typeof publishing;
  await clock.advance(30_000);
  expect(events).toHaveLength(2);
  await stop();
  expect(log.lines.slice(1)).toEqual([{ level: 'info', message: 'the state of the bind can be reported again' }]);
});
