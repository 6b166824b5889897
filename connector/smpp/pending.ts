import type { CommandName, KnownPdu } from './codec/pdu.ts';

export type RequestOutcome =
  /** The peer's response, or its generic_nack. */
  | { readonly kind: 'answered'; readonly response: KnownPdu }
  /** Octets were handed to the socket and no answer came: the peer may have acted on it. */
  | { readonly kind: 'unanswered'; readonly why: 'timeout' | 'session-ended' }
  /** No octet was written. */
  | { readonly kind: 'not-written' };

interface Request {
  readonly answeredBy: CommandName;
  readonly deadline: number;
  readonly settle: (outcome: RequestOutcome) => void;
}

/** Requests awaiting a response, by sequence number. Pure store: the session owns time and socket. */
export class PendingRequests {
  readonly #requests = new Map<number, Request>();

  get size(): number {
    return this.#requests.size;
  }

  has(sequenceNumber: number): boolean {
    return this.#requests.has(sequenceNumber);
  }

  add(sequenceNumber: number, request: Request): void {
    this.#requests.set(sequenceNumber, request);
  }

  /** Settles the request that `response` answers; false when there is none (late, repeated, unknown). */
  answer(response: KnownPdu): boolean {
    const request = this.#requests.get(response.sequenceNumber);
    if (request === undefined) return false;
    const answers = response.command === request.answeredBy || response.command === 'generic_nack';
    if (!answers) return false;
    this.#requests.delete(response.sequenceNumber);
    request.settle({ kind: 'answered', response });
    return true;
  }

  /** When the first request becomes overdue; undefined when none waits. */
  nextDeadline(): number | undefined {
    let first: number | undefined;
    for (const { deadline } of this.#requests.values()) {
      if (first === undefined || deadline < first) first = deadline;
    }
    return first;
  }

  settleExpired(now: number): void {
    for (const [sequenceNumber, request] of this.#requests) {
      if (request.deadline > now) continue;
      this.#requests.delete(sequenceNumber);
      request.settle({ kind: 'unanswered', why: 'timeout' });
    }
  }

  settleAll(): void {
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const request of requests) request.settle({ kind: 'unanswered', why: 'session-ended' });
  }
}
