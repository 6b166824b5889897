import type { Log, LogFields } from './log.ts';

/**
 * Logs what a peer does that is odd and was survived: of each kind the first, the tenth, the hundredth and so on,
 * with their count. A peer that repeats itself a hundred thousand times must not fill the log.
 */
export class Oddities {
  readonly #log: Log;
  readonly #counts = new Map<string, number>();

  constructor(log: Log) {
    this.#log = log;
  }

  note(kind: string, fields: LogFields): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (isPowerOfTen(count)) this.#log.warn(kind, { ...fields, count });
  }
}

function isPowerOfTen(count: number): boolean {
  return Number.isInteger(Math.log10(count));
}
