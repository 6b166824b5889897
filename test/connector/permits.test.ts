import { Permits } from '../../connector/permits.ts';

const never = new AbortController().signal;

test('so many are given at once, and the next when one is back, in order of asking', async () => {
  const permits = new Permits(() => 2);
  const first = await permits.acquire(never);
  await permits.acquire(never);
  const order: string[] = [];
  const waiting = ['a', 'b'].map((name) =>
    permits.acquire(never).then((giveBack) => {
      order.push(name);
      return giveBack;
    }),
  );
  expect(order).toEqual([]);
  first?.();
  first?.();
  const next = await waiting[0];
  expect(order).toEqual(['a']);
  next?.();
  await waiting[1];
  expect(order).toEqual(['a', 'b']);
});

test('who stops waiting gets none, and takes none from the next', async () => {
  const permits = new Permits(() => 1);
  const giveBack = await permits.acquire(never);
  const stop = new AbortController();
  const stopped = permits.acquire(stop.signal);
  const next = permits.acquire(never);
  stop.abort();
  await expect(stopped).resolves.toBeUndefined();
  giveBack?.();
  await expect(next).resolves.toBeInstanceOf(Function);
  await expect(permits.acquire(stop.signal)).resolves.toBeUndefined();
});

test('as many as there may be at that moment', async () => {
  let most = 1;
  const permits = new Permits(() => most);
  const first = await permits.acquire(never);
  const waiting = [permits.acquire(never), permits.acquire(never)];
  most = 2;
  first?.();
  await expect(Promise.all(waiting)).resolves.toHaveLength(2);
});
