import type { CarrierStateEvent } from '#contract/connector-events.ts';
import { CarrierState, type Observed } from '../../connector/carrier-state.ts';
import { recordedLog } from '../support/connector-factories.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** A carrier state that runs; `told` is what it said, as "state reason?" at so many ms. */
function startState(
  publish: (event: CarrierStateEvent) => Promise<void> = async () => {},
  observe: () => Promise<Observed> = async () => ({}),
) {
  const clock = new FakeClock();
  const startedAt = clock.now();
  const events: CarrierStateEvent[] = [];
  const metric: string[] = [];
  const log = recordedLog();
  const state = new CarrierState({
    carrier: 'acme',
    bindId: 'bind-1',
    publish: async (event) => {
      events.push(event);
      await publish(event);
    },
    observe,
    emitMetric: (name, value) => metric.push(`${name} ${value}`),
    clock,
    log,
  });
  const running = state.run();
  const stop = async () => {
    await state.stop();
    await running;
  };
  const told = () => events.map(({ time, state: said }) => [Date.parse(time) - startedAt, said]);
  return { state, stop, clock, events, told, metric, log };
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
  const looks = [Promise.withResolvers<Observed>(), Promise.withResolvers<Observed>()];
  const queue = [...looks];
  const { state, stop, clock, events } = startState(undefined, () => queue.shift()?.promise ?? Promise.resolve({}));
  state.change('bound');
  const stopped = stop();
  looks[1]?.resolve({ effectiveRate: 5, backlog: { urgent: 0, normal: 7 } });
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

test('the metric is 1 while bound and else 0', async () => {
  const { state, stop, clock, metric } = startState();
  state.change('bound');
  await clock.advance(30_000);
  state.change('unbound');
  await stop();
  expect(metric).toEqual([0, 1, 1, 0, 0].map((count) => `boundBinds ${count}`));
});

test('two changes within the same millisecond have ids of their own', async () => {
  const { state, stop, events } = startState();
  state.change('bound');
  state.change('unbound', 'draining');
  await stop();
  expect(events.map(({ state: said }) => said)).toEqual(['unbound', 'bound', 'unbound', 'stopped']);
  expect(new Set(events.map(({ id }) => id)).size).toBe(4);
});

test('a report that cannot be published is logged, and the next one comes 30 s later', async () => {
  let publishing = Promise.reject(new Error('SQS is down'));
  publishing.catch(() => {});
  const { stop, clock, events, log } = startState(() => publishing);
  await clock.advance(1);
  expect(log.lines).toEqual([expect.objectContaining({ level: 'warn', error: 'SQS is down' })]);
  publishing = Promise.resolve() as typeof publishing;
  await clock.advance(30_000);
  expect(events).toHaveLength(2);
  await stop();
  expect(log.lines).toHaveLength(1);
});
