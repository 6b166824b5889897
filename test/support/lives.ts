import fc from 'fast-check';
import type { ConnectorEvent } from '#contract/connector-events.ts';
import type { ReceiptState } from '#contract/receipts.ts';
import {
  at,
  expiredEvent,
  receiptEvent,
  rejectedEvent,
  sendingEvent,
  submittedEvent,
  unsendableEvent,
} from './factories.ts';

/** What happened to a message, told apart from its id: the same life can be lived by many. */
export interface Life {
  readonly segments: number;
  readonly happenings: readonly Happening[];
}

export interface Happening {
  readonly kind: 'sending' | 'expired' | 'unsendable' | 'rejected' | 'submitted' | 'receipt';
  readonly segment: number;
  /** A segment may be submitted again, and is given another id then. */
  readonly attempt: number;
  readonly state: ReceiptState;
}

export function happening(kind: Happening['kind'], given: Partial<Happening> = {}): Happening {
  return { kind, segment: 1, attempt: 0, state: 'delivered', ...given };
}

export function eventOf(
  { kind, segment, attempt, state }: Happening,
  messageId: string,
  segments: number,
): ConnectorEvent {
  const ofSegment = { messageId, segment, segments };
  const smscMessageId = `${messageId}-${segment}-${attempt}`;
  switch (kind) {
    case 'sending':
      return sendingEvent({ messageId });
    case 'expired':
      return expiredEvent({ messageId });
    case 'unsendable':
      return unsendableEvent({ messageId });
    case 'rejected':
      return rejectedEvent(ofSegment);
    case 'submitted':
      return submittedEvent({ ...ofSegment, smscMessageId, time: at(attempt * 10 + segment) });
    case 'receipt':
      return receiptEvent({ smscMessageId, state, time: at(60 + segment) });
  }
}

export function eventsOf({ segments, happenings }: Life, messageId: string): ConnectorEvent[] {
  return happenings.map((each) => eventOf(each, messageId, segments));
}

const states: readonly ReceiptState[] = ['enroute', 'delivered', 'undeliverable', 'expired'];

/** The usual course, or its beginning, or none of it, and up to `others` other things: retries, refusals, odd receipts. */
export function anyLife(maxSegments: number, others: number): fc.Arbitrary<Life> {
  return fc.integer({ min: 1, max: maxSegments }).chain((segments) => {
    const numbers = Array.from({ length: segments }, (_, index) => index + 1);
    const submitted = numbers.map((segment) => happening('submitted', { segment }));
    const delivered = numbers.map((segment) => happening('receipt', { segment }));
    const usual = fc.constantFrom([], submitted, [...submitted, ...delivered]);
    const other = fc.record<Happening>({
      kind: fc.constantFrom('sending', 'expired', 'unsendable', 'rejected', 'submitted', 'receipt', 'receipt'),
      segment: fc.constantFrom(...numbers),
      attempt: fc.constantFrom(0, 0, 1, 2),
      state: fc.constantFrom(...states),
    });
    return fc
      .tuple(usual, fc.array(other, { maxLength: others }))
      .map(([course, more]) => ({ segments, happenings: [...course, ...more] }));
  });
}

/** Every life of up to `length` things out of those that can happen to a message of two segments. */
export function livesOf(length: number): Life[] {
  const things = [
    happening('sending'),
    happening('submitted'),
    happening('submitted', { segment: 2 }),
    happening('submitted', { attempt: 1 }),
    happening('rejected', { segment: 2 }),
    happening('expired'),
    happening('unsendable'),
    happening('receipt'),
    happening('receipt', { segment: 2 }),
    happening('receipt', { attempt: 1 }),
    happening('receipt', { state: 'undeliverable' }),
    happening('receipt', { state: 'expired', segment: 2 }),
  ];
  return combinations(things, length).map((happenings) => ({ segments: 2, happenings }));
}

function combinations<T>(items: readonly T[], length: number): T[][] {
  const [first, ...rest] = items;
  if (length === 0 || first === undefined) return [[]];
  return [...combinations(rest, length - 1).map((others) => [first, ...others]), ...combinations(rest, length)];
}
