import type { CarrierProfile } from '#contract/carrier.ts';
import type { ConnectorEvent, MessageEvent } from '#contract/connector-events.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { unreachable } from '#contract/unreachable.ts';
import { type BackoffOptions, backoffMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import { eventIds } from './event-ids.ts';
import type { Log } from './log.ts';
import { verdictOn } from './outcome.ts';
import type { HeldMessage } from './queue/lane.ts';
import { InvalidPduError } from './smpp/errors.ts';
import type { RequestOutcome } from './smpp/pending.ts';
import { commandStatusText } from './smpp/status.ts';
import { type SubmitSm, submitSmsOf } from './smpp/submit-sm.ts';
import type { Transceiver } from './smpp/transceiver.ts';

export interface SendSmsDeps {
  readonly carrier: CarrierProfile;
  readonly transceiver: Pick<Transceiver, 'acquire'>;
  /** Resolves when the event is durable; rejects only when the process gives up while draining. */
  readonly record: (event: ConnectorEvent) => Promise<void>;
  /** Resolves when SQS confirmed that the message is deleted. */
  readonly deleteMessage: (held: HeldMessage) => Promise<void>;
  /** The SMSC accepted a segment. */
  readonly onAccepted: () => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/**
 *   finished  its end is durable in the events queue: the queue message can go
 *   stopped   draining came first; nothing is known that another process must know
 *   deferred  it is to be tried again after a while, by whoever receives it then
 *   unknown   at-most-once, written and unanswered: `settle-due` will call it uncertain
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
/** Waits in the queue: doubling with each receive. */
const deferral = { firstMs: 60_000, maxMs: 15 * 60_000 };

/** A submit_sm is written only if its answer, and then some, fits into what is left of the visibility. */
const visibilityMarginMs = 5_000;

/**
 * Sends one message, segment by segment, and records what happens to it. A segment that was accepted is
 * not sent again; one that was refused for now, or (at-least-once) not answered, is tried again until
 * the validity ends.
 */
export class SendSms {
  readonly #sms: OutboundSms;
  readonly #held: HeldMessage;
  readonly #deps: SendSmsDeps;
  readonly #recording: Promise<void>[] = [];
  #mayBeDuplicate: boolean;
  #claimed = false;
  #accepted = 0;

  constructor(sms: OutboundSms, held: HeldMessage, deps: SendSmsDeps) {
    this.#sms = sms;
    this.#held = held;
    this.#deps = deps;
    this.#mayBeDuplicate = held.receiveCount > 1;
  }

  /** At-most-once: the queue message is deleted, this process alone has the message. */
  get claimed(): boolean {
    return this.#claimed;
  }

  /** Resolves when the message's fate is known and durable. Rejects when an event could not be made durable. */
  async run(stop: AbortSignal): Promise<Fate> {
    const fate = await this.#sendAll(stop);
    await Promise.all(this.#recording);
    return fate;
  }

  async #sendAll(stop: AbortSignal): Promise<Fate> {
    try {
      const segments = submitSmsOf(this.#sms);
      for (const [index, pdu] of segments.entries()) {
        const end = await this.#sendSegment(pdu, index + 1, segments.length, stop);
        if (end.kind !== 'accepted') return end;
        this.#accepted += 1;
      }
    } catch (cause) {
      if (!(cause instanceof InvalidPduError)) throw cause;
      this.#record({ type: 'unsendable', id: eventIds.unsendable(this.#sms.id), reason: cause.message });
    }
    return { kind: 'finished' };
  }

  async #sendSegment(pdu: SubmitSm, segment: number, segments: number, stop: AbortSignal): Promise<SegmentEnd> {
    const { carrier } = this.#deps;
    // One that comes back again and again is tried less often each time.
    for (let attempt = this.#held.receiveCount; !stop.aborted; attempt += 1) {
      const outcome = await this.#submit(pdu, stop);
      if (outcome.kind !== 'answered' && outcome.kind !== 'unanswered' && outcome.kind !== 'not-written')
        return outcome;
      const verdict = verdictOn(outcome, this.#sms.guarantee, carrier);
      switch (verdict) {
        case 'sent':
          this.#deps.onAccepted();
          this.#recordAnswer('submitted', outcome, segment, segments);
          return { kind: 'accepted' };
        case 'reject':
          this.#recordAnswer('rejected', outcome, segment, segments);
          return { kind: 'finished' };
        case 'unknown':
          return { kind: 'unknown' };
        case 'hold':
        case 'retry': {
          this.#noteRetry(outcome, segment, attempt);
          const deferred = await this.#wait(verdict, attempt, stop);
          if (deferred !== undefined) return deferred;
          break;
        }
        default:
          unreachable(verdict);
      }
    }
    return { kind: 'stopped' };
  }

  /** Waits for the next attempt, or says that this should happen in the queue. */
  async #wait(verdict: 'hold' | 'retry', attempt: number, stop: AbortSignal): Promise<Fate | undefined> {
    const { clock, random } = this.#deps;
    // A message with an accepted segment stays: whoever received it next would send that segment again.
    const mayBeDeferred = verdict === 'retry' && !this.#claimed && this.#accepted === 0;
    if (mayBeDeferred && attempt >= attemptsInMemory) {
      const ceilingMs = Math.min(deferral.maxMs, deferral.firstMs * 2 ** (this.#held.receiveCount - 1));
      return { kind: 'deferred', delayMs: ceilingMs / 2 + Math.floor((random() * ceilingMs) / 2) };
    }
    await clock.sleep(backoffMs(attempt, memoryBackoff, random), stop);
    return undefined;
  }

  /** One attempt: its outcome, or why there was none. */
  async #submit(pdu: SubmitSm, stop: AbortSignal): Promise<RequestOutcome | Fate> {
    const slot = await this.#deps.transceiver.acquire(this.#sms.priority, stop);
    if (slot === undefined) return { kind: 'stopped' };
    try {
      if (this.#deps.clock.now() >= Date.parse(this.#sms.validUntil)) {
        this.#recordExpired();
        return { kind: 'finished' };
      }
      const remainingMs = this.#claimed ? Number.POSITIVE_INFINITY : this.#held.remainingMs();
      if (remainingMs <= 0) return { kind: 'lost' };
      // A later attempt finds more: the heartbeat extends it.
      if (remainingMs < this.#deps.carrier.responseTimeoutMs + visibilityMarginMs) return { kind: 'not-written' };
      if (this.#sms.guarantee === 'at-most-once') await this.#claim();
      return await slot.submit(pdu);
    } finally {
      slot.release();
    }
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
    if (outcome.kind === 'unanswered') this.#mayBeDuplicate = true;
    const because = outcome.kind === 'answered' ? commandStatusText(outcome.response.commandStatus) : describe(outcome);
    this.#deps.log.info('segment is tried again', { messageId: this.#sms.id, segment, attempt, because });
  }
}

function describe(outcome: Exclude<RequestOutcome, { kind: 'answered' }>): string {
  return outcome.kind === 'unanswered' ? `no answer (${outcome.why})` : 'not written';
}

type WithoutBase<Event> = Event extends MessageEvent
  ? Omit<Event, 'carrier' | 'time' | 'messageId' | 'clientId'>
  : never;
