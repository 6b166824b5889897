import type { Clock } from '../../../connector/clock.ts';
import { endingOf } from '../play/endings.ts';
import type { Stage } from '../play/stage.ts';
import { commandStatus, statusName } from '../sessions/command-status.ts';
import type { ReceivedPdu } from '../sessions/package-smpp.ts';
import { Admission } from './admission.ts';
import { Agenda } from './agenda.ts';
import type { Deliveries } from './deliveries.ts';
import { cancelled, queryAnswer } from './enquiries.ts';
import type { FinalState, Message, Notice } from './message.ts';
import { MessageIds } from './message-ids.ts';
import { MessageStore } from './message-store.ts';
import { Receipts } from './receipts.ts';
import type { Outcome, ShortMessage } from './short-message.ts';
import { readSubmission, type Submission } from './submission.ts';

/** A session, as far as it submits. */
export interface SubmittingSession {
  readonly number: number;
  readonly state: { readonly kind: string; readonly systemId?: string };
  /** Requests without a response, but for the one that is handled. */
  readonly unanswered: number;
  respond(
    request: ReceivedPdu,
    answer: {
      readonly status: number;
      readonly fields?: Record<string, unknown>;
      readonly withoutDelay?: boolean;
      /** Once, when the response was written or never will be. */
      readonly onWritten?: () => void;
    },
  ): void;
  end(by: 'RST'): void;
}

/** Where messages go. */
export interface Network {
  /** Whether one more for this number can be stored. */
  hasRoomFor(to: string): boolean;
  receive(short: ShortMessage, onOutcome: (outcome: Outcome) => void): void;
  withdraw(short: ShortMessage): void;
}

export interface MessageCentreOptions {
  readonly stage: Stage;
  readonly handsets: Network;
  readonly deliveries: Pick<Deliveries, 'deliver'>;
  readonly clock: Clock;
  readonly random: () => number;
  /** How many messages it remembers, beside those that are pending. */
  readonly keep: number;
  /** How many receipts may wait for their time; then its queue is full. @default 500,000 */
  readonly maxReceipts?: number;
  readonly onFault: (error: Error) => void;
}

interface Request {
  readonly pdu: ReceivedPdu;
  readonly session: SubmittingSession;
}

/** What becomes of messages: whether they are taken, when they are sent to their handset, and what is reported. */
export class MessageCentre {
  readonly #options: MessageCentreOptions;
  readonly #agenda: Agenda;
  readonly #admission: Admission;
  readonly #store: MessageStore;
  readonly #ids: MessageIds;
  readonly #receipts: Receipts;
  #submitted = 0;
  #accepted = 0;
  /** By command_status. */
  readonly #refused = new Map<number, number>();

