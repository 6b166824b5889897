import type { CarrierProfile } from '#contract/carrier.ts';
import type { ConnectorEvent } from '#contract/connector-events.ts';
import type { OutboundSms, Priority } from '#contract/outbound-sms.ts';
import { TooManySegmentsError, UnencodableTextError } from '#contract/text/encode-errors.ts';
import { toError } from '#contract/to-error.ts';
import { unreachable } from '#contract/unreachable.ts';
import { Attempts } from './attempts.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { MessageFacts, type SegmentNumber } from './message-facts.ts';
import type { Meters } from './meters.ts';
import type { OutcomeTable, Verdict } from './outcome.ts';
import type { GiveBack, Permits } from './permits.ts';
import type { HeldMessage } from './queue/lane.ts';
import { InvalidPduError } from './smpp/errors.ts';
import type { RequestOutcome } from './smpp/pending.ts';
import { commandStatusText } from './smpp/status.ts';
import { type Segment, type SubmitSm, submitSmsOf } from './smpp/submit-sm.ts';
import type { NameOfTag } from './smpp/tlvs-by-name.ts';
import type { SubmitSlot, Transceiver } from './smpp/transceiver.ts';
import { validityPeriod } from './smpp/validity-period.ts';

export interface SendSmsDeps {
  readonly carrier: CarrierProfile;
  readonly outcomes: OutcomeTable;
  readonly nameOfTag: NameOfTag;
  readonly transceiver: Pick<Transceiver, 'acquire' | 'untilNear'>;
  /** So many at-most-once messages of a priority are being made this process's alone, wait for their place or for an answer. */
  readonly claims: Readonly<Record<Priority, Permits>>;
  /** Resolves when the event is durable; rejects only when the process gives up while draining. */
  readonly record: (event: ConnectorEvent) => Promise<void>;
  /** Resolves when SQS confirmed that the message is deleted. */
  readonly deleteMessage: (held: HeldMessage) => Promise<void>;
  /** The SMSC accepted a segment. */
  readonly onAccepted: () => void;
  readonly meters: Pick<Meters, 'count' | 'sample'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/**
 *   finished  its end is durable in the events queue: the queue message can go
 *   stopped   it had to stop; nothing is known that another process must know
 *   deferred  it is to be tried again after a while, by whoever receives it then
 *   unknown   at-most-once, written and unanswered, or left between two segments: `settle-due` will call it uncertain
 *   lost      SQS may have given it to another process meanwhile: hands off
 */
export type Fate =
  | { readonly kind: 'finished' | 'stopped' | 'unknown' | 'lost' }
  | { readonly kind: 'deferred'; readonly delayMs: number };

/** The message itself is at fault, and each attempt would end so. */
const unsendable = [InvalidPduError, UnencodableTextError, TooManySegmentsError];

/** What became of one segment; `accepted` alone lets the next one go. */
type SegmentEnd = Fate | { readonly kind: 'accepted' };

/** A submit_sm is written only if its answer, and then some, fits into what is left of the visibility. */
const visibilityMarginMs = 5_000;

/** SQS keeps a message invisible for 12 h after it was received, and no longer. */
const longestHoldMs = 11 * 3_600_000;

const queueToSubmit = { urgent: 'urgentQueueToSubmit', normal: 'normalQueueToSubmit' } as const;

/**
 * Sends one message, segment by segment, and records what happens to it. A segment that was accepted is
 * not sent again; one that was refused for now, or (at-least-once) not answered, is tried again until
 * the validity ends.
 */
export class SendSms {
  readonly #sms: OutboundSms;
  readonly #held: HeldMessage;
  readonly #deps: SendSmsDeps;
  readonly #validUntil: number;
  readonly #facts: MessageFacts;
  /** Aborts when it is to wait for nothing more. */
  readonly #stop = new AbortController();
  #slot: SubmitSlot | undefined;
  /** Until it is accepted or its end, or waits for another reason than that the SMSC throttles. */
  #giveClaimBack: GiveBack | undefined;
  /** When the SMSC last told of it what may be meant of the carrier, by the monotonic clock. */
  #toldAt: { 'slow-down'?: number; 'stop-bind'?: number } = {};
  /** A submit_sm is on its way: its answer is waited for, whatever else. */
  #isWritten = false;
  #hasBegun = false;
  #draining = false;
  #mayBeDuplicate: boolean;
  #claimed = false;
  #accepted = 0;

  constructor(sms: OutboundSms, held: HeldMessage, deps: SendSmsDeps) {
    this.#sms = sms;
    this.#held = held;
    this.#deps = deps;
    this.#facts = new MessageFacts(sms, deps);
    this.#validUntil = Date.parse(sms.validUntil);
    // At-most-once it is nobody's else: who had it before would have deleted it before the first octet.
    this.#mayBeDuplicate = held.receiveCount > 1 && sms.guarantee !== 'at-most-once';
  }

