import type { ReceiptEvent } from '#contract/connector-events.ts';
import { userMessageReferenceOf } from '#contract/message-reference.ts';
import type { Fact } from '../../lambdas/facts.ts';
import type { MessageRow } from '../../lambdas/messages.ts';
import {
  leavesDoubt,
  ownerAmong,
  plainAddress,
  type Unanswered,
  unansweredOf,
} from '../../lambdas/owner-of-receipt.ts';
import {
  at,
  begin,
  carrier,
  clientId,
  expiredEvent,
  messageId,
  receiptEvent,
  rejectedEvent,
  sendingEvent,
  submittedEvent,
  unsendableEvent,
} from '../support/factories.ts';

const otherId = messageId.replace(/.$/, 'f');
const hour = 3_600;
const day = 24 * hour;

const lost = (given: Partial<Unanswered> = {}): Unanswered => ({
  messageId,
  from: 'ACME',
  segments: 1,
  open: [1],
  since: begin,
  lastHeard: begin,
  until: begin + day * 1_000,
  ...given,
});
const receipt = (given: Partial<ReceiptEvent> = {}) => receiptEvent({ smscMessageId: 'unknown', ...given });
const guess = (given = {}) => ({ messageId, segment: 1, segments: 1, matchedBy: 'recipient', time: at(0), ...given });

describe('a receipt without a reference', () => {
  test('is of the only message of which a response is missing', () => {
    expect(ownerAmong(receipt(), [lost()])).toEqual(guess());
  });

  test.each<[string, Unanswered[]]>([
    ['there is none', []],
    ['there are two', [lost(), lost({ messageId: otherId })]],
    ['another may have copies', [lost(), lost({ messageId: otherId, open: [] })]],
    ['it was answered, and only copies of it are in doubt', [lost({ open: [] })]],
    ['its sender is another', [lost({ from: '12345' })]],
    ['it is long: whose turn it was is not known', [lost({ segments: 2, open: [2] })]],
    ['a long one may be meant too', [lost(), lost({ messageId: otherId, segments: 2, open: [1, 2] })]],
    [
      'another named no sender, and may have been given this one',
      [lost(), lost({ messageId: otherId, from: undefined })],
    ],
    [
      'it named no sender, and one with another sender may have had it replaced',
      [lost({ from: undefined }), lost({ messageId: otherId, from: '12345' })],
    ],
  ])('is of nobody when %s', (_, unanswered) => {
    expect(ownerAmong(receipt(), unanswered)).toBeUndefined();
  });

  test('is of the one whose sender it names, when others have other senders', () => {
    expect(ownerAmong(receipt(), [lost({ messageId: otherId, from: '12345' }), lost()])).toEqual(guess());
  });

  test('is of one that named no sender, when there is no other', () => {
    expect(ownerAmong(receipt({ to: '99999' }), [lost({ from: undefined })])).toEqual(guess());
  });

  test('that names no sender is of the only message, and of none of two', () => {
    expect(ownerAmong(receipt({ to: '' }), [lost()])).toEqual(guess());
    expect(ownerAmong(receipt({ to: '' }), [lost(), lost({ messageId: otherId, from: '12345' })])).toBeUndefined();
  });

  test.each<[number, boolean]>([
    [-61, false],
    [-60, true],
    [day, true],
    [day + 1, false],
  ])('%d s after the submit was begun is of it: %s', (seconds, isOf) => {
    expect(ownerAmong(receipt({ time: at(seconds) }), [lost()])).toEqual(isOf ? guess() : undefined);
  });

  test.each<[number, boolean]>([
    [3 * hour - 61, true],
    [3 * hour, false],
    [day, false],
    [20 * hour, false],
  ])(
    '%d s after the begin is of the first message, though another was begun three hours later: %s',
    (seconds, isOf) => {
      const later = lost({ messageId: otherId, since: begin + 3 * hour * 1_000 });
      expect(ownerAmong(receipt({ time: at(seconds) }), [lost(), later])).toEqual(isOf ? guess() : undefined);
    },
  );

  test.each<[number, boolean]>([
    [4 * day, false],
    [4 * day + 1, true],
  ])('%d s after the begin of an earlier message is of the later one: %s', (seconds, isOf) => {
    const [since, until] = [begin + 4 * day * 1_000, begin + 5 * day * 1_000];
    const later = lost({ messageId: otherId, since, lastHeard: since, until });
    const expected = guess({ messageId: otherId, time: at(4 * day) });
    expect(ownerAmong(receipt({ time: at(seconds) }), [lost(), later])).toEqual(isOf ? expected : undefined);
  });
});

