import type { Fact, Verdict } from '../../lambdas/facts.ts';
import { type BrokenOff, nextStep } from '../../lambdas/next-step.ts';
import { at, begin, expiredEvent, messageId, sendingEvent, submittedEvent } from '../support/factories.ts';

const minute = 60_000;

function verdict(status: Verdict['status']): Verdict {
  return { type: 'verdict', id: 'verdict', messageId, time: at(0), status, reason: '' };
}

function brokenOff(given: Partial<BrokenOff> = {}): BrokenOff {
  return {
    facts: [],
    firstEnqueueAt: begin,
    validUntil: begin + 10 * minute,
    hasCarrier: true,
    now: begin + minute,
    ...given,
  };
}

test.each<[string, Partial<BrokenOff>, ReturnType<typeof nextStep>]>([
  ['was submitted', { facts: [submittedEvent()] }, 'answer'],
  ['is about to be submitted', { facts: [sendingEvent()], now: begin + 20 * minute }, 'answer'],
  ['expired in its lane', { facts: [expiredEvent()], now: begin + 20 * minute }, 'answer'],
  ['was called failed and was sent all the same', { facts: [verdict('failed'), submittedEvent()] }, 'answer'],
  ['was refused by its lane', { facts: [verdict('failed')] }, 'begin-anew'],
  ['was never put there', { firstEnqueueAt: undefined, now: begin + 9 * minute }, 'put'],
  ['was never put there and is too late', { firstEnqueueAt: undefined, now: begin + 10 * minute }, 'begin-anew'],
  ['was never put there and is settled', { firstEnqueueAt: undefined, facts: [verdict('expired')] }, 'begin-anew'],
  ['was never put there, for a carrier that is gone', { firstEnqueueAt: undefined, hasCarrier: false }, 'begin-anew'],
  ['may have been put there just now', { now: begin + 4.5 * minute - 1 }, 'put'],
  ['may have been put there too long ago', { now: begin + 4.5 * minute }, 'leave'],
  ['may have been put there and is too late', { validUntil: begin + minute }, 'leave'],
  ['may have been put there, for a carrier that is gone', { hasCarrier: false }, 'leave'],
  ['may have been put there and is settled', { facts: [verdict('expired')] }, 'leave'],
  ['may have been put there and is uncertain', { facts: [verdict('uncertain')] }, 'leave'],
])('of a message that %s', (_, given, step) => {
  expect(nextStep(brokenOff(given))).toBe(step);
});

test('the order of the facts does not matter', () => {
  const facts: Fact[] = [verdict('failed'), submittedEvent()];
  expect(nextStep(brokenOff({ facts }))).toBe(nextStep(brokenOff({ facts: facts.toReversed() })));
});