  constructor(options: MessageCentreOptions) {
    this.#options = options;
    const store = new MessageStore(options.keep);
    const ids = new MessageIds({ ...options, isTaken: (messageId) => store.has(messageId) });
    this.#agenda = new Agenda(options.clock);
    this.#admission = new Admission(options);
    this.#store = store;
    this.#ids = ids;
    this.#receipts = new Receipts({
      ...options,
      agenda: this.#agenda,
      maxScheduled: options.maxReceipts ?? 500_000,
      strangerId: () => ids.fresh().receiptId,
    });
  }

  /** A submit_sm, data_sm, query_sm or cancel_sm. */
  handle(pdu: ReceivedPdu, session: SubmittingSession): void {
    switch (pdu.command) {
      case 'query_sm':
        session.respond(pdu, queryAnswer(pdu, systemIdOf(session), this.#store));
        break;
      case 'cancel_sm':
        this.#cancel({ pdu, session });
        break;
      default:
        this.#submit({ pdu, session });
    }
  }

  stats() {
    return {
      submitted: this.#submitted,
      accepted: this.#accepted,
      refused: Object.fromEntries([...this.#refused].map(([status, times]) => [statusName(status), times])),
      pending: this.#store.pending,
      receipts: this.#receipts.stats(),
    };
  }

  /** Nothing is sent to handsets, expires or is reported any more. */
  end(): void {
    this.#agenda.clear();
  }

  #submit(request: Request): void {
    this.#submitted++;
    const { pdu, session } = request;
    const submission = readSubmission(pdu, this.#options.stage.behaviour.submits);
    const systemId = systemIdOf(session);
    const decision = this.#admission.decide(submission, { systemId, unanswered: session.unanswered });
    const status = decision.kind === 'refused' ? decision.status : this.#queueStatus(submission);
    if (decision.kind === 'refused' || status !== commandStatus.ok) {
      this.#refused.set(status, (this.#refused.get(status) ?? 0) + 1);
      session.respond(pdu, { status });
      return;
    }
    this.#accepted++;
    const short: ShortMessage = {
      ...submission.content,
      ...this.#ids.of(submission.content),
      systemId,
      session: session.number,
      submittedAt: this.#options.clock.now(),
      expiresAt: decision.expiresAt,
    };
    const message = this.#store.add(short, this.#options.stage.behaviour.receipts.true);
    this.#process(message, request, decision.scheduledAt);
  }

  #queueStatus({ content }: Submission): number {
    const isFull = this.#store.isFull || this.#receipts.isFull || !this.#options.handsets.hasRoomFor(content.to);
    return isFull ? commandStatus.queueFull : commandStatus.ok;
  }

  #process(message: Message, request: Request, scheduledAt: number | undefined): void {
    const { beforeResponse } = this.#options.stage.behaviour.receipts;
    if (!message.hasTrueReceipts) {
      this.#notify(message, { state: 'delivered', err: '000', at: this.#options.clock.now() });
    }
    if (!beforeResponse) this.#answer(message, request);
    if (scheduledAt === undefined) this.#attempt(message);
    else this.#schedule(message, scheduledAt);
    if (beforeResponse) this.#reportAndAnswer(message, request);
  }

  /** The response, and then the receipts that are due by then. */
  #answer(message: Message, { pdu, session }: Request, withoutDelay = false): void {
    const onWritten = () => this.#release(message);
    const { response } = endingOf(message.short.to) ?? {};
    if (response === undefined) {
      const fields = { message_id: message.short.messageId };
      session.respond(pdu, { status: commandStatus.ok, fields, withoutDelay, onWritten });
      return;
    }
    if (response === 'reset') session.end('RST');
    onWritten();
  }

  /** The receipts that are due, and right after them the response. */
  #reportAndAnswer(message: Message, request: Request): void {
    const { reporting, short } = message;
    const notices = reporting.kind === 'held' ? reporting.notices : [];
    const wanted = notices.filter((notice) => this.#receipts.wants(short, notice));
    const last = wanted.pop();
    if (last === undefined) {
      this.#answer(message, request);
      return;
    }
    notices.length = 0;
    for (const notice of wanted) this.#receipts.plan(short, notice);
    this.#receipts.plan(short, last, () => this.#answer(message, request, true));
  }

  #schedule(message: Message, scheduledAt: number): void {
    const { clock } = this.#options;
    this.#store.schedule(message);
    if (scheduledAt >= message.short.expiresAt) {
      this.#expireInTime(message);
      return;
    }
    message.cancelTimer = this.#agenda.after(scheduledAt - clock.now(), () => {
      this.#store.attempt(message, '000');
      this.#attempt(message);
    });
  }

  #attempt(message: Message): void {
    message.cancelTimer = undefined;
    this.#options.handsets.receive(message.short, (outcome) => this.#learn(message, outcome));
    if (message.fate.kind !== 'final') this.#expireInTime(message);
  }

  #expireInTime(message: Message): void {
    const leftMs = Math.max(0, message.short.expiresAt - this.#options.clock.now());
    message.cancelTimer = this.#agenda.after(leftMs, () => this.#end(message, 'expired'));
  }

  #learn(message: Message, outcome: Outcome): void {
    const err = outcome.state === 'delivered' ? '000' : outcome.err;
    if (outcome.state === 'enroute') {
      this.#store.attempt(message, err);
      if (message.hasTrueReceipts) this.#notify(message, { state: 'enroute', err, at: this.#options.clock.now() });
    } else {
      this.#finish(message, outcome.state, err);
    }
  }

  /** Before it arrived. */
  #end(message: Message, state: 'expired' | 'deleted'): void {
    const { fate, short } = message;
    if (fate.kind === 'enroute') this.#options.handsets.withdraw(short);
    this.#finish(message, state, fate.kind === 'enroute' ? fate.err : '000');
  }

  #finish(message: Message, state: FinalState, err: string): void {
    message.cancelTimer?.();
    message.cancelTimer = undefined;
    const final = { state, err, at: this.#options.clock.now() };
    this.#store.finish(message, final);
    if (message.hasTrueReceipts) this.#notify(message, final);
  }

  #notify({ short, reporting }: Message, notice: Notice): void {
    if (reporting.kind === 'held') reporting.notices.push(notice);
    else if (reporting.kind === 'open' && this.#receipts.wants(short, notice)) this.#receipts.plan(short, notice);
  }

  /** The response is written: what was to be said after it can be said. */
  #release(message: Message): void {
    const { reporting } = message;
    message.reporting = { kind: 'open' };
    const notices = reporting.kind === 'held' ? reporting.notices : [];
    for (const notice of notices) this.#notify(message, notice);
  }

  #cancel({ pdu, session }: Request): void {
    const messages = cancelled(pdu, systemIdOf(session), this.#store);
    const status = messages.length > 0 ? commandStatus.ok : commandStatus.cancelFailed;
    session.respond(pdu, { status });
    for (const message of messages) this.#end(message, 'deleted');
  }
}

function systemIdOf({ state }: SubmittingSession): string {
  return state.systemId ?? '';
}
