import type { Guarantee } from '#contract/outbound-sms.ts';
import { verdictOn } from '../../connector/outcome.ts';
import type { RequestOutcome } from '../../connector/smpp/pending.ts';
import { esme } from '../../connector/smpp/status.ts';
import { profile } from '../support/connector-factories.ts';
import { asRead } from '../support/pdus.ts';
import { answered } from '../support/submit-outcomes.ts';

const nacked = (commandStatus: number): RequestOutcome => ({
  kind: 'answered',
  response: asRead({ command: 'generic_nack', commandStatus, sequenceNumber: 1, tlvs: [] }),
});

function verdict(outcome: RequestOutcome, guarantee: Guarantee = 'at-least-once', throttleStatuses?: number[]) {
  return verdictOn(outcome, guarantee, profile(throttleStatuses && { throttleStatuses }));
}

test.each([
  ['ESME_ROK', answered(esme.ROK), 'sent'],
  ['ESME_RTHROTTLED, one of the carrier\'s "later"', answered(esme.RTHROTTLED), 'hold'],
  ['ESME_RMSGQFUL, another', answered(esme.RMSGQFUL), 'hold'],
  ['ESME_RSYSERR, a fault of the SMSC', answered(esme.RSYSERR), 'retry'],
  ['ESME_RINVBNDSTS, which has forgotten our bind', answered(esme.RINVBNDSTS), 'retry'],
  ['ESME_RX_T_APPN, a fault for now', answered(esme.RX_T_APPN), 'retry'],
  ['ESME_RX_P_APPN, a fault for good', answered(esme.RX_P_APPN), 'reject'],
  ['ESME_RINVDSTADR', answered(esme.RINVDSTADR), 'reject'],
  ['a status that nobody has heard of', answered(0xdeadbeef), 'reject'],
  ['generic_nack with "later"', nacked(esme.RTHROTTLED), 'hold'],
  ['generic_nack ESME_RINVCMDLEN', nacked(esme.RINVCMDLEN), 'reject'],
  ['generic_nack ESME_ROK, which accepts nothing', nacked(esme.ROK), 'reject'],
] as const)('%s: the verdict is the same under either guarantee', (_, outcome, expected) => {
  expect(verdict(outcome, 'at-least-once')).toBe(expected);
  expect(verdict(outcome, 'at-most-once')).toBe(expected);
});

test('a submit without an answer is tried again only at-least-once', () => {
  for (const why of ['timeout', 'session-ended'] as const) {
    expect(verdict({ kind: 'unanswered', why }, 'at-least-once')).toBe('retry');
    expect(verdict({ kind: 'unanswered', why }, 'at-most-once')).toBe('unknown');
  }
});

test('a submit of which no octet was written is tried again, at-most-once too', () => {
  expect(verdict({ kind: 'not-written' }, 'at-most-once')).toBe('hold');
});

test('the carrier says which statuses mean "later"', () => {
  expect(verdict(answered(0x400), 'at-least-once', [0x400])).toBe('hold');
  expect(verdict(answered(esme.RTHROTTLED), 'at-least-once', [0x400])).toBe('reject');
});
