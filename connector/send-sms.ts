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
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/**
 *   finished  its end is durable in the events queue: the queue message can go
 *   stopped   draining came first; nothing is known that another process must know
 *   unknown   at-most-once, written and unanswered: `settle-due` will call it uncertain
 *   lost      SQS may have given it to another process meanwhile: hands off
 */
export type Fate = 'finished' | 'stopped' | 'unknown' | 'lost';

/** What became of one segment; `accepted` alone lets the next one go. */
type SegmentEnd = 'accepted' | 'refused' | Exclude<Fate, 'finished'>;

/** SMPP 3.4 says 65 octets, some SMSCs give more (quirk 5); what is longer still is no id but a fault. */
const longestMessageId = 255;

const retryBackoff: BackoffOptions = { firstDelayMs: 500, maxDelayMs: 30_000 };

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
  /** The queue message is deleted before the first octet: its visibility is nobody's business any more. */
  readonly #deletedFirst: boolean;

  constructor(sms: OutboundSms, held: HeldMessage, deps: SendSmsDeps) {
    this.#sms = sms;
    this.#held = held;
    this.#deps = deps;
    this.#mayBeDuplicate = held.receiveCount > 1;
    this.#deletedFirst = sms.guarantee === 'at-most-once';
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
        if (end !== 'accepted') return end === 'refused' ? 'finished' : end;
      }
    } catch (cause) {
      if (!(cause instanceof InvalidPduError)) throw cause;
      this.#record({ type: 'unsendable', id: eventIds.unsendable(this.#sms.id), reason: cause.message });
    }
    return 'finished';
  }

  async #sendSegment(pdu: SubmitSm, segment: number, segments: number, stop: AbortSignal): Promise<SegmentEnd> {
    const { carrier, clock, random } = this.#deps;
    for (let attempt = 1; !stop.aborted; attempt += 1) {
      const outcome = await this.#submit(pdu, stop);
      if (typeof outcome === 'string') return outcome;
      const verdict = verdictOn(outcome, this.#sms.guarantee, carrier);
      switch (verdict) {
        case 'sent':
          this.#recordAnswer('submitted', outcome, segment, segments);
          return 'accepted';
        case 'reject':
          this.#recordAnswer('rejected', outcome, segment, segments);
          return 'refused';
        case 'unknown':
          return 'unknown';
        case 'retry':
          this.#noteRetry(outcome, segment, attempt);
          await clock.sleep(backoffMs(attempt, retryBackoff, random), stop);
          break;
        default:
          unreachable(verdict);
      }
    }
    return 'stopped';
  }

  /** One attempt: its outcome, or why there was none. */
  async #submit(pdu: SubmitSm, stop: AbortSignal): Promise<RequestOutcome | Exclude<SegmentEnd, 'accepted'>> {
    const slot = await this.#deps.transceiver.acquire(this.#sms.priority, stop);
    if (slot === undefined) return 'stopped';
    try {
      if (this.#deps.clock.now() >= Date.parse(this.#sms.validUntil)) {
        this.#record({ type: 'expired', id: eventIds.expired(this.#sms.id) });
        return 'refused';
      }
      const remainingMs = this.#remainingMs();
      if (remainingMs <= 0) return 'lost';
      // A later attempt finds more: the heartbeat extends it.
      if (remainingMs < this.#deps.carrier.responseTimeoutMs + visibilityMarginMs) return { kind: 'not-written' };
      return await slot.submit(pdu);
    } finally {
      slot.release();
    }
  }

  #remainingMs(): number {
    return this.#deletedFirst ? Number.POSITIVE_INFINITY : this.#held.remainingMs();
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
    this.#record({
      type,
      id: eventIds.submitted(id, segment, smscMessageId),
      ...ofSegment,
      smscMessageId,
      possibleDuplicate: this.#mayBeDuplicate,
      receiptExpected: true,
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
