import type { Outcome, ShortMessage } from '../messages/short-message.ts';
import { octetsOf } from './received-part.ts';

export interface Waiting {
  readonly short: ShortMessage;
  readonly onOutcome: (outcome: Outcome) => void;
}

export interface WaitingLimits {
  readonly perHandset: number;
  readonly total: number;
  readonly totalOctets: number;
}

/** What the SMSC keeps for handsets that cannot take it now, by their numbers, in the order in which it came. */
export class WaitingMessages {
  readonly #limits: WaitingLimits;
  readonly #byNumber = new Map<string, Map<ShortMessage, Waiting>>();
  #size = 0;
  #octets = 0;

  constructor(limits: WaitingLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  sizeOf(number: string): number {
    return this.#byNumber.get(number)?.size ?? 0;
  }

  hasRoomFor(number: string): boolean {
    const { perHandset, total, totalOctets } = this.#limits;
    return this.#size < total && this.#octets < totalOctets && this.sizeOf(number) < perHandset;
  }

  add(waiting: Waiting): void {
    const { short } = waiting;
    const those = this.#byNumber.get(short.to) ?? new Map<ShortMessage, Waiting>();
    this.#byNumber.set(short.to, those.set(short, waiting));
    this.#size++;
    this.#octets += octetsOf(short);
  }

  /** False if it does not wait. */
  remove(short: ShortMessage): boolean {
    const those = this.#byNumber.get(short.to);
    if (those?.delete(short) !== true) return false;
    this.#size--;
    this.#octets -= octetsOf(short);
    if (those.size === 0) this.#byNumber.delete(short.to);
    return true;
  }

  /** Those for `number`, which wait no more. */
  take(number: string): readonly Waiting[] {
    const those = [...(this.#byNumber.get(number)?.values() ?? [])];
    this.#byNumber.delete(number);
    this.#size -= those.length;
    for (const { short } of those) this.#octets -= octetsOf(short);
    return those;
  }
}
