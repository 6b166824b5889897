import type { CarrierProfile } from '#contract/carrier.ts';
import type { ConnectorEvent, MessageEvent } from '#contract/connector-events.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { unreachable } from '#contract/unreachable.ts';
import { type BackoffOptions, backoffMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import { eventIds } from './event-ids.ts';
import type { Log } from './log.ts';
import type { Meters } from './meters.ts';
import type { OutcomeTable, Verdict } from './outcome.ts';
import type { HeldMessage } from './queue/lane.ts';
import { InvalidPduError } from './smpp/errors.ts';
import type { RequestOutcome } from './smpp/pending.ts';
import { commandStatusText } from './smpp/status.ts';
import { type SubmitSm, submitSmsOf } from './smpp/submit-sm.ts';
import type { SubmitSlot, Transceiver } from './smpp/transceiver.ts';
import { validityPeriod } from './smpp/validity-period.ts';

export interface SendSmsDeps {
  readonly carrier: CarrierProfile;
  readonly outcomes: OutcomeTable;
  readonly transceiver: Pick<Transceiver, 'acquire'>;
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

/** What became of one segment; `accepted` alone lets the next one go. */
type SegmentEnd = Fate | { readonly kind: 'accepted' };

/** SMPP 3.4 says 65 octets, some SMSCs give more (quirk 5); what is longer still is no id but a fault. */
const longestMessageId = 255;

/** How long a message waits in memory, with its place in the lane, before it is tried again. */
const memoryBackoff: BackoffOptions = { firstDelayMs: 500, maxDelayMs: 30_000 };
/** After these the message waits in the queue, where it holds up nobody but its own group: a minute is over. */
const attemptsInMemory = 7;
/** Waits in the queue: doubling with each receive. Less is waited for in memory. */
const deferral = { firstMs: 60_000, maxMs: 15 * 60_000 };
/** By how much of itself a wait that the carrier's profile sets is longer at the most, so that not all end at once. */
const jitter = 0.1;

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
  readonly #recording: Promise<void>[] = [];
  /** Aborts when it is to wait for nothing more. */
  readonly #stop = new AbortController();
  #slot: SubmitSlot | undefined;
  /** A submit_sm is on its way: its answer is waited for, whatever else. */
  #isWritten = false;
  #draining = false;
  #mayBeDuplicate: boolean;
  #claimed = false;
  #accepted = 0;

  constructor(sms: OutboundSms, held: HeldMessage, deps: SendSmsDeps) {
    this.#sms = sms;
    this.#held = held;
    this.#deps = deps;
    this.#validUntil = Date.parse(sms.validUntil);
    this.#mayBeDuplicate = held.receiveCount > 1;
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
      await Promise.all(this.#recording);
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
      const segments = submitSmsOf(this.#sms, this.#deps.carrier);
      for (const [index, pdu] of segments.entries()) {
        const end = await this.#sendSegment(pdu, index + 1, segments.length);
        if (end.kind !== 'accepted') return end;
        this.#accepted += 1;
      }
    } catch (cause) {
      if (!(cause instanceof InvalidPduError)) throw cause;
      this.#record({ type: 'unsendable', id: eventIds.unsendable(this.#sms.id), reason: cause.message });
    }
    return { kind: 'finished' };
  }

  async #sendSegment(pdu: SubmitSm, segment: number, segments: number): Promise<SegmentEnd> {
    // One that comes back again and again is tried less often each time.
    for (let attempt = this.#held.receiveCount; !this.#stop.signal.aborted; attempt += 1) {
      const outcome = await this.#submit(pdu);
      if (outcome.kind !== 'answered' && outcome.kind !== 'unanswered' && outcome.kind !== 'not-written')
        return outcome;
      const verdict = this.#deps.outcomes.verdictOn(outcome, this.#sms.guarantee);
      this.#tell(verdict, outcome);
      switch (verdict.kind) {
        case 'sent':
          this.#recordAnswer('submitted', outcome, segment, segments);
          return { kind: 'accepted' };
        case 'reject':
          this.#recordAnswer('rejected', outcome, segment, segments);
          return { kind: 'finished' };
        case 'unknown':
          return { kind: 'unknown' };
        case 'slow-down':
        case 'hold':
        case 'stop-bind':
        case 'retry': {
          this.#noteRetry(outcome, segment, attempt);
          if (this.#draining) this.drain();
          const deferred = await this.#wait(verdict, attempt);
          if (deferred !== undefined) return deferred;
          break;
        }
        default:
          unreachable(verdict);
      }
    }
    return this.#stopped();
  }

  /** Those who keep count, and the place in the window, hear what came of a submit_sm. */
  #tell(verdict: Verdict, outcome: RequestOutcome): void {
    const { meters, onAccepted } = this.#deps;
    if (outcome.kind === 'unanswered') meters.count('submitsUnanswered');
    switch (verdict.kind) {
      case 'sent':
        meters.count('submitsSent');
        this.#slot?.accepted();
        onAccepted();
        break;
      case 'reject':
        meters.count('submitsRejected');
        break;
      case 'slow-down':
        meters.count('submitsThrottled');
        this.#slot?.throttled();
        break;
      case 'stop-bind':
        meters.count('submitsRetried');
        this.#slot?.refused();
        break;
      case 'retry':
        meters.count('submitsRetried');
        break;
      case 'hold':
      case 'unknown':
        break;
      default:
        unreachable(verdict);
    }
  }

  /** Waits for the next attempt, or says that this should happen in the queue. */
  async #wait(verdict: Verdict, attempt: number): Promise<Fate | undefined> {
    this.#freeSlot();
    // The next place in the window comes after the carrier's pause.
    if (verdict.kind === 'slow-down') return undefined;
    const { clock, random } = this.#deps;
    const setMs = verdict.kind === 'retry' ? verdict.afterMs : undefined;
    const ofMessage = verdict.kind === 'retry' || verdict.kind === 'stop-bind';
    // A message with an accepted segment stays: whoever received it next would send that segment again.
    const mayBeDeferred = ofMessage && !this.#claimed && this.#accepted === 0 && !this.#stop.signal.aborted;
    const delayMs = setMs === undefined ? undefined : setMs * (1 + random() * jitter);
    if (mayBeDeferred && delayMs !== undefined && delayMs > deferral.firstMs) return { kind: 'deferred', delayMs };
    if (mayBeDeferred && delayMs === undefined && attempt >= attemptsInMemory) {
      const ceilingMs = Math.min(deferral.maxMs, deferral.firstMs * 2 ** (this.#held.receiveCount - 1));
      return { kind: 'deferred', delayMs: ceilingMs / 2 + Math.floor((random() * ceilingMs) / 2) };
    }
    await clock.sleep(delayMs ?? backoffMs(attempt, memoryBackoff, random), this.#stop.signal);
    return undefined;
  }

  /** One attempt: its outcome, or why there was none. */
  async #submit(pdu: SubmitSm): Promise<RequestOutcome | Fate> {
    const { transceiver } = this.#deps;
    const { signal } = this.#stop;
    this.#slot ??= await transceiver.acquire(this.#sms.priority, signal);
    const slot = this.#slot;
    if (slot === undefined) return this.#stopped();
    this.#held.begin();
    if (this.#sms.guarantee === 'at-most-once' && !this.#claimed) {
      const obstacle = this.#obstacle();
      if (obstacle !== undefined) return obstacle;
      await this.#claim();
    }
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
    if (this.#accepted === 0) meters.sample(queueToSubmit[priority], Math.max(0, now - Date.parse(acceptedAt)));
    this.#isWritten = true;
    const period = validityPeriod(carrier.validityPeriod, this.#validUntil, now);
    const outcome = await slot.submit({ ...pdu, validityPeriod: period });
    this.#isWritten = false;
    if (outcome.kind !== 'not-written') meters.count('submits');
    if (outcome.kind === 'answered') meters.sample('submitLatency', clock.monotonic() - writtenAt);
    if (outcome.kind === 'unanswered') this.#mayBeDuplicate = true;
    return outcome;
  }

  #isOver(): boolean {
    return this.#deps.clock.now() >= this.#validUntil;
  }

  /** It may not go on: because its validity is over, or because it has to stop. */
  #stopped(): Fate {
    if (this.#isOver()) {
      this.#recordExpired();
      return { kind: 'finished' };
    }
    // What another process would begin anew, for at-most-once, must not be a message that has begun.
    return { kind: this.#claimed && this.#accepted > 0 ? 'unknown' : 'stopped' };
  }

  #freeSlot(): void {
    this.#slot?.release();
    this.#slot = undefined;
  }

  /** Durable and deleted, and the delete confirmed, before the first octet: no other process can send it too. */
  async #claim(): Promise<void> {
    if (this.#claimed) return;
    this.#record({ type: 'sending', id: eventIds.sending(this.#sms.id) });
    await Promise.all(this.#recording);
    await this.#deps.deleteMessage(this.#held);
    this.#claimed = true;
  }

  /** Of a message that the SMSC may have accepted it must not be said that it was not sent. */
  #recordExpired(): void {
    const possiblySubmitted = this.#mayBeDuplicate;
    this.#deps.meters.count('messagesExpired');
    this.#record({
      type: 'expired',
      id: eventIds.expired(this.#sms.id, possiblySubmitted),
      ...(possiblySubmitted && { possiblySubmitted }),
    });
  }

  #recordAnswer(type: 'submitted' | 'rejected', outcome: RequestOutcome, segment: number, segments: number): void {
    if (outcome.kind !== 'answered') return;
    const { id } = this.#sms;
    const { commandStatus } = outcome.response;
    const ofSegment = { segment, segments, commandStatus, commandStatusText: commandStatusText(commandStatus) };
    if (type === 'rejected') {
      this.#record({ type, id: eventIds.rejected(id, segment, commandStatus), ...ofSegment });
      return;
    }
    const smscMessageId = 'messageId' in outcome.response ? outcome.response.messageId.slice(0, longestMessageId) : '';
    const possibleDuplicate = this.#mayBeDuplicate;
    this.#record({
      type,
      id: eventIds.submitted(id, segment, smscMessageId, possibleDuplicate),
      ...ofSegment,
      smscMessageId,
      possibleDuplicate,
      receiptExpected: this.#sms.receipt,
    });
  }

  #record(event: WithoutBase<MessageEvent>): void {
    const { carrier, record, clock } = this.#deps;
    const recording = record({
      ...event,
      carrier: carrier.name,
      time: new Date(clock.now()).toISOString(),
      messageId: this.#sms.id,
      clientId: this.#sms.clientId,
    });
    // `run` awaits it; until then a rejection must not count as unhandled.
    recording.catch(() => {});
    this.#recording.push(recording);
  }

  #noteRetry(outcome: RequestOutcome, segment: number, attempt: number): void {
    const because = outcome.kind === 'answered' ? commandStatusText(outcome.response.commandStatus) : describe(outcome);
    this.#deps.log.debug('segment is tried again', { messageId: this.#sms.id, segment, attempt, because });
  }
}

function describe(outcome: Exclude<RequestOutcome, { kind: 'answered' }>): string {
  return outcome.kind === 'unanswered' ? `no answer (${outcome.why})` : 'not written';
}

type WithoutBase<Event> = Event extends MessageEvent
  ? Omit<Event, 'carrier' | 'time' | 'messageId' | 'clientId'>
  : never;