  /** At-most-once: the queue message is deleted, this process alone has the message. */
  get claimed(): boolean {
    return this.#claimed;
  }

  /** Resolves when the message's fate is known and durable. Rejects when an event could not be made durable. */
  async run(): Promise<Fate> {
    try {
      return await this.#sendAll();
    } finally {
      this.#freeSlot();
      this.#giveClaimBack?.();
      await this.#facts.durable();
    }
  }

  /** Nothing is begun any more. A message that has begun goes on: half of it is of no use to anybody. */
  drain(): void {
    this.#draining = true;
    if (this.#accepted === 0 && !this.#isWritten) this.#stop.abort();
  }

  /** It waits for nothing more but the answer to what is written. */
  stop(): void {
    this.#stop.abort();
  }

  /** To be called now and then: a message that waits has to notice that its time is over. */
  look(): void {
    const heldMs = this.#claimed ? 0 : this.#deps.clock.monotonic() - this.#held.receivedAt;
    if (this.#isOver() || heldMs >= longestHoldMs) this.#stop.abort();
  }

  async #sendAll(): Promise<Fate> {
    try {
      for (const segment of submitSmsOf(this.#sms, this.#deps.carrier)) {
        const end = await this.#sendSegment(segment);
        if (end.kind !== 'accepted') return end;
        this.#accepted += 1;
      }
    } catch (cause) {
      if (!unsendable.some((kind) => cause instanceof kind)) throw cause;
      this.#facts.unsendable(toError(cause).message);
    }
    return { kind: 'finished' };
  }

  async #sendSegment({ pdu, ...number }: Segment): Promise<SegmentEnd> {
    const attempts = new Attempts(this.#held.receiveCount);
    while (!this.#stop.signal.aborted) {
      const outcome = await this.#submit(pdu);
      if (outcome.kind !== 'answered' && outcome.kind !== 'unanswered' && outcome.kind !== 'not-written')
        return outcome;
      const verdict = this.#weigh(this.#deps.outcomes.verdictOn(outcome, this.#sms.guarantee), outcome);
      const end = this.#conclude(verdict, outcome, number) ?? (await this.#waitAfter(verdict, attempts));
      if (end !== undefined) return end;
      this.#noteRetry(outcome, number);
    }
    return this.#stopped();
  }

  /** What is told of the carrier again and again of one message, while others pass, is told of the message. */
  #weigh(verdict: Verdict, outcome: RequestOutcome): Verdict {
    const { kind } = verdict;
    if (this.#slot === undefined || (kind !== 'slow-down' && kind !== 'stop-bind')) return verdict;
    const before = this.#toldAt[kind];
    this.#toldAt[kind] = this.#deps.clock.monotonic();
    const whose =
      kind === 'slow-down'
        ? this.#slot.throttled(this, before)
        : this.#slot.refused(before, new Error(describe(outcome)));
    if (whose === 'carrier') return verdict;
    // With nothing to compare it waits by itself, ever longer, but is not given back: it may be the carrier after all.
    return { kind: whose === 'message' ? 'retry' : 'hold' };
  }

  /** Those who keep count, the place in the window and the facts hear what came of a submit_sm. Undefined: it is to be sent again. */
  #conclude(verdict: Verdict, outcome: RequestOutcome, number: SegmentNumber): SegmentEnd | undefined {
    const { meters, onAccepted } = this.#deps;
    switch (verdict.kind) {
      case 'sent':
        meters.count('submitsSent');
        this.#slot?.accepted();
        this.#toldAt = {};
        onAccepted();
        if (outcome.kind === 'answered') this.#facts.submitted(number, outcome.response, this.#mayBeDuplicate);
        return { kind: 'accepted' };
      case 'reject':
        meters.count('submitsRejected');
        if (outcome.kind === 'answered') this.#facts.rejected(number, outcome.response);
        return { kind: 'finished' };
      case 'unknown':
        return { kind: 'unknown' };
      case 'slow-down':
        if (outcome.kind === 'answered') meters.count('submitsThrottled');
        return undefined;
      case 'stop-bind':
      case 'retry':
        if (outcome.kind === 'answered') meters.count('submitsRetried');
        return undefined;
      case 'hold':
        if (outcome.kind === 'answered') meters.count('submitsThrottled');
        return undefined;
      default:
        return unreachable(verdict);
    }
  }

  /** Waits for the next attempt, or says that this should happen in the queue. */
  async #waitAfter(verdict: Verdict, attempts: Attempts): Promise<Fate | undefined> {
    this.#freeSlot();
    if (verdict.kind !== 'slow-down') this.#giveClaimBack?.();
    if (this.#draining) this.drain();
    const { clock, random } = this.#deps;
    const leftMs = this.#validUntil - clock.now();
    // A message with an accepted segment stays: whoever received it next would send that segment again.
    const mayBeDeferred = this.#accepted === 0 && !this.#stop.signal.aborted;
    const { where, delayMs } = attempts.next(verdict, { mayBeDeferred, leftMs }, random);
    if (where === 'queue') return { kind: 'deferred', delayMs };
    if (delayMs > 0) await clock.sleep(delayMs, this.#stop.signal);
    return undefined;
  }

  /** One attempt: its outcome, or why there was none. */
  async #submit(pdu: SubmitSm): Promise<RequestOutcome | Fate> {
    const { transceiver } = this.#deps;
    const { signal } = this.#stop;
    const { priority, guarantee } = this.#sms;
    // What is worth nothing any more needs no place, nor its turn.
    if (this.#isOver()) return this.#stopped();
    const obstacle = guarantee === 'at-most-once' && !this.#claimed ? await this.#claim() : undefined;
    if (obstacle !== undefined) return obstacle;
    const throttled = this.#toldAt['slow-down'] !== undefined;
    this.#slot ??= await transceiver.acquire({ priority, claimed: this.#claimed, throttled }, signal);
    const slot = this.#slot;
    if (slot === undefined) return this.#stopped();
    this.#held.begin();
    if (!(await slot.turn(signal))) return this.#stopped();
    return this.#obstacle() ?? this.#write(slot, pdu);
  }

  /** Why nothing may be written now. */
  #obstacle(): RequestOutcome | Fate | undefined {
    if (this.#isOver()) return this.#stopped();
    const remainingMs = this.#claimed ? Number.POSITIVE_INFINITY : this.#held.remainingMs();
    if (remainingMs <= 0) return { kind: 'lost' };
    // A later attempt finds more: the heartbeat extends it.
    return remainingMs < this.#deps.carrier.responseTimeoutMs + visibilityMarginMs
      ? { kind: 'not-written' }
      : undefined;
  }

  async #write(slot: SubmitSlot, pdu: SubmitSm): Promise<RequestOutcome> {
    const { carrier, clock, meters } = this.#deps;
    const { priority, acceptedAt } = this.#sms;
    const now = clock.now();
    const writtenAt = clock.monotonic();
    if (!this.#hasBegun && this.#held.receiveCount === 1)
      meters.sample(queueToSubmit[priority], Math.max(0, now - Date.parse(acceptedAt)));
    this.#hasBegun = true;
    this.#isWritten = true;
    const period = validityPeriod(carrier.validityPeriod, this.#validUntil, now);
    const outcome = await slot.submit({ ...pdu, validityPeriod: period });
    this.#isWritten = false;
    if (outcome.kind !== 'not-written') meters.count('submits');
    if (outcome.kind === 'answered') meters.sample('submitLatency', clock.monotonic() - writtenAt);
    if (outcome.kind === 'unanswered') {
      meters.count('submitsUnanswered');
      this.#mayBeDuplicate = this.#sms.guarantee !== 'at-most-once';
    }
    return outcome;
  }

  #isOver(): boolean {
    return this.#deps.clock.now() >= this.#validUntil;
  }

  /** It may not go on: because its validity is over, or because it has to stop. */
  #stopped(): Fate {
    if (this.#isOver()) {
      this.#deps.meters.count('messagesExpired');
      this.#facts.expired(this.#mayBeDuplicate);
      return { kind: 'finished' };
    }
    // What another process would begin anew, for at-most-once, must not be a message that has begun.
    return { kind: this.#claimed && this.#accepted > 0 ? 'unknown' : 'stopped' };
  }

  #freeSlot(): void {
    this.#slot?.release();
    this.#slot = undefined;
  }

  /**
   * Durable and deleted, and the delete confirmed, before the first octet: no other process can send it too. Not before its turn is
   * near; but it has no place meanwhile, for the calls to SQS may take their time. Returns why it could not be, if so.
   */
  async #claim(): Promise<RequestOutcome | Fate | undefined> {
    const { claims, transceiver, deleteMessage } = this.#deps;
    const { priority } = this.#sms;
    const { signal } = this.#stop;
    this.#giveClaimBack?.();
    this.#giveClaimBack = await claims[priority].acquire(signal);
    if (this.#giveClaimBack === undefined || !(await transceiver.untilNear(signal))) return this.#stopped();
    this.#held.begin();
    const obstacle = this.#obstacle();
    if (obstacle !== undefined) return obstacle;
    this.#facts.sending();
    await this.#facts.durable();
    await deleteMessage(this.#held);
    this.#claimed = true;
    return undefined;
  }

  #noteRetry(outcome: RequestOutcome, { segment }: SegmentNumber): void {
    this.#deps.log.debug('segment is tried again', { messageId: this.#sms.id, segment, because: describe(outcome) });
  }
}

/** What came of a submit_sm, for people. */
function describe(outcome: RequestOutcome): string {
  switch (outcome.kind) {
    case 'answered':
      return commandStatusText(outcome.response.commandStatus);
    case 'unanswered':
      return outcome.why === 'timeout' ? 'no answer in time' : 'no answer before the session ended';
    case 'not-written':
      return 'not written';
    default:
      return unreachable(outcome);
  }
}
