import type { Clock } from '../../../connector/clock.ts';
import { Fifo } from '../messages/fifo.ts';
import type { Outcome, ShortMessage } from '../messages/short-message.ts';
import type { Behaviour } from '../play/behaviour.ts';
import { handsetKey } from './handset-key.ts';
import { octetsOf, type ReceivedPart, type WholeMessage } from './received-part.ts';

type OnOutcome = (outcome: Outcome) => void;

/** What has come of a message that is not complete. */
export interface IncompleteMessage {
  readonly from: string;
  readonly reference: number;
  /** How many parts it has. */
  readonly total: number;
  /** The numbers of those that are here. */
  readonly parts: readonly number[];
}

interface Unfinished {
  readonly key: string;
  readonly handset: string;
  readonly from: string;
  readonly reference: number;
  readonly total: number;
  /** Over whose session all must come; undefined: over any. */
  readonly session: number | undefined;
  /** Whether parts are delivered only together. */
  readonly together: boolean;
  readonly byNumber: Map<number, ReceivedPart>;
  /** In the order in which they came: these, and those in whose place they came again of which the outcome is still to be told. */
  readonly held: Set<ReceivedPart>;
  /** Of what is held. */
  octets: number;
  /** A part came over another session. It is kept to fail the parts that are still to come. */
  failed: boolean;
  readonly stopTimer: () => void;
}

/** A part that waits for the others, and who is told what becomes of it. */
interface Awaited {
  readonly unfinished: Unfinished;
  readonly part: ReceivedPart;
  readonly onOutcome: OnOutcome;
}

const dayMs = 24 * 3_600_000;
const maxUnfinished = 10_000;
const maxUnfinishedOctets = 64 * 0x10_0000;
/** Fewer in the order of age are not worth a look. */
const minOrder = 1_000;
/** System failure: the network loses what cannot be joined (MAP error 34 of 3GPP TS 29.002, 17.6). */
const lost: Outcome = { state: 'undelivered', err: '034' };

