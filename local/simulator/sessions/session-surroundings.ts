import type { Session } from 'smpp';
import type { Clock } from '../../../connector/clock.ts';
import type { Stage } from '../play/stage.ts';
import type { Accounts } from './accounts.ts';
import type { Counters } from './counters.ts';
import type { ReceivedPdu } from './package-smpp.ts';
import type { SmscSession } from './session.ts';
import type { SmscEvent } from './smsc-event.ts';

export interface SmscPorts {
  /**
   * A submit_sm, data_sm, query_sm or cancel_sm of a session that may send it. Answered, now or later or never, by
   * `session.respond`.
   */
  onRequest(pdu: ReceivedPdu, session: SmscSession): void;
  /** A session that takes deliver_sm was bound. */
  onReceiver(session: SmscSession): void;
  /** A session was ended because of what its peer sent, or a request could not be served. */
  onFault(error: Error): void;
}

/** What all sessions of an SMSC share. */
export interface SessionSurroundings {
  readonly stage: Stage;
  readonly clock: Clock;
  readonly random: () => number;
  readonly accounts: Accounts;
  readonly counters: Counters;
  readonly ports: SmscPorts;
  readonly onEvent: (event: SmscEvent) => void;
}

export interface SessionConnection {
  /** Counted from 1. */
  readonly number: number;
  readonly session: Session;
  /** Cuts it by RST. */
  reset(): void;
  onClosed(): void;
}
