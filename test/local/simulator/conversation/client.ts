import type { FakeClock } from '../../../support/fake-clock.ts';

/** What somebody wants who sends and receives messages, by whatever means. */
export interface Client {
  /** Resolves when every bind is there. */
  bind(): Promise<void>;
  /**
   * Sends from "ACME", in parts where it is long, and again what is refused for now; resolves with the SMSC's ids, in order, once
   * every part was accepted.
   */
  submit(to: string, text: string): Promise<readonly string[]>;
  /** The next receipt that came. */
  receipt(): Promise<{ readonly id: string; readonly stat: string }>;
  /** The next message that came from a handset, its parts joined. */
  message(): Promise<ReceivedMessage>;
  /** Resolves when the session was ended as it should be. */
  unbind(): Promise<void>;
  /** Whatever its state, leaves nothing open. */
  release(): Promise<void>;
}

export interface ReceivedMessage {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Where the SMSC is, and how it is spoken to. */
export interface Carrier {
  readonly port: number;
  /** Of the authority that signed the SMSC's certificate; without it there is no TLS. */
  readonly ca?: string | undefined;
  readonly bindMode: 'transceiver' | 'transmitter-receiver';
  readonly clock: FakeClock;
}