/** The parts of messages of which not all are here. Forgets the oldest when they are too many, and each in time. */
export class JoinedParts {
  readonly #clock: Clock;
  readonly #unfinished = new Map<string, Unfinished>();
  /** The oldest first, among some that are no more. A walk over the map would be one over all that it had, too. */
  readonly #order = new Fifo<Unfinished>();
  readonly #awaited = new Map<ShortMessage, Awaited>();
  #octets = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#unfinished.size;
  }

  /** Of the handset with this number, the oldest first. */
  incompleteFor(to: string): readonly IncompleteMessage[] {
    const those = [...this.#unfinished.values()].filter(({ handset }) => handset === handsetKey(to));
    return those.map(({ from, reference, total, byNumber }) => {
      return { from, reference, total, parts: [...byNumber.keys()].sort((a, b) => a - b) };
    });
  }

  /** All parts in order if `part` was the last that was missing, and tells what becomes of it, now or later. */
  add(part: ReceivedPart, rules: Behaviour['handsets'], onOutcome: OnOutcome): WholeMessage | undefined {
    const { concatenation } = part;
    if (concatenation === undefined) {
      onOutcome({ state: 'delivered' });
      return [part];
    }
    if (concatenation.total > rules.maxParts) {
      onOutcome(lost);
      return undefined;
    }
    const unfinished = this.#unfinished.get(keyOf(part)) ?? this.#begin(part, rules);
    if (unfinished.session !== undefined && unfinished.session !== part.short.session) this.#fail(unfinished);
    this.#keep(unfinished, part, onOutcome);
    if (unfinished.byNumber.size === unfinished.total) return this.#finish(unfinished);
    this.#forgetTooMany();
    return undefined;
  }

  /** Nothing more is told about `short`. */
  withdraw(short: ShortMessage): void {
    const awaited = this.#awaited.get(short);
    if (awaited === undefined) return;
    const { unfinished, part } = awaited;
    this.#awaited.delete(short);
    this.#takeOut(unfinished, part);
    if (unfinished.held.size === 0) this.#forget(unfinished);
  }

  /** Forgets all, without a word. */
  clear(): void {
    this.#awaited.clear();
    for (const unfinished of [...this.#unfinished.values()]) this.#forget(unfinished);
  }

  #begin(part: ReceivedPart, { parts }: Behaviour['handsets']): Unfinished {
    const unfinished: Unfinished = {
      key: keyOf(part),
      handset: handsetKey(part.short.to),
      from: part.short.from,
      reference: part.concatenation?.reference ?? 0,
      total: part.concatenation?.total ?? 1,
      session: parts.oneSession ? part.short.session : undefined,
      together: parts.oneSession || parts.withinMs !== null,
      byNumber: new Map(),
      held: new Set(),
      octets: 0,
      failed: false,
      // Each has its own: how long it may take is decided when it begins, whatever is played later.
      stopTimer: this.#clock.after(parts.withinMs ?? dayMs, () => this.#drop(unfinished)),
    };
    this.#unfinished.set(unfinished.key, unfinished);
    this.#order.push(unfinished);
    return unfinished;
  }

  #keep(unfinished: Unfinished, part: ReceivedPart, onOutcome: OnOutcome): void {
    const { byNumber, held, together, failed } = unfinished;
    const before = byNumber.get(numberOf(part));
    if (before !== undefined && !this.#awaited.has(before.short)) this.#takeOut(unfinished, before);
    byNumber.set(numberOf(part), part);
    held.add(part);
    this.#count(unfinished, octetsOf(part.short));
    if (together && !failed) this.#awaited.set(part.short, { unfinished, part, onOutcome });
    else onOutcome(failed ? lost : { state: 'delivered' });
  }

  #takeOut(unfinished: Unfinished, part: ReceivedPart): void {
    const { byNumber, held } = unfinished;
    held.delete(part);
    if (byNumber.get(numberOf(part)) === part) byNumber.delete(numberOf(part));
    this.#count(unfinished, -octetsOf(part.short));
  }

  #count(unfinished: Unfinished, octets: number): void {
    unfinished.octets += octets;
    this.#octets += octets;
  }

  #finish(unfinished: Unfinished): WholeMessage | undefined {
    if (!unfinished.failed) this.#tell(unfinished, { state: 'delivered' });
    this.#forget(unfinished);
    if (unfinished.failed) return undefined;
    const [first, ...others] = [...unfinished.byNumber].sort(([a], [b]) => a - b).map(([, part]) => part);
    return first === undefined ? undefined : [first, ...others];
  }

  #fail(unfinished: Unfinished): void {
    if (unfinished.failed) return;
    unfinished.failed = true;
    this.#tell(unfinished, lost);
  }

  #drop(unfinished: Unfinished): void {
    this.#forget(unfinished);
    this.#tell(unfinished, lost);
  }

  #tell({ held }: Unfinished, outcome: Outcome): void {
    for (const { short } of held) {
      const awaited = this.#awaited.get(short);
      this.#awaited.delete(short);
      awaited?.onOutcome(outcome);
    }
  }

  #forget(unfinished: Unfinished): void {
    unfinished.stopTimer();
    if (!this.#isHere(unfinished)) return;
    this.#unfinished.delete(unfinished.key);
    this.#octets -= unfinished.octets;
    if (this.#order.length < 2 * this.#unfinished.size + minOrder) return;
    this.#order.clear();
    for (const left of this.#unfinished.values()) this.#order.push(left);
  }

  #isHere(unfinished: Unfinished): boolean {
    return this.#unfinished.get(unfinished.key) === unfinished;
  }

  #forgetTooMany(): void {
    while (this.#unfinished.size > maxUnfinished || this.#octets > maxUnfinishedOctets) {
      const oldest = this.#order.shift();
      if (oldest === undefined) return;
      if (this.#isHere(oldest)) this.#drop(oldest);
    }
  }
}

function numberOf({ concatenation }: ReceivedPart): number {
  return concatenation?.part ?? 1;
}

function keyOf({ short, concatenation, joinedBy }: ReceivedPart): string {
  return JSON.stringify([short.from, handsetKey(short.to), concatenation?.reference, concatenation?.total, joinedBy]);
}
