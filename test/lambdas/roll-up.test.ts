import fc from 'fast-check';
import type { Fact, Verdict } from '../../lambdas/facts.ts';
import { rollUp } from '../../lambdas/roll-up.ts';
import {
  at,
  expiredEvent,
  messageId,
  receiptEvent,
  rejectedEvent,
  sendingEvent,
  submittedEvent,
  unsendableEvent,
} from '../support/factories.ts';

const submitted = (segment: number, segments = 2) => submittedEvent({ segment, segments, time: at(10 + segment) });
const perhaps = expiredEvent({ id: 'perhaps', possiblySubmitted: true });

const receipt = (segment: number, state: 'delivered' | 'undeliverable' | 'expired' | 'enroute'): Fact => {
  const event = receiptEvent({ state, time: at(20 + segment) });
  return { ...event, id: `${event.id}:${segment}`, messageId, segment, matchedBy: 'id' };
};
const adopted = (segment: number, segments: number): Fact => {
  const event = receiptEvent({ smscMessageId: `unheard-${segment}`, time: at(20 + segment) });
  return { ...event, id: `${event.id}:${segment}`, messageId, segment, segments, matchedBy: 'reference' };
};
const unasked = (segment: number, segments = 2) =>
  submittedEvent({ segment, segments, time: at(10 + segment), receiptExpected: false });
const any = (segment: number) => submittedEvent({ segment, segments: 2, rollUp: 'any', time: at(10 + segment) });
const both = [submitted(1), submitted(2)];
const verdict = (status: Verdict['status']): Verdict => ({
  type: 'verdict',
  id: 'verdict',
  messageId,
  time: at(100),
  status,
  reason: 'nothing was heard',
});

