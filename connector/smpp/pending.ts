import type { CommandName, KnownPdu } from './codec/pdu.ts';

export type RequestOutcome =
  /** The peer's response, or its generic_nack. */
  | { readonly kind: 'answered'; readonly response: KnownPdu }
  /** Octets were handed to the socket and no answer came: the peer may have acted on it. */
  | { readonly kind: 'unanswered'; readonly why: 'timeout' | 'session-ended' }
  /** No octet was written. */
  | { readonly kind: 'not-written' };

interface Request {
  readonly sequenceNumber: number;
  readonly answeredBy: CommandName;
  readonly deadline: number;
  /** The outbox's: tells whether it was written. */
  readonly ticket: number;
  readonly settle: (outcome: RequestOutcome) => void;
}

/** Ours are 1 to this (SMPP 3.4, 5.1.4). */
const maxSequence = 0x7fffffff;
/** A power of two, so that the last bits of a sequence number say where its request is. */
const firstCapacity = 64;

/**
 * Requests awaiting a response, by sequence number. Pure store: the session owns time and socket. An array with room
 * to spare, not a Map: what a Map drops as it is filled and emptied keeps V8's young generation from being collected
 * (three times the time per request, and pauses of 30 ms, at 200,000 a second).
 */
export class PendingRequests {
  #slots: (Request | undefined)[] = emptySlots(firstCapacity);
  #size = 0;
  #lastSequence: number;

  constructor(lastSequence = 0) {
    this.#lastSequence = lastSequence;
  }

  get size(): number {
    return this.#size;
  }

  /** A number that no pending request has, and with a place that none has; after the last comes 1 again. */
  nextSequence(): number {
    if (2 * this.#size >= this.#slots.length) this.#grow();
    do {
      this.#lastSequence = this.#lastSequence === maxSequence ? 1 : this.#lastSequence + 1;
    } while (this.#slots[this.#placeOf(this.#lastSequence)] !== undefined);
    return this.#lastSequence;
  }

  /** `request` has the number that `nextSequence` gave last. */
  add(request: Request): void {
    this.#slots[this.#placeOf(request.sequenceNumber)] = request;
    this.#size += 1;
  }

  /** Settles the request that `response` answers; false when there is none (late, repeated, unknown). */
  answer(response: KnownPdu): boolean {
    const request = this.#slots[this.#placeOf(response.sequenceNumber)];
    if (request === undefined || request.sequenceNumber !== response.sequenceNumber) return false;
    const answers = response.command === request.answeredBy || response.command === 'generic_nack';
    if (!answers) return false;
    this.#settle(request, { kind: 'answered', response });
    return true;
  }

  /** When the first request becomes overdue; undefined when none waits. */
  nextDeadline(): number | undefined {
    let first: number | undefined;
    for (const request of this.#slots) {
      if (request !== undefined && (first === undefined || request.deadline < first)) first = request.deadline;
    }
    return first;
  }

  /** True when one is overdue that was not even written: it is left to `settleAll`, which tells it so. */
  settleExpired(now: number, wasWritten: (ticket: number) => boolean): boolean {
    let isUnwrittenOverdue = false;
    for (const request of this.#slots) {
      if (request === undefined || request.deadline > now) continue;
      if (wasWritten(request.ticket)) this.#settle(request, { kind: 'unanswered', why: 'timeout' });
      else isUnwrittenOverdue = true;
    }
    return isUnwrittenOverdue;
  }

  /** The session is over. */
  settleAll(wasWritten: (ticket: number) => boolean): void {
    const requests = this.#slots;
    this.#slots = emptySlots(firstCapacity);
    this.#size = 0;
    for (const request of requests) {
      if (request === undefined) continue;
      const written = wasWritten(request.ticket);
      request.settle(written ? { kind: 'unanswered', why: 'session-ended' } : { kind: 'not-written' });
    }
  }

  #settle({ sequenceNumber, settle }: Request, outcome: RequestOutcome): void {
    this.#slots[this.#placeOf(sequenceNumber)] = undefined;
    this.#size -= 1;
    settle(outcome);
  }

  #placeOf(sequenceNumber: number): number {
    return sequenceNumber & (this.#slots.length - 1);
  }

  /** Requests with different places have different ones in an array twice as long. */
  #grow(): void {
    const requests = this.#slots;
    this.#slots = emptySlots(2 * requests.length);
    for (const request of requests) {
      if (request !== undefined) this.#slots[this.#placeOf(request.sequenceNumber)] = request;
    }
  }
}

function emptySlots(count: number): (Request | undefined)[] {
  return new Array<Request | undefined>(count).fill(undefined);
}
