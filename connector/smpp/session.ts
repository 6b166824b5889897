import type { Socket } from 'node:net';
import { toError } from '#contract/to-error.ts';
import { unreachable } from '#contract/unreachable.ts';
import type { Clock } from '../clock.ts';
import type { Pdu, UnnumberedPdu } from './codec/pdu.ts';
import { readPdu } from './codec/read.ts';
import { isResponse, responseOf } from './codec/tables.ts';
import { Deliveries, type DeliveriesOptions, type DeliverSm, deliverSmOf } from './deliveries.ts';
import { EarliestTimer } from './earliest-timer.ts';
import { createFramer } from './framer.ts';
import { heard, type Link, type LinkLimits, tick } from './link-timers.ts';
import { Outbox } from './outbox.ts';
import { PendingRequests, type RequestOutcome } from './pending.ts';
import type { EndReason, Retirement, SessionEnd } from './reconnect.ts';
import { esme } from './status.ts';
import { Waiting } from './waiting.ts';

export type BindCommand = 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver';
export type Request = UnnumberedPdu<
  BindCommand | 'submit_sm' | 'data_sm' | 'query_sm' | 'cancel_sm' | 'enquire_link' | 'unbind'
>;
type Response = UnnumberedPdu<
  'deliver_sm_resp' | 'data_sm_resp' | 'enquire_link_resp' | 'unbind_resp' | 'generic_nack'
>;

export interface SessionOptions extends DeliveriesOptions {
  /** An open connection. The session owns it from here and closes it. */
  readonly socket: Socket;
  readonly clock: Clock;
  /** `responseMs` is also how long the peer may take to finish a PDU that it began, and to read what is sent. */
  readonly link: LinkLimits;
  /** How long `request` waits for an answer, in ms. */
  readonly responseTimeoutMs: number;
  /** Something odd that was survived: a late response, a malformed PDU, a failing handler. */
  readonly onOddity: (what: string, fields: Record<string, unknown>) => void;
}

/** How long the peer may take to close after unbind, in ms. */
const closeWaitMs = 2_000;

/**
 * The session over one TCP connection; a new connection gets a new session.
 *
 *   binding    `bind` was not answered yet; only the bind may be requested
 *     -> bound      the bind was answered ESME_ROK
 *     -> unbinding  the peer sent unbind
 *   bound      requests are written, the link is watched
 *     -> unbinding  `unbind` was called, or the peer sent unbind
 *   unbinding  nothing new is written but answers; what still comes is handled until the socket closes
 *   ended      the socket is gone; every unanswered request was settled
 *
 * Each but `ended` goes there when the socket closes, the peer is silent or does not read, what comes is not SMPP, or
 * `close` was called: of a bind that was refused, and by `unbind` before there was one.
 */
type State =
  | { readonly kind: 'binding' }
  | { readonly kind: 'bound'; readonly link: Link }
  | { readonly kind: 'unbinding' }
  | { readonly kind: 'ended' };

const waysOut: Readonly<Record<State['kind'], readonly State['kind'][]>> = {
  binding: ['bound', 'unbinding', 'ended'],
  bound: ['bound', 'unbinding', 'ended'],
  unbinding: ['unbinding', 'ended'],
  ended: [],
};

export class Session {
  /** Resolves once, after every pending request was settled. Never rejects. */
  readonly ended: Promise<SessionEnd>;

  readonly #options: SessionOptions;
  readonly #pending = new PendingRequests();
  readonly #framer = createFramer();
  readonly #outbox: Outbox;
  readonly #deliveries: Deliveries;
  /** For the link's next step, the first overdue request and what is waited for. */
  readonly #timer: EarliestTimer;
  /** For the rest of a PDU. */
  readonly #rest: Waiting;
  /** For the peer to read. */
  readonly #drain: Waiting;
  readonly #resolveEnded: (end: SessionEnd) => void;
  #state: State = { kind: 'binding' };
  /** Of the requests of the outbox's turn. */
  #deadline = { turn: -1, at: 0 };
  /** Why the session is being closed by us; the socket's own end otherwise. */
  #closing: SessionEnd | undefined;
  #cancelCloseWait: (() => void) | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<SessionEnd>();
    this.ended = promise;
    this.#resolveEnded = resolve;
    const { socket, clock, link } = options;
    this.#outbox = new Outbox(socket, () => this.#onBlocked());
    this.#deliveries = new Deliveries(options, () => this.#closeIfSettled());
    this.#timer = new EarliestTimer(clock, () => this.#onTimer());
    this.#rest = new Waiting(link.responseMs);
    this.#drain = new Waiting(link.responseMs);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', (cause) => this.#end('socket', cause));
    socket.on('drain', () => this.#onDrain());
    socket.on('close', () => this.#onClose());
    if (socket.closed) this.#onClose();
  }

  get bound(): boolean {
    return this.#state.kind === 'bound';
  }

  /** Sends the bind. The session is bound when the outcome is an answer of ESME_ROK. */
  bind(pdu: UnnumberedPdu<BindCommand>): Promise<RequestOutcome> {
    return this.#write(pdu);
  }

  /** Rejects with `InvalidPduError` when `pdu` cannot be written; then nothing was. */
  request(pdu: Request): Promise<RequestOutcome> {
    return this.#state.kind === 'bound' ? this.#write(pdu) : Promise.resolve({ kind: 'not-written' });
  }

  /** Unbinds and closes, as `why`; resolves when the session has ended, after `closeWaitMs` at the latest. */
  async unbind(why: 'unbound' | Retirement = 'unbound'): Promise<void> {
    if (this.#state.kind === 'bound') {
      this.#closing ??= { kind: 'ended', why };
      void this.#write({ command: 'unbind', commandStatus: 0, tlvs: [] });
      this.#enter({ kind: 'unbinding' });
      this.#limitClosing();
    } else if (this.#state.kind === 'binding') {
      this.close({ kind: 'ended', why });
    }
    await this.ended;
  }

  /** Closes at once, as `end`. */
  close(end: SessionEnd): void {
    this.#closing ??= end;
    this.#options.socket.destroy();
  }

  /** The one writer of `#state`. */
  #enter(next: State): void {
    const from = this.#state.kind;
    if (!waysOut[from].includes(next.kind)) throw new Error(`a session cannot go from ${from} to ${next.kind}`);
    this.#state = next;
  }

