import { type Concatenation, readConcatenation, splitUdh } from '#contract/text/concatenation.ts';
import { decodeText } from '#contract/text/decode.ts';

/** A short message as it reaches a handset: one submit_sm. */
export interface ShortMessage {
  readonly from: string;
  readonly to: string;
  readonly dataCoding: number;
  /** Bit 6 of esm_class: the octets begin with a user data header. */
  readonly hasUdh: boolean;
  readonly octets: Uint8Array;
  /** From the sar_* TLVs, when the sender used those instead of a header. */
  readonly sar?: Concatenation | undefined;
  readonly messageId: string;
}

/** A whole message, as the person reads it. */
export interface HandsetMessage {
  /** Counted over all handsets from 1. */
  readonly number: number;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly dataCoding: number;
  /** How many short messages it came in. */
  readonly parts: number;
  /** The SMSC's ids of them, in order. */
  readonly messageIds: readonly string[];
}

interface Piece {
  readonly body: Uint8Array;
  readonly messageId: string;
}

/** Every phone there is: joins the parts of long messages and keeps what was read. */
export class Handsets {
  readonly #messages: HandsetMessage[] = [];
  readonly #unfinished = new Map<string, Map<number, Piece>>();
  readonly #waiting = new Set<() => void>();

  receive(short: ShortMessage): void {
    const { udh, body } = short.hasUdh ? splitUdh(short.octets) : { udh: new Uint8Array(), body: short.octets };
    const concatenation = readConcatenation(udh) ?? short.sar;
    const piece = { body, messageId: short.messageId };
    const pieces = concatenation === undefined ? [piece] : this.#join(short, concatenation, piece);
    if (pieces === undefined) return;
    this.#messages.push({
      number: this.#messages.length + 1,
      from: short.from,
      to: short.to,
      text: decodeText(Buffer.concat(pieces.map((each) => each.body)), short.dataCoding),
      dataCoding: short.dataCoding,
      parts: pieces.length,
      messageIds: pieces.map((each) => each.messageId),
    });
    for (const wake of this.#waiting) wake();
  }

  /** The messages `to` a number, or to all, after the one numbered `after`. */
  messages(to?: string, after = 0): readonly HandsetMessage[] {
    return this.#messages.slice(after).filter((message) => to === undefined || message.to === to);
  }

  /** The same, but waits for the first until `stop` aborts. */
  async awaitMessages(to: string | undefined, after: number, stop: AbortSignal): Promise<readonly HandsetMessage[]> {
    while (this.messages(to, after).length === 0 && !stop.aborted) await this.#nextMessage(stop);
    return this.messages(to, after);
  }

  /** The pieces in order once all are here. A part that comes again takes the place of the first. */
  #join(short: ShortMessage, { reference, total, part }: Concatenation, piece: Piece): Piece[] | undefined {
    const key = JSON.stringify([short.from, short.to, reference, total]);
    const pieces = this.#unfinished.get(key) ?? new Map<number, Piece>();
    this.#unfinished.set(key, pieces.set(part, piece));
    if (pieces.size < total) return undefined;
    this.#unfinished.delete(key);
    return [...pieces].sort(([a], [b]) => a - b).map(([, each]) => each);
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