test.each<[string, Fact[], string, string[]]>([
  ['nothing', [], 'queued', []],
  ['that it is about to be sent', [sendingEvent()], 'sending', ['sending']],
  ['one of two segments accepted', [submitted(1)], 'queued', []],
  [
    'one segment accepted twice of two',
    [submitted(1), submittedEvent({ segments: 2, smscMessageId: 'other' })],
    'queued',
    [],
  ],
  ['both segments accepted', [submitted(2), submitted(1)], 'sent', ['sent']],
  ['one accepted, one refused', [submitted(1), rejectedEvent({ segment: 2, segments: 2 })], 'failed', ['failed']],
  ['one of two delivered', [submitted(1), submitted(2), receipt(1, 'delivered')], 'sent', ['sent']],
  [
    'both delivered',
    [submitted(1), submitted(2), receipt(1, 'delivered'), receipt(2, 'delivered')],
    'delivered',
    ['sent', 'delivered'],
  ],
  [
    'one of two undeliverable',
    [submitted(1), submitted(2), receipt(2, 'undeliverable')],
    'undelivered',
    ['sent', 'undelivered'],
  ],
  ['a receipt on the way', [submitted(1, 1), receipt(1, 'enroute')], 'sent', ['sent']],
  ['a receipt that it expired', [submitted(1, 1), receipt(1, 'expired')], 'expired', ['sent', 'receipt-expired']],
  [
    'no response, and the receipt that must be its own',
    [sendingEvent(), adopted(1, 1)],
    'delivered',
    ['sending', 'delivered'],
  ],
  ['no response, and receipts of two of three segments', [adopted(1, 3), adopted(2, 3)], 'queued', []],
  [
    'one accepted, and receipts of both segments',
    [submitted(1), receipt(1, 'delivered'), adopted(2, 2)],
    'delivered',
    ['delivered'],
  ],
  ['that it was never submitted', [expiredEvent()], 'expired', ['expired']],
  [
    'undeliverable, then delivered after all',
    [submitted(1, 1), receipt(1, 'undeliverable'), receipt(1, 'delivered')],
    'delivered',
    ['sent', 'undelivered', 'delivered'],
  ],
  ['that it is too late, and was perhaps submitted', [perhaps], 'uncertain', ['uncertain']],
  ['that it was perhaps submitted, and was', [perhaps, submitted(1, 1)], 'sent', ['uncertain', 'sent']],
  ['that it was accepted, and its copy too late', [submitted(1, 1), expiredEvent()], 'sent', ['sent', 'expired']],
  ['that its copy was too late, and it was accepted', [expiredEvent(), submitted(1, 1)], 'sent', ['sent', 'expired']],
  [
    'that it was accepted, its copy refused, and a receipt that it expired',
    [submitted(1, 1), rejectedEvent(), receipt(1, 'expired')],
    'expired',
    ['sent', 'receipt-expired', 'failed'],
  ],
  ['half an acceptance, and that the rest was too late', [submitted(1), expiredEvent()], 'expired', ['expired']],
  ['one segment accepted, cut anew into two and half accepted', [submitted(1, 1), submitted(2)], 'sent', ['sent']],
  ['a segment of a cut into two and one of a cut into three', [submitted(1), submitted(2, 3)], 'queued', []],
  ['only our verdict', [verdict('expired')], 'expired', ['settled-expired']],
  ['our verdict, then a late acceptance', [verdict('expired'), submitted(1, 1)], 'sent', ['sent']],
  ['our verdict and half an acceptance', [verdict('expired'), submitted(1, 2)], 'expired', ['settled-expired']],
  [
    'about to be sent, and nothing since',
    [sendingEvent(), verdict('uncertain')],
    'uncertain',
    ['sending', 'settled-uncertain'],
  ],
  [
    'both accepted, a receipt asked for the first only, and that',
    [submitted(1), unasked(2), receipt(1, 'delivered')],
    'delivered',
    ['sent', 'delivered'],
  ],
  [
    'both accepted, a receipt asked for the last only, and one of the first all the same',
    [unasked(1), submitted(2), receipt(1, 'delivered')],
    'sent',
    ['sent'],
  ],
  [
    'the first accepted, for which no receipt was asked, and its receipt',
    [unasked(1), receipt(1, 'delivered')],
    'queued',
    [],
  ],
  [
    'both accepted, no receipt asked for, and one all the same (quirk 9)',
    [unasked(1), unasked(2), receipt(2, 'delivered')],
    'delivered',
    ['sent', 'delivered'],
  ],
  [
    'one of two delivered, where any is enough',
    [any(1), any(2), receipt(2, 'delivered')],
    'delivered',
    ['sent', 'delivered'],
  ],
  [
    'one undeliverable, one delivered, where any is enough',
    [any(1), any(2), receipt(1, 'undeliverable'), receipt(2, 'delivered')],
    'delivered',
    ['sent', 'undelivered', 'delivered'],
  ],
  ['no receipt in time', [...both, verdict('unconfirmed')], 'unconfirmed', ['sent', 'unconfirmed']],
  [
    'no receipt in time, then one of the two',
    [...both, verdict('unconfirmed'), receipt(1, 'delivered')],
    'unconfirmed',
    ['sent', 'unconfirmed'],
  ],
  [
    'no receipt in time, then both',
    [...both, verdict('unconfirmed'), receipt(1, 'delivered'), receipt(2, 'delivered')],
    'delivered',
    ['sent', 'unconfirmed', 'delivered'],
  ],
  ['one receipt in time', [...both, receipt(1, 'delivered'), verdict('delivered')], 'delivered', ['sent', 'delivered']],
  [
    'one receipt in time, then the other, which says that it failed',
    [...both, receipt(1, 'delivered'), verdict('delivered'), receipt(2, 'undeliverable')],
    'delivered',
    ['sent', 'undelivered', 'delivered'],
  ],
  [
    'one receipt in time, then the other',
    [...both, receipt(1, 'delivered'), verdict('delivered'), receipt(2, 'delivered')],
    'delivered',
    ['sent', 'delivered'],
  ],
])('a message of which we know %s', (_, facts, status, milestones) => {
  const result = rollUp(facts);
  expect(result.status).toBe(status);
  expect(result.milestones.map(({ key }) => key)).toEqual(milestones);
});

