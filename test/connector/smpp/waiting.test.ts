import { Waiting } from '../../../connector/smpp/waiting.ts';

test('what is waited for is over its limit after it was begun, however often it is begun', () => {
  const waiting = new Waiting(1_000);
  expect([waiting.due, waiting.isOver(5_000)]).toEqual([undefined, false]);
  expect([waiting.start(5_000), waiting.start(5_900)]).toEqual([6_000, 6_000]);
  expect([waiting.isOver(5_999), waiting.isOver(6_000)]).toEqual([false, true]);
});

test('once it came, the next begins anew', () => {
  const waiting = new Waiting(1_000);
  waiting.start(0);
  waiting.stop();
  expect(waiting.isOver(2_000)).toBe(false);
  expect(waiting.start(2_000)).toBe(3_000);
});
