import { messageStatuses, rankOf } from '#contract/status.ts';

/** As docs and subscribers know them: those of one line replace each other by no event. */
const order = [
  ['scheduled'],
  ['queued'],
  ['sending'],
  ['uncertain'],
  ['sent'],
  ['unconfirmed'],
  ['undelivered', 'expired', 'failed', 'canceled'],
  ['delivered'],
] as const;

test('statuses rise in this order, with one rank for all that end without delivery', () => {
  const ranks = order.map((statuses) => [...new Set(statuses.map(rankOf))]);
  expect(ranks.map((ofLine) => ofLine.length)).toEqual(order.map(() => 1));
  expect(ranks.flat()).toEqual(ranks.flat().toSorted((a, b) => a - b));
  expect(new Set(ranks.flat()).size).toBe(order.length);
});

test('the list of statuses is complete, lowest first', () => {
  expect(messageStatuses).toEqual(order.flat());
});
