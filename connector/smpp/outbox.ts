import type { Socket } from 'node:net';
import type { UnnumberedPdu } from './codec/pdu.ts';
import { encodePdu, longestOf } from './codec/write.ts';

/** Room for some 300 submit_sm, which share one allocation. */
const slabOctets = 65_536;

/** So much goes out before the turn is over: the peer works while we do, and answers do not all come at once. */
const enoughOctets = 8_192;

/** Octets of whole PDUs, the last of which has `lastTicket`. */
interface Batch {
  readonly octets: Buffer;
  readonly lastTicket: number;
}

/**
 * PDUs on their way to a socket: each in one piece, and all that one turn of the event loop brings in one write. Once the
 * socket has more than it can send, what follows waits here, so that of a lost connection it is known that it was not written.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #onBlocked: () => void;
  #slab = Buffer.allocUnsafe(slabOctets);
  /** What is in the slab between `#start` and `#end` is not handed over yet. */
  #start = 0;
  #end = 0;
  /** What was in slabs that are full. */
  readonly #full: Batch[] = [];
  #lastTicket = 0;
  #lastHandedOver = 0;
  #isFlushDue = false;
  #turn = 0;

  /** `onBlocked`: the socket has more than it can send; its `drain` tells the end of that. */
  constructor(socket: Socket, onBlocked: () => void) {
    this.#socket = socket;
    this.#onBlocked = onBlocked;
  }

  /** Returns the PDU's ticket. Throws `InvalidPduError` for one that cannot be written; then nothing was. */
  write(pdu: UnnumberedPdu, sequenceNumber: number): number {
    this.#reserve(longestOf(pdu));
    this.#end = encodePdu(pdu, sequenceNumber, this.#slab, this.#end);
    this.#lastTicket += 1;
    if (this.#end - this.#start >= enoughOctets) this.flush();
    if (!this.#isFlushDue) this.#flushSoon();
    return this.#lastTicket;
  }

  /** The same for all that goes out together. */
  get turn(): number {
    return this.#turn;
  }

  /** Whether all was handed over. */
  get isEmpty(): boolean {
    return this.#start === this.#end && this.#full.length === 0;
  }

  /** Whether an octet of that PDU may have left. */
  wasHandedOver(ticket: number): boolean {
    return ticket <= this.#lastHandedOver;
  }

  /** To be called when the socket has drained. */
  flush(): void {
    const socket = this.#socket;
    while (socket.writable && !socket.writableNeedDrain) {
      const batch = this.#full.shift() ?? this.#takeCurrent();
      if (batch === undefined) return;
      this.#lastHandedOver = batch.lastTicket;
      socket.write(batch.octets);
      // The kernel took all of it at once, as it mostly does: nobody reads the slab any more.
      if (socket.writableLength === 0) this.#reuseSlab();
    }
    this.#onBlocked();
  }

  /** Once nobody has written for a round of microtasks: what one chunk of answers sets free comes in several. */
  #flushSoon(): void {
    const seen = this.#lastTicket;
    this.#isFlushDue = true;
    queueMicrotask(() => {
      if (this.#lastTicket !== seen) {
        this.#flushSoon();
        return;
      }
      this.#isFlushDue = false;
      this.#turn += 1;
      this.flush();
    });
  }

  #reserve(octets: number): void {
    if (this.#slab.length - this.#end >= octets) return;
    const current = this.#takeCurrent();
    if (current !== undefined) this.#full.push(current);
    this.#slab = Buffer.allocUnsafe(Math.max(slabOctets, octets));
    this.#start = 0;
    this.#end = 0;
  }

  #reuseSlab(): void {
    if (this.#start !== this.#end) return;
    this.#start = 0;
    this.#end = 0;
  }

  #takeCurrent(): Batch | undefined {
    if (this.#start === this.#end) return undefined;
    const octets = this.#slab.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return { octets, lastTicket: this.#lastTicket };
  }
}