  #write(pdu: Request): Promise<RequestOutcome> {
    if (!this.#options.socket.writable) return Promise.resolve({ kind: 'not-written' });
    return new Promise((settle) => {
      const deadline = this.#deadlineOfTurn();
      const sequenceNumber = this.#pending.nextSequence();
      const ticket = this.#outbox.write(pdu, sequenceNumber);
      this.#pending.add({ sequenceNumber, answeredBy: responseOf(pdu.command), deadline, ticket, settle });
    });
  }

  /** One look at the clock is enough for all requests that go out together. */
  #deadlineOfTurn(): number {
    const { turn } = this.#outbox;
    if (turn !== this.#deadline.turn) {
      this.#deadline = { turn, at: this.#options.clock.monotonic() + this.#options.responseTimeoutMs };
      this.#timer.arm(this.#deadline.at);
    }
    return this.#deadline.at;
  }

  #answer(to: Pdu, response: Response): boolean {
    const { socket } = this.#options;
    if (this.#state.kind === 'ended' || !socket.writable) return false;
    this.#outbox.write(response, to.sequenceNumber);
    // A peer that sends and does not read would fill the memory with answers: it is not read either until it does.
    if (socket.writableNeedDrain) {
      socket.pause();
      // The rest of a PDU cannot come to who does not read.
      this.#rest.stop();
    }
    return true;
  }

  #onBlocked(): void {
    if (this.#options.socket.writable) this.#timer.arm(this.#drain.start(this.#options.clock.monotonic()));
  }

  #onDrain(): void {
    this.#drain.stop();
    this.#outbox.flush();
    this.#options.socket.resume();
    this.#waitForRest();
    this.#closeIfSettled();
  }

  #waitForRest(): void {
    if (this.#framer.pendingOctets > 0) this.#timer.arm(this.#rest.start(this.#options.clock.monotonic()));
  }

  #onData(chunk: Buffer): void {
    const { clock, onOddity } = this.#options;
    try {
      let pdus = 0;
      for (const frame of this.#framer.push(chunk)) {
        pdus += 1;
        this.#onPdu(readPdu(frame));
      }
      if (pdus > 0) this.#onHeard(clock.monotonic());
      if (!this.#options.socket.isPaused()) this.#waitForRest();
    } catch (cause) {
      const error = toError(cause);
      onOddity('connection closed for what came', { error: error.message });
      this.#end('protocol', error);
    }
  }

  /** Whole PDUs came: the peer is there, and what it began is another one now. */
  #onHeard(now: number): void {
    this.#rest.stop();
    if (this.#state.kind === 'bound') this.#enter({ kind: 'bound', link: heard(now) });
  }

  #onPdu(pdu: Pdu): void {
    if (pdu.flaws.length > 0) this.#options.onOddity('malformed PDU', { command: pdu.command, flaws: pdu.flaws });
    if (isResponse(pdu)) this.#onResponse(pdu);
    else this.#onRequest(pdu);
  }

  #onResponse(pdu: Pdu): void {
    if (pdu.command === 'unknown' || !this.#pending.answer(pdu)) {
      const { command, sequenceNumber } = pdu;
      this.#options.onOddity('response to no request', { command, sequenceNumber });
    } else if (this.#state.kind === 'binding') {
      this.#onBindAnswer(pdu);
    } else {
      this.#closeIfSettled();
    }
  }

  /** At once: whatever else comes with a refusal, it was one. */
  #onBindAnswer({ command, commandStatus }: Pdu): void {
    if (commandStatus === esme.ROK && command !== 'generic_nack') this.#onBound(this.#options.clock.monotonic());
    else this.close({ kind: 'refused', commandStatus });
  }

  #onBound(now: number): void {
    this.#enter({ kind: 'bound', link: heard(now) });
    this.#timer.arm(now + this.#options.link.idleMs);
  }

  #onRequest(pdu: Pdu): void {
    switch (pdu.command) {
      case 'enquire_link':
        this.#answer(pdu, { command: 'enquire_link_resp', commandStatus: esme.ROK, tlvs: [] });
        return;
      case 'unbind':
        this.#onUnbind(pdu);
        return;
      case 'deliver_sm':
        this.#onDelivery(pdu, 'deliver_sm_resp');
        return;
      case 'data_sm':
        this.#onDelivery(deliverSmOf(pdu), 'data_sm_resp');
        return;
      case 'alert_notification':
      case 'outbind':
        // SMPP 3.4 has no response to them (quirk 66).
        this.#options.onOddity('request that is not served', { command: pdu.command });
        return;
      default:
        this.#options.onOddity('request that is not served', {
          command: pdu.command,
          sequenceNumber: pdu.sequenceNumber,
        });
        this.#answer(pdu, { command: 'generic_nack', commandStatus: esme.RINVCMDID, tlvs: [] });
    }
  }

  #onUnbind(pdu: Pdu): void {
    this.#closing ??= { kind: 'ended', why: 'unbound' };
    this.#answer(pdu, { command: 'unbind_resp', commandStatus: esme.ROK, tlvs: [] });
    if (this.#state.kind !== 'ended') this.#enter({ kind: 'unbinding' });
    this.#limitClosing();
    this.#closeIfSettled();
  }

  #onDelivery(pdu: DeliverSm, command: 'deliver_sm_resp' | 'data_sm_resp'): void {
    const respond = (commandStatus: number) => this.#answer(pdu, { command, commandStatus, messageId: '', tlvs: [] });
    // What is cut short would be cut short again: a status on which the SMSC does not send it again.
    if (pdu.incomplete) respond(esme.RINVCMDLEN);
    else this.#deliveries.take(pdu, respond);
  }

  #onTimer(): void {
    const now = this.#options.clock.monotonic();
    const isUnwrittenOverdue = this.#pending.settleExpired(now, (ticket) => this.#outbox.wasHandedOver(ticket));
    if (isUnwrittenOverdue || this.#drain.isOver(now)) {
      this.#end('peer-not-reading');
    } else if (this.#rest.isOver(now)) {
      const missing = `only ${this.#framer.pendingOctets} octets of a PDU came in ${this.#options.link.responseMs} ms`;
      this.#end('protocol', new Error(missing));
    } else {
      if (this.#state.kind === 'bound') this.#watchLink(tick(this.#state.link, this.#options.link, now));
      for (const due of [this.#pending.nextDeadline(), this.#rest.due, this.#drain.due]) {
        if (due !== undefined) this.#timer.arm(due);
      }
    }
  }

  #watchLink(step: ReturnType<typeof tick>): void {
    switch (step.do) {
      case 'wait':
        this.#timer.arm(step.untilMs);
        return;
      case 'send-enquire-link':
        this.#enter({ kind: 'bound', link: step.link });
        void this.#write({ command: 'enquire_link', commandStatus: 0, tlvs: [] });
        this.#timer.arm(this.#options.clock.monotonic() + this.#options.link.responseMs);
        return;
      case 'close':
        this.#end('peer-silent');
        return;
      default:
        unreachable(step);
    }
  }

  /** What awaits an answer on either side still gets it: a window that is cut off is a window that is sent again. */
  #closeIfSettled(): void {
    if (this.#state.kind !== 'unbinding' || this.#pending.size > 0 || this.#deliveries.size > 0) return;
    this.#outbox.flush();
    // Else once the peer has read more; `#limitClosing` sees to it that it does.
    if (this.#outbox.isEmpty) this.#options.socket.end();
  }

  /** For a peer that does not close; counted from the first unbind, however often it says so. */
  #limitClosing(): void {
    this.#cancelCloseWait ??= this.#options.clock.after(closeWaitMs, () => this.#options.socket.destroy());
  }

  #end(why: EndReason, cause?: Error): void {
    this.close({ kind: 'ended', why, ...(cause && { cause }) });
  }

  #onClose(): void {
    // A socket that was destroyed before it came here is closed, and says so once more.
    if (this.#state.kind === 'ended') return;
    this.#enter({ kind: 'ended' });
    this.#timer.cancel();
    this.#cancelCloseWait?.();
    if (this.#framer.pendingOctets > 0) {
      this.#options.onOddity('connection closed within a PDU', { octets: this.#framer.pendingOctets });
    }
    this.#pending.settleAll((ticket) => this.#outbox.wasHandedOver(ticket));
    this.#resolveEnded(this.#closing ?? { kind: 'ended', why: 'socket' });
  }
}
