import type { finalStates } from '../play/behaviour.ts';
import type { ShortMessage } from './short-message.ts';

export type FinalState = (typeof finalStates)[number];

/**
 * Where a message is: `scheduled`, if it is not to be sent yet; `enroute`, with what was wrong at the last attempt;
 * `final` once and for all. Only `MessageStore` writes it.
 */
export type Fate =
  | { readonly kind: 'scheduled' }
  | { readonly kind: 'enroute'; readonly err: string }
  | { readonly kind: 'final'; readonly state: FinalState; readonly err: string; readonly at: number };

/** Something that a receipt may tell. */
export interface Notice {
  /** `enroute`: an attempt failed, `buffered`: there was none yet. */
  readonly state: FinalState | 'enroute' | 'buffered';
  readonly err: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What becomes of notices: `held` until the response to the submit_sm is written, then `open`. */
export type Reporting = { readonly kind: 'held'; readonly notices: Notice[] } | { readonly kind: 'open' };

/** A short message that the SMSC has taken. */
export interface Message {
  readonly short: ShortMessage;
  /** Otherwise receipts have said that it was delivered before anybody knew. */
  readonly hasTrueReceipts: boolean;
  fate: Fate;
  reporting: Reporting;
  /** Ends the wait for the next thing that happens to it by itself: its schedule or its expiry. */
  cancelTimer: (() => void) | undefined;
}
