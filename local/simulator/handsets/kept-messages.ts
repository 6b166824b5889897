import { type HandsetMessage, type ReceivedMessage, toHandsetMessage } from './handset-message.ts';
import { octetsOf } from './received-part.ts';

/** The octets of kept PDUs, also if all of them are long. */
const maxOctets = 128 * 0x10_0000;

/** The last messages of all handsets. Their numbers go on when the oldest are forgotten. */
export class KeptMessages {
  readonly #keep: number;
  readonly #byNumber = new Map<number, ReceivedMessage>();
  readonly #waiting = new Set<() => void>();
  #last = 0;
  /** The first that is kept. */
  #oldest = 1;
  #octets = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  /** How many there were, forgotten ones too; the number of the last one. */
  get count(): number {
    return this.#last;
  }

  add(message: ReceivedMessage): void {
    this.#last++;
    this.#byNumber.set(this.#last, message);
    this.#octets += octetsIn(message);
    while (this.#byNumber.size > this.#keep || this.#octets > maxOctets) this.#forgetOldest();
    for (const wake of this.#waiting) wake();
  }

  /** Those `to` a number, or to all, after the one numbered `after`. */
  list(to: string | undefined, after: number): readonly HandsetMessage[] {
    const messages: HandsetMessage[] = [];
    for (let number = Math.max(after + 1, this.#oldest); number <= this.#last; number++) {
      const message = this.#byNumber.get(number);
      if (message === undefined || (to !== undefined && message.parts[0].short.to !== to)) continue;
      messages.push(toHandsetMessage(number, message));
    }
    return messages;
  }

  /** The same, but waits for the first until `stop` aborts. */
  async awaitList(to: string | undefined, after: number, stop: AbortSignal): Promise<readonly HandsetMessage[]> {
    while (true) {
      const messages = this.list(to, after);
      if (messages.length > 0 || stop.aborted) return messages;
      await this.#nextMessage(stop);
    }
  }

  #forgetOldest(): void {
    const message = this.#byNumber.get(this.#oldest);
    this.#byNumber.delete(this.#oldest);
    this.#oldest++;
    if (message !== undefined) this.#octets -= octetsIn(message);
  }

  #nextMessage(stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        stop.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      stop.addEventListener('abort', wake, { once: true });
    });
  }
}

function octetsIn({ parts }: ReceivedMessage): number {
  return parts.reduce((sum, { short }) => sum + octetsOf(short), 0);
}
