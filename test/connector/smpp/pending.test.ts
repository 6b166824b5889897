import fc from 'fast-check';
import type { KnownPdu } from '../../../connector/smpp/codec/pdu.ts';
import { PendingRequests, type RequestOutcome } from '../../../connector/smpp/pending.ts';
import { asRead } from '../../support/pdus.ts';

const submitResp = (sequenceNumber: number): KnownPdu =>
  asRead({ command: 'submit_sm_resp', commandStatus: 0, sequenceNumber, messageId: 'a', tlvs: [] });
const enquireLinkResp = (sequenceNumber: number): KnownPdu =>
  asRead({ command: 'enquire_link_resp', commandStatus: 0, sequenceNumber, tlvs: [] });
const genericNack = (sequenceNumber: number): KnownPdu =>
  asRead({ command: 'generic_nack', commandStatus: 3, sequenceNumber, tlvs: [] });

/** Pending submit_sms, by their deadlines, numbered from 1; and what each was settled with. */
function pendingSubmits(deadlines: readonly number[], pending = new PendingRequests()) {
  const outcomes: Record<number, RequestOutcome[]> = {};
  for (const deadline of deadlines) {
    const sequenceNumber = pending.nextSequence();
    const settled: RequestOutcome[] = [];
    outcomes[sequenceNumber] = settled;
    const settle = (outcome: RequestOutcome) => settled.push(outcome);
    pending.add({ sequenceNumber, answeredBy: 'submit_sm_resp', deadline, ticket: sequenceNumber, settle });
  }
  return { pending, outcomes };
}

test('answers find their requests in any order', () => {
  const { pending, outcomes } = pendingSubmits([100, 100]);
  const [second, first] = [submitResp(2), submitResp(1)];
  expect([pending.answer(second), pending.answer(first)]).toEqual([true, true]);
  expect(outcomes).toEqual({ 1: [{ kind: 'answered', response: first }], 2: [{ kind: 'answered', response: second }] });
});

test('generic_nack answers any request', () => {
  const { pending, outcomes } = pendingSubmits([100]);
  expect(pending.answer(genericNack(1))).toBe(true);
  expect(outcomes[1]).toHaveLength(1);
});

test('a response of another command, or to another number, answers nothing', () => {
  const { pending, outcomes } = pendingSubmits([100]);
  expect(pending.answer(enquireLinkResp(1))).toBe(false);
  expect(pending.answer(submitResp(2))).toBe(false);
  expect(outcomes[1]).toEqual([]);
  expect(pending.size).toBe(1);
});

test('a request is overdue at its deadline, not a millisecond before', () => {
  const { pending, outcomes } = pendingSubmits([200, 100, 300]);
  expect(pending.nextDeadline()).toBe(100);
  pending.settleExpired(199, () => true);
  expect(outcomes).toEqual({ 1: [], 2: [{ kind: 'unanswered', why: 'timeout' }], 3: [] });
  expect(pending.nextDeadline()).toBe(200);
  pending.settleExpired(200, () => true);
  expect(outcomes[1]).toEqual([{ kind: 'unanswered', why: 'timeout' }]);
});

test('one that is overdue and was not written is told apart, and left for the end of the session', () => {
  const { pending, outcomes } = pendingSubmits([100, 100]);
  expect(pending.settleExpired(99, () => false)).toBe(false);
  expect(pending.settleExpired(100, (ticket) => ticket === 1)).toBe(true);
  expect(outcomes).toEqual({ 1: [{ kind: 'unanswered', why: 'timeout' }], 2: [] });
});

test('nothing is overdue when nothing waits', () => {
  expect(new PendingRequests().nextDeadline()).toBeUndefined();
});

test('at the end of the session it is told of each request whether it was written', () => {
  const { pending, outcomes } = pendingSubmits([100, 100, 100]);
  pending.settleAll((ticket) => ticket <= 2);
  const unanswered = [{ kind: 'unanswered', why: 'session-ended' }];
  expect(outcomes).toEqual({ 1: unanswered, 2: unanswered, 3: [{ kind: 'not-written' }] });
});

test('sequence numbers go from 1 to 0x7fffffff and come round', () => {
  expect(new PendingRequests().nextSequence()).toBe(1);
  const { outcomes } = pendingSubmits([100, 100, 100], new PendingRequests(0x7ffffffd));
  expect(Object.keys(outcomes).map(Number)).toEqual([1, 0x7ffffffe, 0x7fffffff]);
});

test('a number is passed over while another request, however old, has its place', () => {
  const pending = new PendingRequests();
  const { outcomes } = pendingSubmits([100], pending);
  const numbers = Array.from({ length: 1_000 }, () => {
    const [number = 0] = Object.keys(pendingSubmits([100], pending).outcomes).map(Number);
    pending.answer(submitResp(number));
    return number;
  });
  expect(new Set(numbers).size).toBe(1_000);
  expect(pending.answer(submitResp(1))).toBe(true);
  expect(outcomes[1]).toHaveLength(1);
});

const anyStep = fc.oneof(
  fc.record({ do: fc.constant('answer' as const), sequence: fc.integer({ min: 1, max: 310 }) }),
  fc.record({ do: fc.constant('expire' as const), now: fc.nat(100) }),
  fc.record({ do: fc.constant('settle all' as const) }),
);

test('whatever happens until the session is over, each request is settled exactly once', () => {
  const anyDeadlines = fc.array(fc.nat(100), { maxLength: 300 });
  fc.assert(
    fc.property(anyDeadlines, fc.array(anyStep), (deadlines, steps) => {
      const { pending, outcomes } = pendingSubmits(deadlines);
      for (const step of steps) {
        const waited = step.do === 'answer' && outcomes[step.sequence]?.length === 0;
        if (step.do === 'answer') expect(pending.answer(submitResp(step.sequence))).toBe(waited);
        else if (step.do === 'expire') pending.settleExpired(step.now, () => true);
        else pending.settleAll(() => true);
      }
      pending.settleAll(() => true);
      expect(pending.size).toBe(0);
      for (const settled of Object.values(outcomes)) expect(settled).toHaveLength(1);
    }),
  );
});
