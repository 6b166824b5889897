import { aborted } from '../../local/aborted.ts';

test('resolves when the signal aborts, also if it has already', async () => {
  await expect(aborted(AbortSignal.abort())).resolves.toBeUndefined();
  const stop = new AbortController();
  const waiting = aborted(stop.signal).then(() => 'aborted');
  expect(await Promise.race([waiting, Promise.resolve('waiting')])).toBe('waiting');
  stop.abort();
  expect(await waiting).toBe('aborted');
});