describe('a receipt with a reference', () => {
  const reference = (segment: number, id = messageId) => ({
    userMessageReference: userMessageReferenceOf(id, segment),
  });

  test('is of the segment that has it, whatever else is unanswered', () => {
    const unanswered = [lost({ messageId: otherId }), lost({ segments: 3, open: [2] })];
    expect(ownerAmong(receipt(reference(2)), unanswered)).toEqual(
      guess({ segment: 2, segments: 3, matchedBy: 'reference' }),
    );
  });

  test('is of an answered message, when a copy of it may have been accepted', () => {
    expect(ownerAmong(receipt(reference(1)), [lost({ open: [] })])).toEqual(guess({ matchedBy: 'reference' }));
  });

  test('is of nobody when none has it, were there only one message to be meant', () => {
    expect(ownerAmong(receipt(reference(1, otherId)), [lost()])).toBeUndefined();
  });

  test('is of nobody when two have it', () => {
    expect(ownerAmong(receipt(reference(1)), [lost(), lost()])).toBeUndefined();
  });

  test('is of nobody when its sender is another', () => {
    expect(ownerAmong(receipt({ ...reference(1), to: '12345' }), [lost()])).toBeUndefined();
  });

  test('of 0 is as one without', () => {
    expect(ownerAmong(receipt({ userMessageReference: 0 }), [lost()])).toEqual(guess());
  });
});

test.each([
  ['+447700900123', '447700900123', true],
  ['+447700900123', '00447700900123', true],
  ['+447700900123', '07700900123', false],
  ['+447700900123', '0447700900123', false],
  ['ACME', 'acme ', true],
  ['ACME', 'ACM', false],
  ['0042', '42', false],
  ['00', '', false],
])('the addresses %j and %j are the same: %s (quirk 68)', (one, other, same) => {
  expect(plainAddress(one) === plainAddress(other)).toBe(same);
});

describe('what is unanswered', () => {
  const row = (given: Partial<MessageRow> = {}): MessageRow => ({
    id: messageId,
    clientId,
    carrier,
    to: '+447700900123',
    from: 'ACME',
    text: 'Hello',
    encoding: 'gsm7',
    segments: 1,
    priority: 'normal',
    guarantee: 'at-least-once',
    receipt: true,
    createdAt: at(0),
    validUntil: at(day),
    status: 'queued',
    factCount: 0,
    ...given,
  });
  const perhaps = expiredEvent({ possiblySubmitted: true });
  const again = submittedEvent({ possibleDuplicate: true });
  const nameless = submittedEvent({ smscMessageId: '' });
  const found: Fact = { ...receiptEvent(), messageId, segment: 1, segments: 1, matchedBy: 'recipient' };

  test.each<[string, Fact[], number[] | undefined]>([
    ['nothing', [], undefined],
    ['that it is being sent', [sendingEvent()], [1]],
    ['its response', [sendingEvent(), submittedEvent()], undefined],
    ['a response without an id', [sendingEvent(), nameless], [1]],
    ['its refusal', [sendingEvent(), rejectedEvent()], undefined],
    ['that it could not be written', [sendingEvent(), unsendableEvent()], undefined],
    ['that its validity ended between two refusals', [sendingEvent(), expiredEvent()], undefined],
    ['that it may have been received before, and was never sent', [perhaps], undefined],
    ['its receipt', [sendingEvent(), found], undefined],
  ])('of an at-most-once message, of which is known %s', (_, history, open) => {
    const message = { row: row({ guarantee: 'at-most-once' }), history };
    expect(unansweredOf(message)?.open).toEqual(open);
  });

  test.each<[string, Fact[], number[] | undefined]>([
    ['nothing', [], undefined],
    ['its response', [submittedEvent()], undefined],
    ['a response that may be a second one', [again], []],
    ['a response without an id', [nameless], [1]],
    ['that a receipt was not asked for', [submittedEvent({ smscMessageId: '', receiptExpected: false })], undefined],
    ['that it was perhaps submitted', [perhaps], [1]],
    ['that it was not submitted', [expiredEvent()], undefined],
    ['its refusal, perhaps as a copy', [rejectedEvent()], []],
    ['that it was perhaps submitted, and its receipt', [perhaps, found], []],
  ])('of an at-least-once message, of which is known %s', (_, history, open) => {
    expect(unansweredOf({ row: row(), history })?.open).toEqual(open);
    expect(history.some((fact) => leavesDoubt(fact, row()))).toBe(open !== undefined);
  });

  test('of a long message are the segments without a response, and how many there are', () => {
    const history = [sendingEvent(), submittedEvent({ segment: 1, segments: 3 })];
    expect(unansweredOf({ row: row({ guarantee: 'at-most-once', segments: 3 }), history })).toMatchObject({
      segments: 3,
      open: [2, 3],
    });
  });

  test('is nothing where no receipt was asked for', () => {
    expect(unansweredOf({ row: row({ receipt: false }), history: [perhaps] })).toBeUndefined();
    expect(leavesDoubt(perhaps, row({ receipt: false }))).toBe(false);
  });

  test('began with its sending, or where that is not told with the message', () => {
    const once = { row: row({ guarantee: 'at-most-once' }), history: [sendingEvent({ time: at(60) })] };
    expect(unansweredOf(once)).toMatchObject({ since: begin + 60_000, lastHeard: begin + 60_000 });
    expect(unansweredOf({ row: row(), history: [perhaps] })).toMatchObject({ since: begin, lastHeard: begin + 4_000 });
  });
});