test.each(['undeliverable', 'expired'] as const)(
  'that a receipt says %s after the message was settled as delivered is superseded',
  (state) => {
    const late = rollUp([submitted(1), submitted(2), receipt(1, 'delivered'), verdict('delivered'), receipt(2, state)]);
    expect(late.milestones.map(({ superseded }) => superseded)).toEqual([false, true, false]);
  },
);

test('a milestone carries the time and the words of the fact that completed it', () => {
  const [sent, undelivered] = rollUp([receipt(2, 'undeliverable'), submitted(2), submitted(1)]).milestones;
  expect(sent).toMatchObject({ time: at(12), words: { commandStatus: 'ESME_ROK 0x00000000' } });
  expect(undelivered).toMatchObject({ time: at(22), words: { stat: 'UNDELIV', err: '000' } });
});

test('the words are also the class of the error, and TLVs of the response or the receipt', () => {
  const failed = { ...receipt(1, 'undeliverable'), errorClass: 'blocked', tlvs: { '0x1401': '31' } } as Fact;
  const accepted = submittedEvent({ tlvs: { '0x1400': '30' } });
  const [sent, undelivered] = rollUp([accepted, failed]).milestones;
  expect(sent?.words).toMatchObject({ tlvs: { '0x1400': '30' } });
  expect(undelivered?.words).toMatchObject({ errorClass: 'blocked', tlvs: { '0x1401': '31' } });
});

test('what a copy of an accepted message met is told as superseded, and nothing else is', () => {
  const { milestones } = rollUp([submitted(1, 1), expiredEvent(), rejectedEvent(), receipt(1, 'undeliverable')]);
  const superseded = milestones.filter((milestone) => milestone.superseded).map(({ key }) => key);
  expect(superseded).toEqual(['expired', 'failed']);
  expect(rollUp([expiredEvent()]).milestones).toMatchObject([{ key: 'expired', superseded: false }]);
});

/** Facts of a message, but for verdicts, which are void when more is known. */
const anyFact = fc.oneof(
  fc.constantFrom<Fact>(sendingEvent(), expiredEvent(), unsendableEvent()),
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.nat(1)).map(([segment, segments, n]) => {
    const ofSegment = { segment: Math.min(segment, segments), segments };
    return submittedEvent({ ...ofSegment, smscMessageId: `${segment} of ${segments}, ${n}` });
  }),
  fc
    .record({ segment: fc.integer({ min: 1, max: 2 }), asked: fc.boolean(), any: fc.boolean() })
    .map(({ segment, asked, any: isAny }) =>
      submittedEvent({
        ...{ segment, segments: 2, receiptExpected: asked, smscMessageId: `${segment} ${asked} ${isAny}` },
        ...(isAny && { rollUp: 'any' }),
      }),
    ),
  fc.integer({ min: 1, max: 3 }).map((segment) => rejectedEvent({ segment, segments: 3 })),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('delivered', 'undeliverable', 'expired', 'enroute'))
    .map(([segment, state]) => receipt(segment, state as 'delivered')),
);
const anyFacts = fc.uniqueArray(anyFact, { selector: ({ id }) => id, maxLength: 10 });

test('no fact that comes later takes a milestone back, and none depends on the order', () => {
  const keysOf = (facts: readonly Fact[]) => rollUp(facts).milestones.map(({ key }) => key);
  fc.assert(
    fc.property(anyFacts, fc.nat(), (facts, cut) => {
      const early = keysOf(facts.slice(0, cut % (facts.length + 1)));
      expect(keysOf(facts)).toEqual(expect.arrayContaining(early));
      expect(rollUp(facts.toReversed())).toEqual(rollUp(facts));
    }),
    { numRuns: 1_000 },
  );
});
