import type { Outcome, ShortMessage } from '../messages/short-message.ts';
import { handsetKey } from './handset-key.ts';
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

/** What the SMSC keeps for handsets that cannot take it now, in the order in which it came. */
export class WaitingMessages {
  readonly #limits: WaitingLimits;
  readonly #byHandset = new Map<string, Map<ShortMessage, Waiting>>();
  #size = 0;
  #octets = 0;

  constructor(limits: WaitingLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  sizeOf(number: string): number {
    return this.#byHandset.get(handsetKey(number))?.size ?? 0;
  }

  hasRoomFor(number: string): boolean {
    const { perHandset, total, totalOctets } = this.#limits;
    return this.#size < total && this.#octets < totalOctets && this.sizeOf(number) < perHandset;
  }

  add(waiting: Waiting): void {
    const { short } = waiting;
    const key = handsetKey(short.to);
    const those = this.#byHandset.get(key) ?? new Map<ShortMessage, Waiting>();
    this.#byHandset.set(key, those.set(short, waiting));
    this.#size++;
    this.#octets += octetsOf(short);
  }

  /** False if it does not wait. */
  remove(short: ShortMessage): boolean {
    const key = handsetKey(short.to);
    const those = this.#byHandset.get(key);
    if (those?.delete(short) !== true) return false;
    this.#size--;
    this.#octets -= octetsOf(short);
    if (those.size === 0) this.#byHandset.delete(key);
    return true;
  }

  /** Those for `number`, which wait no more. */
  take(number: string): readonly Waiting[] {
    const key = handsetKey(number);
    const those = [...(this.#byHandset.get(key)?.values() ?? [])];
    this.#byHandset.delete(key);
    this.#size -= those.length;
    for (const { short } of those) this.#octets -= octetsOf(short);
    return those;
  }

  clear(): void {
    this.#byHandset.clear();
    this.#size = 0;
    this.#octets = 0;
  }
}
