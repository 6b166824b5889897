import type { Clock } from '../../../connector/clock.ts';
import { commandStatus, statusName } from '../command-status.ts';
import { endingOf } from '../play/endings.ts';
import type { Stage } from '../play/stage.ts';
import type { ReceivedPdu } from '../sessions/package-smpp.ts';
import { Admission } from './admission.ts';
import { Agenda } from './agenda.ts';
import { bodyFaultOf } from './body-fault.ts';
import type { Deliveries } from './deliveries.ts';
import { cancelled, queryAnswer } from './enquiries.ts';
import type { FinalState, Message, Notice } from './message.ts';
import { MessageIds } from './message-ids.ts';
import { MessageStore } from './message-store.ts';
import { Receipts } from './receipts.ts';
import type { Outcome, ShortMessage } from './short-message.ts';
import { readSubmission, type Submission } from './submission.ts';
import type { SubmittingSession } from './submitting-session.ts';

/** Of messages whose responses are still to come; then its queue is full. */
const maxUnansweredOctets = 128 * 1024 * 1024;

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

/** What is remembered, and what is still to come. */
interface Parts {
  readonly agenda: Agenda;
  readonly admission: Admission;
  readonly store: MessageStore;
  readonly ids: MessageIds;
  readonly receipts: Receipts;
  /** Those that were not given yet: each gives it. */
  readonly answers: Set<() => void>;
}

function partsOf(options: MessageCentreOptions): Parts {
  const agenda = new Agenda(options.clock);
  const store = new MessageStore(options.keep);
  const ids = new MessageIds({ ...options, isTaken: (messageId) => store.has(messageId) });
  const receipts = new Receipts({
    ...options,
    agenda,
    maxScheduled: options.maxReceipts ?? 500_000,
    strangerId: () => ids.fresh().receiptId,
  });
  return { agenda, admission: new Admission(options), store, ids, receipts, answers: new Set() };
}

/** What becomes of messages: whether they are taken, when they are sent to their handset, and what is reported. */
export class MessageCentre {
  readonly #options: MessageCentreOptions;
  #parts: Parts;
  #submitted = 0;
  #accepted = 0;
  #unansweredOctets = 0;
  /** By command_status. */
  readonly #refused = new Map<number, number>();

  constructor(options: MessageCentreOptions) {
    this.#options = options;
    this.#parts = partsOf(options);
  }

