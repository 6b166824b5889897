import { limit } from '../../local/limit.ts';

test('no more run at once than allowed, the rest in order, and a failing one frees its place', async () => {
  const run = limit(2);
  const started: number[] = [];
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const results = gates.map((gate, index) =>
    run(async () => {
      started.push(index);
      await gate.promise;
      return index;
    }),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  gates[1]?.reject(new Error('boom'));
  await expect(results[1]).rejects.toThrow('boom');
  expect(started).toEqual([0, 1, 2]);
  gates[0]?.resolve();
  await results[0];
  expect(started).toEqual([0, 1, 2, 3]);
  for (const gate of gates) gate.resolve();
  await expect(results[3]).resolves.toBe(3);
});
