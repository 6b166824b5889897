import type { Concatenation } from '#contract/text/concatenation.ts';
import type { ReceivedMessage } from './client.ts';

/** Joins the parts of what handsets send, in whatever order they come. */
export class Joining {
  readonly #onWhole: (message: ReceivedMessage) => void;
  readonly #parts = new Map<string, Map<number, string>>();

  constructor(onWhole: (message: ReceivedMessage) => void) {
    this.#onWhole = onWhole;
  }

  take({ from, to, text }: ReceivedMessage, concatenation: Concatenation | undefined): void {
    const { reference, total, part } = concatenation ?? { reference: 0, total: 1, part: 1 };
    const key = JSON.stringify([from, to, reference, total]);
    const parts = (this.#parts.get(key) ?? new Map<number, string>()).set(part, text);
    this.#parts.set(key, parts);
    if (parts.size < total) return;
    this.#parts.delete(key);
    const inOrder = [...parts].sort(([a], [b]) => a - b).map(([, each]) => each);
    this.#onWhole({ from, to, text: inOrder.join('') });
  }
}
