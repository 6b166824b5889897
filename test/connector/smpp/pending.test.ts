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

/** Pending submit_sms, by sequence number and deadline, and what each was settled with. */
function pendingSubmits(deadlines: Readonly<Record<number, number>>) {
  const pending = new PendingRequests();
  const outcomes: Record<number, RequestOutcome[]> = {};
  for (const [sequence, deadline] of Object.entries(deadlines)) {
    const settled: RequestOutcome[] = [];
    outcomes[Number(sequence)] = settled;
    pending.add(Number(sequence), {
      answeredBy: 'submit_sm_resp',
      deadline,
      settle: (outcome) => settled.push(outcome),
    });
  }
  return { pending, outcomes };
}

test('answers find their requests in any order', () => {
  const { pending, outcomes } = pendingSubmits({ 1: 100, 2: 100 });
  const [second, first] = [submitResp(2), submitResp(1)];
  expect([pending.answer(second), pending.answer(first)]).toEqual([true, true]);
  expect(outcomes).toEqual({ 1: [{ kind: 'answered', response: first }], 2: [{ kind: 'answered', response: second }] });
});

test('generic_nack answers any request', () => {
  const { pending, outcomes } = pendingSubmits({ 1: 100 });
  expect(pending.answer(genericNack(1))).toBe(true);
  expect(outcomes[1]).toHaveLength(1);
});

test('a response of another command, or to another number, answers nothing', () => {
  const { pending, outcomes } = pendingSubmits({ 1: 100 });
  expect(pending.answer(enquireLinkResp(1))).toBe(false);
  expect(pending.answer(submitResp(2))).toBe(false);
  expect(outcomes[1]).toEqual([]);
  expect(pending.has(1)).toBe(true);
});

test('a request is overdue at its deadline, not a millisecond before', () => {
  const { pending, outcomes } = pendingSubmits({ 1: 200, 2: 100, 3: 300 });
  expect(pending.nextDeadline()).toBe(100);
  pending.settleExpired(199);
  expect(outcomes).toEqual({ 1: [], 2: [{ kind: 'unanswered', why: 'timeout' }], 3: [] });
  expect(pending.nextDeadline()).toBe(200);
  pending.settleExpired(200);
  expect(outcomes[1]).toEqual([{ kind: 'unanswered', why: 'timeout' }]);
});

test('nothing is overdue when nothing waits', () => {
  expect(new PendingRequests().nextDeadline()).toBeUndefined();
});

const anyStep = fc.oneof(
  fc.record({ do: fc.constant('answer' as const), sequence: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ do: fc.constant('expire' as const), now: fc.nat(100) }),
  fc.record({ do: fc.constant('settle all' as const) }),
);

test('whatever happens until the session is over, each request is settled exactly once', () => {
  const anyDeadlines = fc.dictionary(fc.integer({ min: 1, max: 10 }).map(String), fc.nat(100));
  fc.assert(
    fc.property(anyDeadlines, fc.array(anyStep), (deadlines, steps) => {
      const { pending, outcomes } = pendingSubmits(deadlines);
      for (const step of steps) {
        const waited = step.do === 'answer' && pending.has(step.sequence);
        if (step.do === 'answer') expect(pending.answer(submitResp(step.sequence))).toBe(waited);
        else if (step.do === 'expire') pending.settleExpired(step.now);
        else pending.settleAll();
      }
      pending.settleAll();
      expect(pending.size).toBe(0);
      for (const settled of Object.values(outcomes)) expect(settled).toHaveLength(1);
    }),
  );
});
