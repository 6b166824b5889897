import type { CarrierStateEvent } from '#contract/connector-events.ts';
import type { IdRelation } from '#contract/receipts.ts';
import { readCarrierState, stateOf } from '../../lambdas/binds.ts';
import { recordCarrierState } from '../../lambdas/carrier-state.ts';
import { carrierView } from '../../lambdas/carrier-view.ts';
import type { Candidates } from '../../lambdas/choose-carrier.ts';
import { chooseRoute } from '../../lambdas/choose-route.ts';
import { noteRelation } from '../../lambdas/id-relation.ts';
import { at, carrierStateEvent, route } from '../support/factories.ts';
import { type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';

let ports: TestPorts;

beforeEach(() => {
  ports = testPorts(memoryTable());
});

async function report(...events: readonly Partial<CarrierStateEvent>[]): Promise<void> {
  for (const event of events) await recordCarrierState(ports, carrierStateEvent(event));
}

async function view() {
  return carrierView(route({ prefixes: ['44'] }), await readCarrierState(ports.table, 'acme', ports.now()));
}

test('a carrier is told with its binds as they last reported', async () => {
  await report(
    { bindId: 'task-1', time: at(-30) },
    { bindId: 'task-2', time: at(-10), state: 'unbound', reason: 'ESME_RBINDFAIL 0x0000000d' },
    { bindId: 'task-3', carrier: 'beta', time: at(-10) },
  );
  expect(JSON.parse(JSON.stringify(await view()))).toEqual({
    name: 'acme',
    state: 'bound',
    prefixes: ['44'],
    binds: [
      { id: 'task-2', state: 'unbound', reportedAt: at(-10), reason: 'ESME_RBINDFAIL 0x0000000d' },
      { id: 'task-1', state: 'bound', reportedAt: at(-30) },
    ],
  });
});

test('a bind that was not heard of for more than 90 s is silent', async () => {
  await report({ time: at(0) });
  ports.advance(90_000);
  expect(await view()).toMatchObject({ state: 'bound', binds: [{ state: 'bound' }] });
  ports.advance(1);
  expect(await view()).toMatchObject({ state: 'silent', binds: [{ state: 'silent', reportedAt: at(0) }] });
});

test('a bind whose task has ended is none any more', async () => {
  await report({ bindId: 'old', state: 'stopped' }, { bindId: 'new', state: 'unbound' });
  expect(await view()).toMatchObject({ state: 'unbound', binds: [{ id: 'new' }] });
});

test('a clock of a task that is ahead makes nobody silent', async () => {
  await report({ time: at(3_600) });
  expect(await view()).toMatchObject({ state: 'bound' });
});

test('a carrier of which nobody ever reported is silent', async () => {
  expect(await view()).toMatchObject({ state: 'silent', binds: [] });
});

test('of a task that starts again and again the last twenty binds are listed', async () => {
  await report(...Array.from({ length: 30 }, (_, index) => ({ bindId: `task-${index}`, time: at(index) })));
  const { binds } = await view();
  expect(binds).toHaveLength(20);
  expect(binds[0]).toMatchObject({ id: 'task-29' });
});

test('rates add up over the tasks that are heard of, and the latest look at the backlog counts', async () => {
  await report(
    { bindId: 'task-1', time: at(-20), effectiveRate: 10, backlog: { urgent: 0, normal: 900 } },
    { bindId: 'task-2', time: at(-10), effectiveRate: 12.5, backlog: { urgent: 1, normal: 800 } },
    { bindId: 'task-3', time: at(-5) },
    { bindId: 'task-4', time: at(-600), effectiveRate: 1_000, backlog: { urgent: 7, normal: 7 } },
  );
  expect(await view()).toMatchObject({ effectiveRate: 22.5, backlog: { urgent: 1, normal: 800 } });
});

test('rates add up over all tasks, listed or not', async () => {
  const tasks = Array.from({ length: 30 }, (_, index) => ({
    bindId: `task-${index}`,
    time: at(-index),
    effectiveRate: 2,
  }));
  await report(...tasks);
  expect(await view()).toMatchObject({ effectiveRate: 60 });
});

test('limits add up too, and a carrier is throttled while one of its tasks that are heard of is', async () => {
  await report(
    { bindId: 'task-1', time: at(-20), rateLimit: 50, throttled: false },
    { bindId: 'task-2', time: at(-10), rateLimit: 20.3, throttled: true },
    { bindId: 'task-3', time: at(-600), rateLimit: 1_000, throttled: true },
  );
  expect(await view()).toMatchObject({
    rateLimit: 70.3,
    throttled: true,
    binds: [{ rateLimit: 20.3, throttled: true }, { rateLimit: 50, throttled: false }, { state: 'silent' }],
  });
  await report({ bindId: 'task-2', time: at(0), throttled: false });
  expect(await view()).toMatchObject({ rateLimit: 50, throttled: false });
});

test('all the ways are told in which receipts write ids, what was met most first, and none before one was met', async () => {
  const learn = (relation: IdRelation) => noteRelation(ports, 'acme', relation);
  expect((await view()).receiptIds).toBeUndefined();
  for (let count = 0; count < 3; count += 1) await learn('same');
  await learn('text-to-hex');
  for (let count = 0; count < 30; count += 1) await learn('hex-to-decimal');
  expect((await view()).receiptIds).toEqual([
    { relation: 'hex-to-decimal', matched: 20 },
    { relation: 'same', matched: 3 },
    { relation: 'text-to-hex', matched: 1 },
  ]);
});

describe('of two carriers that would do equally well', () => {
  const candidates: Candidates = [route({ carrier: 'acme' }), route({ carrier: 'beta' })];
  const chosen = async (table = ports.table) => (await chooseRoute({ ...ports, table }, candidates)).carrier;

  test.each([
    ['the first is bound', [{ carrier: 'acme' }], 'acme'],
    ['both are bound', [{ carrier: 'beta' }, { carrier: 'acme' }], 'acme'],
    ['the second is bound', [{ carrier: 'beta' }], 'beta'],
    ['the first is unbound and the second bound', [{ carrier: 'acme', state: 'unbound' }, { carrier: 'beta' }], 'beta'],
    ['the second was bound long ago', [{ carrier: 'beta', time: at(-91) }], 'acme'],
    ['neither is bound', [{ carrier: 'beta', state: 'unbound' }], 'acme'],
    [
      'the second has one bind of two',
      [
        { carrier: 'beta', bindId: 'a', state: 'unbound' },
        { carrier: 'beta', bindId: 'b' },
      ],
      'beta',
    ],
  ] as const)('when %s, it is %s', async (_, events, carrier) => {
    await report(...events);
    expect(await chosen()).toBe(carrier);
  });

  test('the first is taken when their state cannot be read', async () => {
    await report({ carrier: 'beta' });
    const partition = () => Promise.reject(new Error('throttled'));
    expect(await chosen({ ...ports.table, partition })).toBe('acme');
    expect(ports.logged).toEqual([expect.stringContaining('the first is taken')]);
  });
});

test('where there is no choice, nothing is read', async () => {
  const partition = () => Promise.reject(new Error('read'));
  const table = { ...ports.table, partition };
  expect((await chooseRoute({ ...ports, table }, [route()])).carrier).toBe('acme');
  expect(ports.logged).toEqual([]);
});

test('binds are summed up to the best of them', () => {
  const bind = (state: 'bound' | 'unbound' | 'silent') => ({ state, report: carrierStateEvent() });
  expect(stateOf([bind('silent'), bind('unbound'), bind('bound')])).toBe('bound');
  expect(stateOf([bind('silent'), bind('unbound')])).toBe('unbound');
  expect(stateOf([bind('silent')])).toBe('silent');
});
