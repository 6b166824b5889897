import type { Clock } from '../../../connector/clock.ts';
import type { Outcome, ShortMessage } from '../messages/short-message.ts';
import type { Stage } from '../play/stage.ts';
import { display } from './display.ts';
import { type HandsetChange, HandsetSettings, type HandsetView, outcomes } from './handset.ts';
import { handsetKey } from './handset-key.ts';
import type { HandsetMessage } from './handset-message.ts';
import { JoinedParts } from './joined-parts.ts';
import { KeptMessages, type Wanted } from './kept-messages.ts';
import { receivedPart, type WholeMessage } from './received-part.ts';
import { WaitingMessages } from './waiting-messages.ts';

export interface HandsetsOptions {
  readonly stage: Stage;
  readonly clock: Clock;
  /** How many messages are remembered. */
  readonly keep: number;
  /** How many short messages wait for one handset. @default 100 */
  readonly maxWaiting?: number;
  /** A handset answers. */
  readonly onReply: (from: string, to: string, text: string) => void;
}

/** What waits for all handsets together. */
const maxWaitingInAll = { total: 100_000, totalOctets: 128 * 0x10_0000 };

/** Every phone there is, each by its number with or without "+": takes what is for it, joins the parts of long messages, keeps what was read, and answers. */
export class Handsets {
  readonly #options: HandsetsOptions;
  readonly #settings = new HandsetSettings();
  readonly #waiting: WaitingMessages;
  readonly #parts: JoinedParts;
  readonly #kept: KeptMessages;
  /** Of handsets that are off for a while: ends the wait. By their keys. */
  readonly #switchingOn = new Map<string, () => void>();

  constructor(options: HandsetsOptions) {
    this.#options = options;
    this.#waiting = new WaitingMessages({ perHandset: options.maxWaiting ?? 100, ...maxWaitingInAll });
    this.#parts = new JoinedParts(options.clock);
    this.#kept = new KeptMessages(options.keep);
  }

  /** Whether one more for this number can be stored; if not the SMSC's queue is full. */
  hasRoomFor(to: string): boolean {
    return !this.#keepsWaiting(to) || this.#waiting.hasRoomFor(to);
  }

  /** Calls `onOutcome`, perhaps at once: `enroute` at most once, then one final outcome; nothing after `withdraw`. */
  receive(short: ShortMessage, onOutcome: (outcome: Outcome) => void): void {
    const outcome = outcomes[this.#settings.stateOf(short.to)];
    if (outcome === undefined) {
      this.#arrive(short, onOutcome);
      return;
    }
    if (outcome.state === 'enroute') {
      this.#waiting.add({ short, onOutcome });
      this.#switchOnLater(short.to);
    }
    onOutcome(outcome);
  }

  /** It expired or was cancelled before it arrived. */
  withdraw(short: ShortMessage): void {
    if (!this.#waiting.remove(short)) this.#parts.withdraw(short);
  }

  /** What waits for it arrives, if it can now, or never will. */
  set(number: string, change: HandsetChange): HandsetView {
    this.#change(number, change);
    return this.view(number);
  }

  view(number: string): HandsetView {
    return {
      number,
      state: this.#settings.stateOf(number),
      answer: this.#settings.answerOf(number),
      waiting: this.#waiting.sizeOf(number),
      incomplete: this.#parts.incompleteFor(number),
      messages: this.messages({ to: number }),
    };
  }

  /** The first of those that are wanted, as far as they are still kept. */
  messages(wanted: Wanted = {}): readonly HandsetMessage[] {
    return this.#kept.list(wanted);
  }

  /** Those that are wanted, or the first that comes until `stop` aborts. */
  awaitMessages(wanted: Wanted, stop: AbortSignal): Promise<readonly HandsetMessage[]> {
    return this.#kept.awaitList(wanted, stop);
  }

  stats() {
    return { messages: this.#kept.count, waiting: this.#waiting.size, incomplete: this.#parts.size };
  }

  /** As new, without a word about what waits and what is not complete. Messages are counted on. */
  reset(): void {
    this.end();
    this.#waiting.clear();
    this.#settings.clear();
    this.#kept.clear();
  }

  /** Leaves no timer behind. */
  end(): void {
    for (const stop of this.#switchingOn.values()) stop();
    this.#switchingOn.clear();
    this.#parts.clear();
  }

  #change(number: string, change: HandsetChange): void {
    this.#settings.set(number, change);
    if (change.state === undefined) return;
    const key = handsetKey(number);
    this.#switchingOn.get(key)?.();
    this.#switchingOn.delete(key);
    this.#tryAgain(number);
  }

  #keepsWaiting(number: string): boolean {
    return outcomes[this.#settings.stateOf(number)]?.state === 'enroute';
  }

  #tryAgain(number: string): void {
    if (this.#keepsWaiting(number)) return;
    for (const { short, onOutcome } of this.#waiting.take(number)) this.receive(short, onOutcome);
  }

  #switchOnLater(number: string): void {
    const key = handsetKey(number);
    const offForMs = this.#settings.offForMs(number);
    if (offForMs === undefined || this.#switchingOn.has(key)) return;
    const stop = this.#options.clock.after(offForMs, () => this.#change(number, { state: 'on' }));
    this.#switchingOn.set(key, stop);
  }

  #arrive(short: ShortMessage, onOutcome: (outcome: Outcome) => void): void {
    const whole = this.#parts.add(receivedPart(short), this.#options.stage.behaviour.handsets, onOutcome);
    if (whole !== undefined) this.#read(whole);
  }

  #read(parts: WholeMessage): void {
    const { clock, stage, onReply } = this.#options;
    const { handsets } = stage.behaviour;
    const { from, to, dataCoding } = parts[0].short;
    this.#kept.add({ parts, at: clock.now(), handsets });
    const reply = this.#settings.replyTo(to, () => display(parts, dataCoding, handsets).text);
    // A message without a sender can be read, not answered.
    if (reply !== undefined && from !== '') onReply(to, from, reply);
  }
}
