import type { PDU, Session } from 'smpp';
import { toError } from '#contract/to-error.ts';
import { FramingError, isReceived, type ReceivedPdu } from './package-smpp.ts';

/** How much of what comes is taken from a connection that is frozen: enough to see, behind it, that the peer closed. */
const maxHeldOctets = 1_048_576;

export interface PduReaderPorts {
  onPdu(pdu: ReceivedPdu): void;
  /** No PDU can begin there; nothing more is read. */
  onUnframed(error: FramingError): void;
  /** The session was ended, for `onPdu` threw. */
  onFault(error: Error): void;
}

/**
 * Reads the PDUs of a session of the package. After octets that are no PDU, and after an exception in a listener, the
 * package reads nothing more: such a session has to be ended.
 */
export class PduReader {
  readonly #session: Session;
  readonly #held: Buffer[] = [];
  #heldOctets = 0;
  #frozen = false;

  constructor(session: Session, { onPdu, onUnframed, onFault }: PduReaderPorts) {
    this.#session = session;
    const fail = (error: Error) => {
      if (!isOfSystem(error)) onFault(error);
      session.destroy();
    };
    session.on('error', (error) => (error instanceof FramingError ? onUnframed(error) : fail(error)));
    session.on('pdu', (pdu: PDU) => {
      try {
        if (isReceived(pdu)) onPdu(pdu);
      } catch (cause) {
        fail(toError(cause));
      }
    });
    session.socket.on('readable', () => this.#hold());
  }

  /** From now on what comes is kept for later. */
  freeze(): void {
    if (this.#frozen) return;
    this.#frozen = true;
    this.#session.pause();
    this.#hold();
  }

  thaw(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    const { socket } = this.#session;
    if (this.#heldOctets > 0 && !socket.readableEnded && !socket.destroyed) socket.unshift(Buffer.concat(this.#held));
    this.#held.length = 0;
    this.#heldOctets = 0;
    this.#session.resume();
  }

  #hold(): void {
    while (this.#frozen && this.#heldOctets < maxHeldOctets) {
      const octets: Buffer | null = this.#session.socket.read();
      if (octets === null) return;
      this.#held.push(octets);
      this.#heldOctets += octets.length;
    }
  }
}

/** ECONNRESET and the like: that a connection breaks is no fault of what came over it. */
function isOfSystem(error: Error): boolean {
  return 'code' in error && /^E[A-Z]+$/.test(String(error.code));
}
