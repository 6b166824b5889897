import fc from 'fast-check';
import type { ConnectorEvent, ReceiptState } from '#contract/connector-events.ts';
import { at, expiredEvent, receiptEvent, rejectedEvent, sendingEvent, submittedEvent } from './factories.ts';

/** What happened to a message, told apart from its id: the same life can be lived by many. */
export interface Life {
  readonly segments: number;
  readonly happenings: readonly Happening[];
}

export interface Happening {
  readonly kind: 'sending' | 'expired' | 'rejected' | 'submitted' | 'receipt';
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
    case 'rejected':
      return rejectedEvent(ofSegment);
    case 'submitted':
      return submittedEvent({ ...ofSegment, smscMessageId, time: at(attempt * 10 + segment) });
    case 'receipt':
      return receiptEvent({ smscMessageId, state, time: at(60 + segment) });
  }
}

/** Lives of one to three segments: the usual course, or its beginning, or none of it, and up to three other things. */
export const anyLife: fc.Arbitrary<Life> = fc.integer({ min: 1, max: 3 }).chain((segments) => {
  const numbers = Array.from({ length: segments }, (_, index) => index + 1);
  const submitted = numbers.map((segment) => happening('submitted', { segment }));
  const delivered = numbers.map((segment) => happening('receipt', { segment }));
  const usual = fc.constantFrom([], submitted, [...submitted, ...delivered]);
  const other = fc.record<Happening>({
    kind: fc.constantFrom('sending', 'expired', 'rejected', 'submitted', 'receipt', 'receipt'),
    segment: fc.constantFrom(...numbers),
    attempt: fc.constantFrom(0, 0, 1),
    state: fc.constantFrom('enroute', 'delivered', 'undeliverable', 'expired'),
  });
  return fc
    .tuple(usual, fc.array(other, { maxLength: 3 }))
    .map(([course, others]) => ({ segments, happenings: [...course, ...others] }));
});
