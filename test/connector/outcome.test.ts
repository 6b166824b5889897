import { type CarrierProfileInput, outcomes } from '#contract/carrier.ts';
import type { Guarantee } from '#contract/outbound-sms.ts';
import { OutcomeTable } from '../../connector/outcome.ts';
import type { RequestOutcome } from '../../connector/smpp/pending.ts';
import { esme } from '../../connector/smpp/status.ts';
import { profile } from '../support/connector-factories.ts';
import { asRead } from '../support/pdus.ts';
import { answered } from '../support/submit-outcomes.ts';

const nacked = (commandStatus: number): RequestOutcome => ({
  kind: 'answered',
  response: asRead({ command: 'generic_nack', commandStatus, sequenceNumber: 1, tlvs: [] }),
});

function verdict(
  outcome: RequestOutcome,
  guarantee: Guarantee = 'at-least-once',
  given: Partial<CarrierProfileInput> = {},
) {
  return new OutcomeTable(profile(given)).verdictOn(outcome, guarantee);
}

test.each([
  ['ESME_ROK', answered(esme.ROK), 'sent'],
  ['ESME_RTHROTTLED, one of the carrier\'s "later" (quirk 59)', answered(esme.RTHROTTLED), 'slow-down'],
  ['ESME_RMSGQFUL, another', answered(esme.RMSGQFUL), 'slow-down'],
  ['ESME_RSYSERR, a fault of the SMSC', answered(esme.RSYSERR), 'retry'],
  ['ESME_RX_T_APPN, a fault for now', answered(esme.RX_T_APPN), 'retry'],
  ['ESME_RINVBNDSTS, which has forgotten our bind', answered(esme.RINVBNDSTS), 'stop-bind'],
  ['ESME_RINVPASWD, which does not know us any more', answered(esme.RINVPASWD), 'stop-bind'],
  ['ESME_RX_P_APPN, a fault for good', answered(esme.RX_P_APPN), 'reject'],
  ['ESME_RINVDSTADR', answered(esme.RINVDSTADR), 'reject'],
  ['a status that nobody has heard of', answered(0xdeadbeef), 'reject'],
  ['generic_nack with "later"', nacked(esme.RTHROTTLED), 'slow-down'],
  ['generic_nack ESME_RINVCMDLEN', nacked(esme.RINVCMDLEN), 'reject'],
  ['generic_nack ESME_ROK, which accepts nothing', nacked(esme.ROK), 'reject'],
] as const)('%s: the verdict is the same under either guarantee', (_, outcome, kind) => {
  expect(verdict(outcome, 'at-least-once')).toEqual({ kind });
  expect(verdict(outcome, 'at-most-once')).toEqual({ kind });
});

test('a submit without an answer is tried again only at-least-once', () => {
  for (const why of ['timeout', 'session-ended'] as const) {
    expect(verdict({ kind: 'unanswered', why }, 'at-least-once')).toEqual({ kind: 'retry' });
    expect(verdict({ kind: 'unanswered', why }, 'at-most-once')).toEqual({ kind: 'unknown' });
  }
});

test('what follows a submit without an answer is the carrier’s to say, but not that at-most-once is sent again', () => {
  const given = { unanswered: { outcome: 'stop-bind' } } as const;
  expect(verdict({ kind: 'unanswered', why: 'timeout' }, 'at-least-once', given)).toEqual({ kind: 'stop-bind' });
  expect(verdict({ kind: 'unanswered', why: 'timeout' }, 'at-most-once', given)).toEqual({ kind: 'unknown' });
  const later = { unanswered: { afterMs: 90_000 } };
  expect(verdict({ kind: 'unanswered', why: 'timeout' }, 'at-least-once', later)).toEqual({
    kind: 'retry',
    afterMs: 90_000,
  });
});

test('a submit of which no octet was written is tried again, at-most-once too', () => {
  expect(verdict({ kind: 'not-written' }, 'at-most-once')).toEqual({ kind: 'hold' });
});

test('the carrier says which statuses mean "later" (quirk 59)', () => {
  const given = { throttleStatuses: [0x400] };
  expect(verdict(answered(0x400), 'at-least-once', given)).toEqual({ kind: 'slow-down' });
  expect(verdict(answered(esme.RTHROTTLED), 'at-least-once', given)).toEqual({ kind: 'reject' });
});

test.each(outcomes)('the carrier says which statuses mean %s (quirk 46)', (outcome) => {
  const given = { submitOutcomes: [{ statuses: [esme.RINVBNDSTS, 0x401], outcome }] };
  for (const status of [esme.RINVBNDSTS, 0x401]) {
    expect(verdict(answered(status), 'at-least-once', given)).toEqual({ kind: outcome });
  }
  expect(verdict(answered(esme.RINVPASWD), 'at-least-once', given)).toEqual({ kind: 'stop-bind' });
});

test('a generic_nack accepts nothing, whatever the carrier says of its status', () => {
  const given = { submitOutcomes: [{ statuses: [0x401], outcome: 'sent' as const }] };
  expect(verdict(nacked(0x401), 'at-least-once', given)).toEqual({ kind: 'reject' });
});
