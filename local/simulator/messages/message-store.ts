import { Fifo } from './fifo.ts';
import type { FinalState, Message } from './message.ts';
import type { ShortMessage } from './short-message.ts';

/** Messages without a final state are never forgotten, so there must not be more. */
const maxPending = 100_000;
const maxPendingOctets = 128 * 1024 * 1024;
const maxFinalOctets = 64 * 1024 * 1024;

/** Whose message: an account's, between two numbers. */
type Route = Pick<ShortMessage, 'systemId' | 'from' | 'to'>;

/** The messages that the SMSC remembers: all that are pending, and of the others the last. */
export class MessageStore {
  readonly #keep: number;
  /** By the id of the response, which several parts may share. */
  readonly #byId = new Map<string, Message[]>();
  readonly #pendingByRoute = new Map<string, Set<Message>>();
  /** In the order in which they became final. */
  readonly #final = new Fifo<Message>();
  #pending = 0;
  #pendingOctets = 0;
  #finalOctets = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get pending(): number {
    return this.#pending;
  }

  get size(): number {
    return this.#pending + this.#final.length;
  }

  get isFull(): boolean {
    return this.#pending >= maxPending || this.#pendingOctets >= maxPendingOctets;
  }

  has(messageId: string): boolean {
    return this.#byId.has(messageId);
  }

  /** In the order in which they came. */
  withId(messageId: string): readonly Message[] {
    return this.#byId.get(messageId) ?? [];
  }

  pendingOf(route: Route): readonly Message[] {
    return [...(this.#pendingByRoute.get(keyOf(route)) ?? [])];
  }

  add(short: ShortMessage, hasTrueReceipts: boolean): Message {
    const message: Message = {
      short,
      hasTrueReceipts,
      fate: { kind: 'enroute', err: '000' },
      reporting: { kind: 'held', notices: [] },
      cancelTimer: undefined,
    };
    this.#pending++;
    this.#pendingOctets += short.pdu.length;
    const sameId = this.#byId.get(short.messageId);
    if (sameId === undefined) this.#byId.set(short.messageId, [message]);
    else sameId.push(message);
    const key = keyOf(short);
    const sameRoute = this.#pendingByRoute.get(key) ?? new Set();
    this.#pendingByRoute.set(key, sameRoute.add(message));
    return message;
  }

  schedule(message: Message): void {
    assertPending(message);
    message.fate = { kind: 'scheduled' };
  }

  attempt(message: Message, err: string): void {
    assertPending(message);
    message.fate = { kind: 'enroute', err };
  }

  finish(message: Message, final: { readonly state: FinalState; readonly err: string; readonly at: number }): void {
    assertPending(message);
    message.fate = { kind: 'final', ...final };
    this.#pending--;
    this.#pendingOctets -= message.short.pdu.length;
    this.#finalOctets += message.short.pdu.length;
    const key = keyOf(message.short);
    const sameRoute = this.#pendingByRoute.get(key);
    sameRoute?.delete(message);
    if (sameRoute?.size === 0) this.#pendingByRoute.delete(key);
    this.#final.push(message);
    while (this.#final.length > 0 && (this.size > this.#keep || this.#finalOctets > maxFinalOctets))
      this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#final.shift();
    if (oldest === undefined) return;
    const { messageId, pdu } = oldest.short;
    this.#finalOctets -= pdu.length;
    const others = this.withId(messageId).filter((message) => message !== oldest);
    if (others.length === 0) this.#byId.delete(messageId);
    else this.#byId.set(messageId, others);
  }
}

function assertPending({ short, fate }: Message): void {
  if (fate.kind === 'final') throw new Error(`message ${short.messageId} is ${fate.state} already`);
}

function keyOf({ systemId, from, to }: Route): string {
  return [systemId, from, to].join('\0');
}
