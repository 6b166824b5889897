import { malformedKinds } from './behaviour.ts';
import type { Scenarios } from './scenario.ts';

/** What goes wrong in general, with figures that can be changed when a scenario is chosen. */
export const faultScenarios: Scenarios = {
  throttle: {
    says: 'more than 10 submit_sm a second are refused with ESME_RTHROTTLED',
    change: { submits: { perSecond: { limit: 10 } } },
  },
  'queue-full': {
    says: 'each submit_sm is refused with ESME_RMSGQFUL',
    change: { submits: { refuse: { statuses: ['ESME_RMSGQFUL'] } } },
  },
  reject: {
    says: 'a third of all submit_sm is refused, with ESME_RSYSERR, ESME_RINVDSTADR and ESME_RSUBMITFAIL in turn',
    change: {
      submits: { refuse: { share: 1 / 3, statuses: ['ESME_RSYSERR', 'ESME_RINVDSTADR', 'ESME_RSUBMITFAIL'] } },
    },
  },
  'reject-by-nack': {
    says: 'each submit_sm is refused by a generic_nack',
    change: { submits: { refuse: { statuses: ['ESME_RSYSERR'] } }, responses: { refusals: 'generic_nack' } },
  },
  drop: {
    says: 'each connection is reset five seconds after its bind',
    change: { connections: { end: { by: 'RST', afterMs: 5_000 } } },
  },
  freeze: {
    says: 'connections stay and nothing is read or written',
    change: { connections: { service: 'freeze' } },
  },
  'already-bound': {
    says: 'each bind is refused with ESME_RALYBND',
    change: { binds: { refuse: { status: 'ESME_RALYBND' } } },
  },
  'wrong-password': {
    says: 'each bind is refused with ESME_RINVPASWD',
    change: { binds: { refuse: { status: 'ESME_RINVPASWD' } } },
  },
  'silent-bind': {
    says: 'binds are not answered',
    change: { binds: { answer: 'none' } },
  },
  'bind-nack': {
    says: 'binds are answered by a generic_nack',
    change: { binds: { answer: 'generic_nack' } },
  },
  'bind-wrong-sequence': {
    says: 'binds are answered with another sequence number',
    change: { binds: { answer: 'wrong-sequence' } },
  },
  'bind-other-command': {
    says: 'binds are answered by an enquire_link_resp',
    change: { binds: { answer: 'other-command' } },
  },
  slow: {
    says: 'responses take half a second to two seconds',
    change: { responses: { delayMs: { min: 500, max: 2_000 } } },
  },
  silent: {
    says: 'submit_sm is accepted and never answered',
    change: { responses: { missing: 1 } },
  },
  'silent-link': {
    says: 'enquire_link is not answered',
    change: { connections: { answersEnquireLink: false } },
  },
  'receipts-early': {
    says: 'receipts come before the submit_sm_resp',
    change: { receipts: { beforeResponse: true, delayMs: 0 } },
  },
  'receipts-late': {
    says: 'receipts come after one to five minutes',
    change: { receipts: { delayMs: { min: 60_000, max: 300_000 } } },
  },
  'receipts-repeated': {
    says: 'each receipt comes three times',
    change: { receipts: { repeat: 2 } },
  },
  'receipts-out-of-order': {
    says: 'of each two receipts the later one comes first',
    change: { receipts: { order: 'swapped' } },
  },
  'receipts-never': {
    says: 'no receipt comes',
    change: { receipts: { when: 'never' } },
  },
  'receipts-of-strangers': {
    says: 'before each receipt comes one with an id that was never given',
    change: { receipts: { strays: true } },
  },
  'stray-nacks': {
    says: 'before each response to a submit_sm come a nack with sequence number 0, a response to nothing, and one of another command',
    change: { responses: { strays: ['generic_nack', 'submit_sm_resp', 'other-command'] } },
  },
  malformed: {
    says: 'before each tenth PDU comes one that is malformed, in all ways in turn',
    change: { wire: { malformed: { every: 10, kinds: [...malformedKinds] } } },
  },
  split: {
    says: 'PDUs are written octet by octet',
    change: { wire: { split: 1 } },
  },
  'split-anywhere': {
    says: 'PDUs are written in pieces of random lengths',
    change: { wire: { split: 'random' } },
  },
  'one-write': {
    says: 'all PDUs of 50 ms go out in one write',
    change: { wire: { togetherMs: 50 } },
  },
  'high-sequence-numbers': {
    says: 'sequence numbers of the SMSC are 0x80000000 and up',
    change: { deliveries: { sequenceNumbers: 'high' } },
  },
  'random-sequence-numbers': {
    says: 'sequence numbers of the SMSC are any of 32 bits',
    change: { deliveries: { sequenceNumbers: 'random' } },
  },
};
