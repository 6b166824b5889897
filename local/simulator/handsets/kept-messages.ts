import { handsetKey } from './handset-key.ts';
import { type HandsetMessage, type ReceivedMessage, senderOf, toHandsetMessage } from './handset-message.ts';
import { octetsOf } from './received-part.ts';

/** The octets of kept PDUs, also if all of them are long. */
const maxOctets = 128 * 0x10_0000;

/** Of one list: it becomes JSON, which for all that is kept would not fit in a string. */
const maxListed = { messages: 10_000, octets: 2 * 0x10_0000 };

/** Which messages somebody wants to see; without a field all of them. Numbers with or without "+". */
export interface Wanted {
  readonly to?: string | undefined;
  readonly from?: string | undefined;
  /** Those after the one with this number. */
  readonly after?: number | undefined;
}

/** Somebody waits for the first message that fits. */
interface Poll {
  readonly wanted: Wanted;
  readonly found: (message: HandsetMessage) => void;
}

/** The last messages of all handsets. Their numbers go on when the oldest are forgotten. */
export class KeptMessages {
  readonly #keep: number;
  readonly #byNumber = new Map<number, ReceivedMessage>();
  readonly #polls = new Set<Poll>();
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
    this.#answerPolls(this.#last, message);
  }

  /** The first of those that are wanted; if they are too many for one list, the others are after the last of it. */
  list(wanted: Wanted): readonly HandsetMessage[] {
    const messages: HandsetMessage[] = [];
    const { after = 0 } = wanted;
    let octets = 0;
    for (let number = Math.max(after + 1, this.#oldest); number <= this.#last; number++) {
      const message = this.#byNumber.get(number);
      if (message === undefined || !fits(message, wanted)) continue;
      octets += octetsIn(message);
      if (messages.length > 0 && octets > maxListed.octets) break;
      messages.push(toHandsetMessage(number, message));
      if (messages.length === maxListed.messages) break;
    }
    return messages;
  }

  /** The same, but waits for the first until `stop` aborts. */
  awaitList(wanted: Wanted, stop: AbortSignal): Promise<readonly HandsetMessage[]> {
    const messages = this.list(wanted);
    if (messages.length > 0 || stop.aborted) return Promise.resolve(messages);
    return new Promise((resolve) => {
      const end = (found: readonly HandsetMessage[]) => {
        this.#polls.delete(poll);
        stop.removeEventListener('abort', onAbort);
        resolve(found);
      };
      const onAbort = () => end([]);
      const poll: Poll = { wanted, found: (message) => end([message]) };
      this.#polls.add(poll);
      stop.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Forgets all; who waits goes on waiting. */
  clear(): void {
    this.#byNumber.clear();
    this.#oldest = this.#last + 1;
    this.#octets = 0;
  }

  /** Each poll looks at what is new only: with many of them, and many messages, nothing else would get its turn. */
  #answerPolls(number: number, message: ReceivedMessage): void {
    const fitting = [...this.#polls].filter(({ wanted }) => number > (wanted.after ?? 0) && fits(message, wanted));
    if (fitting.length === 0) return;
    const shown = toHandsetMessage(number, message);
    for (const { found } of fitting) found(shown);
  }

  #forgetOldest(): void {
    const message = this.#byNumber.get(this.#oldest);
    this.#byNumber.delete(this.#oldest);
    this.#oldest++;
    if (message !== undefined) this.#octets -= octetsIn(message);
  }
}

function fits(message: ReceivedMessage, { to, from }: Wanted): boolean {
  if (to !== undefined && handsetKey(message.parts[0].short.to) !== handsetKey(to)) return false;
  return from === undefined || handsetKey(senderOf(message)) === handsetKey(from);
}

function octetsIn({ parts }: ReceivedMessage): number {
  return parts.reduce((sum, { short }) => sum + octetsOf(short), 0);
}
