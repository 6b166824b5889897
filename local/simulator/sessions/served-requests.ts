import type { ReceivedPdu } from './package-smpp.ts';
import type { Answer, Responses } from './responses.ts';

/** The requests of a session that were handed to whoever answers them. */
export class ServedRequests {
  readonly #responses: Responses;
  #handling: ReceivedPdu | undefined;
  #unanswered = 0;

  constructor(responses: Responses) {
    this.#responses = responses;
  }

  /** Those whose response is still to come, also a delayed one; the one that is being handled counts from `respond` on. */
  get unanswered(): number {
    return this.#unanswered - (this.#handling === undefined ? 0 : 1);
  }

  handle(request: ReceivedPdu, handler: (request: ReceivedPdu) => void): void {
    this.#unanswered++;
    this.#handling = request;
    try {
      handler(request);
    } finally {
      this.#handling = undefined;
    }
  }

  /** `isOver`: nobody is there to read it. */
  respond(request: ReceivedPdu, answer: Answer, isOver: boolean): void {
    if (this.#handling === request) this.#handling = undefined;
    const onWritten = () => {
      this.#unanswered--;
      answer.onWritten?.();
    };
    if (isOver) onWritten();
    else this.#responses.respond(request, { ...answer, onWritten });
  }
}
