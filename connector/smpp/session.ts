import type { Socket } from 'node:net';
import { toError } from '#contract/to-error.ts';
import type { Clock } from '../clock.ts';
import type { Pdu, UnnumberedPdu } from './codec/pdu.ts';
import { readPdu } from './codec/read.ts';
import { isResponse, responseOf } from './codec/tables.ts';
import { Deliveries, type DeliveriesOptions, type DeliverSm, deliverSmOf } from './deliveries.ts';
import { EarliestTimer } from './earliest-timer.ts';
import { createFramer } from './framer.ts';
import type { LinkLimits } from './link-timers.ts';
import { Outbox } from './outbox.ts';
import { PeerWatch } from './peer-watch.ts';
import { PendingRequests, type RequestOutcome } from './pending.ts';
import type { EndReason, Retirement, SessionEnd } from './reconnect.ts';
import { esme } from './status.ts';

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
  readonly link: LinkLimits;
  /** How long `request` waits for an answer, in ms. */
  readonly responseTimeoutMs: number;
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
type State = 'binding' | 'bound' | 'unbinding' | 'ended';

const waysOut: Readonly<Record<State, readonly State[]>> = {
  binding: ['bound', 'unbinding', 'ended'],
  bound: ['unbinding', 'ended'],
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
  /** For the first overdue request. */
  readonly #timer: EarliestTimer;
  readonly #watch: PeerWatch;
  readonly #resolveEnded: (end: SessionEnd) => void;
  #state: State = 'binding';
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
    this.#watch = new PeerWatch({
      clock,
      limits: link,
      ask: () => void this.#write({ command: 'enquire_link', commandStatus: 0, tlvs: [] }),
      onOver: (why, cause) => this.#end(why, cause),
    });
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', (cause) => this.#end('socket', cause));
    socket.on('drain', () => this.#onDrain());
    socket.on('close', () => this.#onClose());
    if (socket.closed) this.#onClose();
  }

  get bound(): boolean {
    return this.#state === 'bound';
  }

  /** When a PDU of the peer came last, while bound, on the clock that never steps. */
  get lastHeard(): number | undefined {
    return this.#watch.lastHeard;
  }

  /** Sends the bind. The session is bound when the outcome is an answer of ESME_ROK, which may take `timeoutMs`. */
  bind(pdu: UnnumberedPdu<BindCommand>, timeoutMs: number): Promise<RequestOutcome> {
    const deadline = this.#options.clock.monotonic() + timeoutMs;
    this.#timer.arm(deadline);
    return this.#write(pdu, () => deadline);
  }

  /** Rejects with `InvalidPduError` when `pdu` cannot be written; then nothing was. */
  request(pdu: Request): Promise<RequestOutcome> {
    return this.#state === 'bound' ? this.#write(pdu) : Promise.resolve({ kind: 'not-written' });
  }

  /** Unbinds and closes, as `why`; resolves when the session has ended, after `closeWaitMs` at the latest. */
  async unbind(why: 'unbound' | Retirement = 'unbound', cause?: Error): Promise<void> {
    const end: SessionEnd = { kind: 'ended', why, ...(cause && { cause }) };
    if (this.#state === 'bound') {
      this.#closing ??= end;
      void this.#write({ command: 'unbind', commandStatus: 0, tlvs: [] });
      this.#enter('unbinding');
      this.#limitClosing();
    } else if (this.#state === 'binding') {
      this.close(end);
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
    if (!waysOut[this.#state].includes(next)) throw new Error(`a session cannot go from ${this.#state} to ${next}`);
    this.#state = next;
    if (next === 'bound') this.#watch.watchLink();
    else this.#watch.leaveLink();
  }

  #write(pdu: Request, deadlineOf = () => this.#deadlineOfTurn()): Promise<RequestOutcome> {
    if (!this.#options.socket.writable) return Promise.resolve({ kind: 'not-written' });
    return new Promise((settle) => {
      const sequenceNumber = this.#pending.nextSequence();
      const ticket = this.#outbox.write(pdu, sequenceNumber);
      // After the write: one that throws ends no turn of the outbox.
      const deadline = deadlineOf();
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
    if (this.#state === 'ended' || !socket.writable) return false;
    this.#outbox.write(response, to.sequenceNumber);
    // A peer that sends and does not read would fill the memory with answers: it is not read either until it does.
    if (socket.writableNeedDrain) socket.pause();
    return true;
  }

  #onBlocked(): void {
    if (this.#options.socket.writable) this.#watch.awaitDrain();
  }

  #onDrain(): void {
    this.#watch.drained();
    this.#outbox.flush();
    this.#options.socket.resume();
    this.#closeIfSettled();
  }

  #onData(chunk: Buffer): void {
    const { onOddity } = this.#options;
    try {
      let pdus = 0;
      for (const frame of this.#framer.push(chunk)) {
        pdus += 1;
        this.#onPdu(readPdu(frame));
      }
      if (pdus > 0) this.#watch.heard();
      this.#watch.awaitRest(this.#framer.pendingOctets);
    } catch (cause) {
      const error = toError(cause);
      onOddity('connection closed for what came', { error: error.message });
      this.#end('protocol', error);
    }
  }

  #onPdu(pdu: Pdu): void {
    if (pdu.flaws.length > 0) this.#options.onOddity('malformed PDU', { command: pdu.command, flaws: pdu.flaws });
    if (isResponse(pdu)) this.#onResponse(pdu);
    else this.#onRequest(pdu);
  }

  #onResponse(pdu: Pdu): void {
    if (pdu.command === 'generic_nack') {
      this.#options.onOddity('generic_nack', { commandStatus: pdu.commandStatus, sequenceNumber: pdu.sequenceNumber });
    }
    if (pdu.command === 'unknown' || !this.#pending.answer(pdu)) {
      const { command, sequenceNumber } = pdu;
      this.#options.onOddity('response to no request', { command, sequenceNumber });
    } else if (this.#state === 'binding') {
      this.#onBindAnswer(pdu);
    } else {
      this.#closeIfSettled();
    }
  }

  /** At once: whatever else comes with a refusal, it was one. */
  #onBindAnswer({ command, commandStatus }: Pdu): void {
    if (commandStatus === esme.ROK && command !== 'generic_nack') this.#enter('bound');
    else this.close({ kind: 'refused', commandStatus });
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
    if (this.#state !== 'ended') this.#enter('unbinding');
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
    const due = this.#pending.nextDeadline();
    if (isUnwrittenOverdue) this.#end('peer-not-reading');
    else if (due !== undefined) this.#timer.arm(due);
  }

  /** What awaits an answer on either side still gets it: a window that is cut off is a window that is sent again. */
  #closeIfSettled(): void {
    if (this.#state !== 'unbinding' || this.#pending.size > 0 || this.#deliveries.size > 0) return;
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
    if (this.#state === 'ended') return;
    this.#enter('ended');
    this.#timer.cancel();
    this.#watch.stop();
    this.#cancelCloseWait?.();
    if (this.#framer.pendingOctets > 0) {
      this.#options.onOddity('connection closed within a PDU', { octets: this.#framer.pendingOctets });
    }
    this.#pending.settleAll((ticket) => this.#outbox.wasHandedOver(ticket));
    this.#resolveEnded(this.#closing ?? { kind: 'ended', why: 'socket' });
  }
}
