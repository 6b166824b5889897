import { RecentMap } from '../messages/recent-map.ts';
import type { Outcome } from '../messages/short-message.ts';
import { endingOf, type HandsetState } from '../play/endings.ts';
import { handsetKey } from './handset-key.ts';
import type { HandsetMessage } from './handset-message.ts';
import type { IncompleteMessage } from './joined-parts.ts';

export interface HandsetChange {
  readonly state?: HandsetState;
  /** What it sends back to each message; '' never anything; null: what its number says. */
  readonly answer?: string | null;
}

export interface HandsetView {
  readonly number: string;
  readonly state: HandsetState;
  readonly answer: string | null;
  /** How many short messages the SMSC keeps for it. */
  readonly waiting: number;
  /** Long messages of which parts are missing. */
  readonly incomplete: readonly IncompleteMessage[];
  readonly messages: readonly HandsetMessage[];
}

/** What the network says of a message to a handset in this state (3GPP TS 29.002, 17.6); undefined: it arrives. */
export const outcomes: Readonly<Record<HandsetState, Outcome | undefined>> = {
  on: undefined,
  off: { state: 'enroute', err: '027' },
  full: { state: 'enroute', err: '032' },
  blocked: { state: 'rejected', err: '013' },
  unknown: { state: 'undelivered', err: '001' },
};

/** What was set last about so many numbers is remembered. */
const remembered = 10_000;

/** What handsets are: what somebody set, or else what the ending of the number says. */
export class HandsetSettings {
  #byHandset = new RecentMap<HandsetChange>(remembered);

  stateOf(number: string): HandsetState {
    return this.#of(number)?.state ?? endingOf(number)?.handset ?? 'on';
  }

  /** For how long it is off; undefined: until somebody switches it on. */
  offForMs(number: string): number | undefined {
    return this.#of(number)?.state === undefined ? endingOf(number)?.onAfterMs : undefined;
  }

  /** Null if nothing was set. */
  answerOf(number: string): string | null {
    return this.#of(number)?.answer ?? null;
  }

  /** What the handset sends back to the text that `read` gives; undefined if nothing. */
  replyTo(number: string, read: () => string): string | undefined {
    const answer = this.answerOf(number) ?? (endingOf(number)?.answers ? read() : '');
    return answer === '' ? undefined : answer;
  }

  set(number: string, change: HandsetChange): void {
    this.#byHandset.set(handsetKey(number), { ...this.#of(number), ...change });
  }

  clear(): void {
    this.#byHandset = new RecentMap(remembered);
  }

  #of(number: string): HandsetChange | undefined {
    return this.#byHandset.get(handsetKey(number));
  }
}
