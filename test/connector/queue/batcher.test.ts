import fc from 'fast-check';
import { Batcher, type BatcherOptions } from '../../../connector/queue/batcher.ts';
import { FakeClock } from '../../support/fake-clock.ts';

interface Item {
  readonly id: number;
  readonly size: number;
}

const item = (id: number, size = 1): Item => ({ id, size });

/** A batcher of at most 3 items or 100 octets, and the ids of each call. */
function startBatcher(given: Partial<BatcherOptions<Item>> = {}) {
  const clock = new FakeClock();
  const calls: number[][] = [];
  const batcher = new Batcher<Item>({
    maxItems: 3,
    maxBytes: 100,
    sizeOf: ({ size }) => size,
    clock,
    ...given,
    send: async (items) => {
      calls.push(items.map(({ id }) => id));
      return (await given.send?.(items)) ?? [];
    },
  });
  return { batcher, clock, calls };
}

test('an item that comes alone hardly waits', async () => {
  const { batcher, clock, calls } = startBatcher();
  const added = batcher.add(item(1));
  await clock.advance(2);
  expect(calls).toEqual([]);
  await clock.advance(1);
  await added;
  expect(calls).toEqual([[1]]);
});

test('items that come close together share a call, which waits until nobody else comes', async () => {
  const { batcher, clock, calls } = startBatcher();
  const first = batcher.add(item(1));
  await clock.advance(2);
  const second = batcher.add(item(2));
  await clock.advance(3);
  expect(calls).toEqual([]);
  await clock.advance(1);
  await Promise.all([first, second]);
  expect(calls).toEqual([[1, 2]]);
});

test('a stream that does not end fills its calls, but none waits for longer than 21 ms', async () => {
  const { batcher, clock, calls } = startBatcher({ maxItems: 100 });
  const added: Promise<void>[] = [];
  for (let id = 0; id < 22; id += 1) {
    added.push(batcher.add(item(id)));
    await clock.advance(1);
  }
  expect(calls.map((ids) => ids.length)).toEqual([21]);
  await clock.advance(3);
  await Promise.all(added);
  expect(calls.map((ids) => ids.length)).toEqual([21, 1]);
});

test('a full batch does not wait', async () => {
  const { batcher, clock, calls } = startBatcher();
  await Promise.all([1, 2, 3].map((id) => batcher.add(item(id))));
  expect(calls).toEqual([[1, 2, 3]]);
  expect(clock.pending).toBe(0);
});

test('an item that would make the call too large opens the next one', async () => {
  const { batcher, clock, calls } = startBatcher();
  const added = [item(1, 60), item(2, 40), item(3, 1), item(4, 101), item(5, 1)].map((each) => batcher.add(each));
  await clock.advance(3);
  await Promise.all(added);
  expect(calls).toEqual([[1, 2], [3], [4], [5]]);
});

test('an item that was refused is told so, its neighbours are not', async () => {
  const refusal = new Error('refused');
  const { batcher } = startBatcher({ send: async () => [undefined, refusal, undefined] });
  const fates = await Promise.allSettled([1, 2, 3].map((id) => batcher.add(item(id))));
  expect(fates.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(fates[1]).toMatchObject({ reason: refusal });
});

test('a call that fails fails each of its items', async () => {
  const outage = new Error('down');
  const { batcher } = startBatcher({ send: () => Promise.reject(outage) });
  const fates = await Promise.allSettled([1, 2, 3].map((id) => batcher.add(item(id))));
  expect(fates).toEqual(new Array(3).fill({ status: 'rejected', reason: outage }));
});

test('closing sends what waits and ends when every call under way has ended', async () => {
  const slow = new FakeClock();
  const { batcher, clock } = startBatcher({ send: () => slow.sleep(1_000).then(() => []) });
  const added = [1, 2, 3, 4].map((id) => batcher.add(item(id)));
  let closed = false;
  const closing = batcher.close().then(() => {
    closed = true;
  });
  await slow.advance(999);
  expect(closed).toBe(false);
  await slow.advance(1);
  await Promise.all([closing, ...added]);
  expect(clock.pending).toBe(0);
});

interface Call {
  readonly takesMs: number;
  readonly fails: 'no' | 'every second' | 'all';
}

const anyCall: fc.Arbitrary<Call> = fc.record({
  takesMs: fc.nat(20),
  fails: fc.constantFrom('no', 'every second', 'all'),
});
const anySteps = fc.array(fc.record({ size: fc.nat(120), thenWaitMs: fc.constantFrom(0, 0, 0, 1, 4, 5, 30) }));
const anyLimits = fc.record({ maxItems: fc.integer({ min: 1, max: 10 }), maxBytes: fc.integer({ min: 1, max: 200 }) });

test('whatever the sizes, limits and failures: each item is in one call, within the limits, and learns its own fate', async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, anyLimits, fc.array(anyCall), async (steps, limits, plan) => {
      const expectedFates = new Map<number, 'fulfilled' | 'rejected'>();
      let sent = 0;
      const send = async (items: readonly Item[]) => {
        const { takesMs, fails } = plan[sent] ?? { takesMs: 0, fails: 'no' };
        sent += 1;
        const fateOf = (index: number) =>
          fails === 'all' || (fails !== 'no' && index % 2 === 1) ? 'rejected' : 'fulfilled';
        for (const [index, { id }] of items.entries()) expectedFates.set(id, fateOf(index));
        const bytes = items.reduce((sum, { size }) => sum + size, 0);
        expect(items.length).toBeLessThanOrEqual(limits.maxItems);
        expect(items.length === 1 || bytes <= limits.maxBytes).toBe(true);
        await clock.sleep(takesMs);
        if (fails === 'all') throw new Error('down');
        return items.map((_, index) => (fateOf(index) === 'rejected' ? new Error('refused') : undefined));
      };
      const { batcher, clock, calls } = startBatcher({ ...limits, send });
      const added: Promise<void>[] = [];
      for (const [id, { size, thenWaitMs }] of steps.entries()) {
        added.push(batcher.add({ id, size }));
        added.at(-1)?.catch(() => {});
        if (thenWaitMs > 0) await clock.advance(thenWaitMs);
      }
      const closing = batcher.close();
      await clock.advance(20);
      await closing;

      const fates = await Promise.allSettled(added);
      expect(calls.flat()).toEqual(steps.map((_, id) => id));
      expect(fates.map(({ status }) => status)).toEqual(steps.map((_, id) => expectedFates.get(id)));
      expect(clock.pending).toBe(0);
    }),
  );
});
