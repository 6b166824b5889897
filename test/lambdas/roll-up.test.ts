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
} from '../support/factories.ts';

const submitted = (segment: number, segments = 2) => submittedEvent({ segment, segments, time: at(10 + segment) });
const receipt = (segment: number, state: 'delivered' | 'undeliverable' | 'expired' | 'enroute'): Fact => {
  const event = receiptEvent({ state, time: at(20 + segment) });
  return { ...event, id: `${event.id}:${segment}`, messageId, segment, matchedBy: 'id' };
};
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
  ['a receipt that it expired', [submitted(1, 1), receipt(1, 'expired')], 'expired', ['sent', 'expired']],
  ['that it was never submitted', [expiredEvent()], 'expired', ['expired']],
  [
    'undeliverable, then delivered after all',
    [submitted(1, 1), receipt(1, 'undeliverable'), receipt(1, 'delivered')],
    'delivered',
    ['sent', 'undelivered', 'delivered'],
  ],
  ['only our verdict', [verdict('expired')], 'expired', ['settled-expired']],
  ['our verdict, then a late acceptance', [verdict('expired'), submitted(1, 1)], 'sent', ['sent']],
  ['our verdict and half an acceptance', [verdict('expired'), submitted(1, 2)], 'expired', ['settled-expired']],
  [
    'about to be sent, and nothing since',
    [sendingEvent(), verdict('uncertain')],
    'uncertain',
    ['sending', 'settled-uncertain'],
  ],
])('a message of which we know %s', (_, facts, status, milestones) => {
  const result = rollUp(facts);
  expect(result.status).toBe(status);
  expect(result.milestones.map(({ key }) => key)).toEqual(milestones);
});

test('a milestone carries the time and the words of the fact that completed it', () => {
  const [sent, undelivered] = rollUp([receipt(2, 'undeliverable'), submitted(2), submitted(1)]).milestones;
  expect(sent).toMatchObject({ time: at(12), words: { commandStatus: 'ESME_ROK 0x00000000' } });
  expect(undelivered).toMatchObject({ time: at(22), words: { stat: 'UNDELIV', err: '000' } });
});