  /** A submit_sm, data_sm, query_sm or cancel_sm. */
  handle(pdu: ReceivedPdu, session: SubmittingSession): void {
    switch (pdu.command) {
      case 'query_sm':
        session.respond(pdu, queryAnswer(pdu, systemIdOf(session), this.#parts.store));
        break;
      case 'cancel_sm':
        this.#cancel({ pdu, session });
        break;
      case 'submit_sm':
      case 'data_sm':
        this.#submit({ pdu, session });
        break;
      default:
        throw new Error(`no messages come by ${pdu.command}`);
    }
  }

  stats() {
    return {
      submitted: this.#submitted,
      accepted: this.#accepted,
      refused: Object.fromEntries([...this.#refused].map(([status, times]) => [statusName(status), times])),
      pending: this.#parts.store.pending,
      receipts: this.#parts.receipts.stats(),
    };
  }

  /** Nothing is sent to handsets, expires or is reported any more. */
  end(): void {
    this.#parts.agenda.end();
  }

  /** As new: nothing is remembered, and what was still to come does not, but for responses, which come now. */
  reset(): void {
    this.end();
    const { answers } = this.#parts;
    this.#parts = partsOf(this.#options);
    for (const answer of answers) answer();
    this.#submitted = 0;
    this.#accepted = 0;
    this.#refused.clear();
  }

  #submit(request: Request): void {
    this.#submitted++;
    const { pdu, session } = request;
    const fault = bodyFaultOf(pdu);
    if (fault !== undefined) {
      this.#refuse(request, fault);
      return;
    }
    const submission = readSubmission(pdu, this.#options.stage.behaviour.submits);
    const systemId = systemIdOf(session);
    const decision = this.#parts.admission.decide(submission, { systemId, unanswered: session.unanswered });
    const status = decision.kind === 'refused' ? decision.status : this.#queueStatus(submission);
    if (decision.kind === 'refused' || status !== commandStatus.ok) {
      this.#refuse(request, status);
      return;
    }
    this.#accepted++;
    const short: ShortMessage = {
      ...submission.content,
      ...this.#parts.ids.of(submission.content),
      systemId,
      session: session.number,
      submittedAt: this.#options.clock.now(),
      expiresAt: decision.expiresAt,
    };
    const message = this.#parts.store.add(short, this.#options.stage.behaviour.receipts.true);
    this.#process(message, request, decision.scheduledAt);
  }

  #refuse({ pdu, session }: Request, status: number): void {
    this.#refused.set(status, (this.#refused.get(status) ?? 0) + 1);
    session.respond(pdu, { status });
  }

  #queueStatus({ content }: Submission): number {
    const isFull =
      this.#unansweredOctets > maxUnansweredOctets ||
      this.#parts.store.isFull ||
      this.#parts.receipts.isFull ||
      !this.#options.handsets.hasRoomFor(content.to);
    return isFull ? commandStatus.queueFull : commandStatus.ok;
  }

  #process(message: Message, request: Request, scheduledAt: number | undefined): void {
    const { beforeResponse, enroute } = this.#options.stage.behaviour.receipts;
    const now = this.#options.clock.now();
    if (enroute === 'before') this.#notify(message, { state: 'buffered', err: '000', at: now });
    if (!message.hasTrueReceipts) this.#notify(message, { state: 'delivered', err: '000', at: now });
    const answer = this.#answerTo(message, request);
    if (!beforeResponse) answer();
    if (scheduledAt === undefined) this.#attempt(message);
    else this.#schedule(message, scheduledAt);
    if (beforeResponse) this.#reportAnd(message, answer);
  }

  /** To be called once: the response, and then the receipts that are due by then. */
  #answerTo(message: Message, { pdu, session }: Request): () => void {
    const parts = this.#parts;
    const { length } = pdu.octets;
    this.#unansweredOctets += length;
    const onWritten = () => {
      this.#unansweredOctets -= length;
      // After a reset nothing is said of what was before.
      if (parts === this.#parts) this.#release(message);
    };
    const { response } = endingOf(message.short.to) ?? {};
    const fields = { message_id: message.short.messageId };
    const answer = () => {
      parts.answers.delete(answer);
      if (response === 'reset') session.end('RST');
      session.respond(pdu, { status: commandStatus.ok, fields, isMissing: response !== undefined, onWritten });
    };
    parts.answers.add(answer);
    return answer;
  }

  /** The receipts that are due, and right after them the response. */
  #reportAnd(message: Message, answer: () => void): void {
    const { reporting, short } = message;
    const notices = reporting.kind === 'held' ? reporting.notices : [];
    const wanted = notices.filter((notice) => this.#parts.receipts.wants(short, notice));
    const last = wanted.pop();
    if (last === undefined) {
      answer();
      return;
    }
    notices.length = 0;
    for (const notice of wanted) this.#parts.receipts.plan(short, notice);
    this.#parts.receipts.plan(short, last, answer);
  }

  #schedule(message: Message, scheduledAt: number): void {
    const { clock } = this.#options;
    this.#parts.store.schedule(message);
    if (scheduledAt >= message.short.expiresAt) {
      this.#expireInTime(message);
      return;
    }
    message.cancelTimer = this.#parts.agenda.after(scheduledAt - clock.now(), () => {
      this.#parts.store.attempt(message, '000');
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
    message.cancelTimer = this.#parts.agenda.after(leftMs, () => this.#end(message, 'expired'));
  }

  #learn(message: Message, outcome: Outcome): void {
    const err = outcome.state === 'delivered' ? '000' : outcome.err;
    if (outcome.state === 'enroute') {
      this.#parts.store.attempt(message, err);
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
    this.#parts.store.finish(message, final);
    if (message.hasTrueReceipts) this.#notify(message, final);
  }

  #notify({ short, reporting }: Message, notice: Notice): void {
    if (reporting.kind === 'held') reporting.notices.push(notice);
    else if (reporting.kind === 'open' && this.#parts.receipts.wants(short, notice))
      this.#parts.receipts.plan(short, notice);
  }

  /** The response is written: what was to be said after it can be said. */
  #release(message: Message): void {
    const { reporting } = message;
    message.reporting = { kind: 'open' };
    const notices = reporting.kind === 'held' ? reporting.notices : [];
    for (const notice of notices) this.#notify(message, notice);
  }

  #cancel({ pdu, session }: Request): void {
    const messages = cancelled(pdu, systemIdOf(session), this.#parts.store);
    const status = messages.length > 0 ? commandStatus.ok : commandStatus.cancelFailed;
    session.respond(pdu, { status });
    for (const message of messages) this.#end(message, 'deleted');
  }
}

function systemIdOf({ number, systemId }: SubmittingSession): string {
  if (systemId === undefined) throw new Error(`session ${number} is not bound`);
  return systemId;
}
