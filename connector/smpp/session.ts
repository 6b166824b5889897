import type { Socket } from 'node:net';
import { toError } from '#contract/to-error.ts';
import { unreachable } from '#contract/unreachable.ts';
import type { Clock } from '../clock.ts';
import { BatchingWriter } from './batching-writer.ts';
import type { KnownPdu, Pdu, PduToWrite } from './codec/pdu.ts';
import { readPdu } from './codec/read.ts';
import { isResponse, responseOf } from './codec/tables.ts';
import { writePdu } from './codec/write.ts';
import { EarliestTimer } from './earliest-timer.ts';
import { createFramer } from './framer.ts';
import { heard, type Link, type LinkLimits, tick } from './link-timers.ts';
import { PendingRequests, type RequestOutcome } from './pending.ts';
import type { EndReason, SessionEnd } from './reconnect.ts';
import { esme } from './status.ts';

export type RequestCommand = 'bind_transceiver' | 'submit_sm' | 'enquire_link' | 'unbind';
export type DeliverSm = KnownPdu<'deliver_sm'>;
export type Request = { [C in RequestCommand]: Omit<PduToWrite<C>, 'sequenceNumber'> }[RequestCommand];
type ResponseCommand = 'deliver_sm_resp' | 'enquire_link_resp' | 'unbind_resp' | 'generic_nack';
type Response = { [C in ResponseCommand]: Omit<PduToWrite<C>, 'sequenceNumber' | 'tlvs'> }[ResponseCommand];

/** Answers a deliver_sm; false when the session was over, so that no octet of the answer was written. */
export type Respond = (commandStatus: number) => boolean;

export interface SessionOptions {
  /** An open connection. The session owns it from here and closes it. */
  readonly socket: Socket;
  readonly clock: Clock;
  readonly link: LinkLimits;
  /** How long `request` waits for an answer, in ms. */
  readonly responseTimeoutMs: number;
  /** Called outside the parse loop. What it throws is answered with `deliverRetryStatus`. */
  readonly onDeliver: (pdu: DeliverSm, respond: Respond) => Promise<void>;
  readonly deliverRetryStatus: number;
  /** deliver_sm being handled at once; the next one is answered `deliverRetryStatus`. */
  readonly maxDelivering: number;
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
 *     -> unbinding  it was refused, or `unbind` was called, or the peer sent unbind
 *   bound      requests are written, the link is watched
 *     -> unbinding  `unbind` was called, or the peer sent unbind
 *   unbinding  nothing new is written but answers; what still comes is handled until the socket closes
 *   ended      the socket is gone; every unanswered request was settled
 *
 * Each but `ended` goes there when the socket closes, the peer is silent or what comes is not SMPP.
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
  readonly #writer: BatchingWriter;
  /** For the link's next step and the first overdue request. */
  readonly #timer: EarliestTimer;
  readonly #resolveEnded: (end: SessionEnd) => void;
  #state: State = { kind: 'binding' };
  /** Why the session is being closed by us; the socket's own end otherwise. */
  #closing: SessionEnd | undefined;
  #lastSequence = 0;
  #delivering = 0;
  #cancelCloseWait: (() => void) | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<SessionEnd>();
    this.ended = promise;
    this.#resolveEnded = resolve;
    const { socket, clock } = options;
    this.#writer = new BatchingWriter(socket);
    this.#timer = new EarliestTimer(clock, () => this.#onTimer());
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', (cause) => this.#end('socket', cause));
    socket.on('drain', () => socket.resume());
    socket.on('close', () => this.#onClose());
  }

  get bound(): boolean {
    return this.#state.kind === 'bound';
  }

  /** Sends the bind. The session is bound when the outcome is an answer of ESME_ROK. */
  async bind(pdu: Omit<PduToWrite<'bind_transceiver'>, 'sequenceNumber'>): Promise<RequestOutcome> {
    return await this.#write(pdu);
  }

  /** Rejects with `InvalidPduError` when `pdu` cannot be written; then nothing was. */
  async request(pdu: Request): Promise<RequestOutcome> {
    return this.#state.kind === 'bound' ? await this.#write(pdu) : { kind: 'not-written' };
  }

  /** Unbinds and closes; resolves when the session has ended, after `closeWaitMs` at the latest. */
  async unbind(): Promise<void> {
    if (this.#state.kind === 'bound') {
      this.#closing ??= { kind: 'ended', why: 'unbound' };
      void this.#write({ command: 'unbind', commandStatus: 0, tlvs: [] });
      this.#enter({ kind: 'unbinding' });
      this.#limitClosing();
    } else if (this.#state.kind === 'binding') {
      this.close({ kind: 'ended', why: 'unbound' });
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
    const { socket, clock, responseTimeoutMs } = this.#options;
    if (!socket.writable) return Promise.resolve({ kind: 'not-written' });
    const sequenceNumber = this.#nextSequence();
    const octets = writePdu({ ...pdu, sequenceNumber });
    return new Promise((settle) => {
      const deadline = clock.monotonic() + responseTimeoutMs;
      this.#pending.add(sequenceNumber, { answeredBy: responseOf(pdu.command), deadline, settle });
      this.#writer.write(octets);
      this.#timer.arm(deadline);
    });
  }

  /** 1 to 0x7fffffff (SMPP 3.4, 5.1.4), over a pending one if it comes round. */
  #nextSequence(): number {
    do {
      this.#lastSequence = this.#lastSequence === 0x7fffffff ? 1 : this.#lastSequence + 1;
    } while (this.#pending.has(this.#lastSequence));
    return this.#lastSequence;
  }

  #answer(to: Pdu, response: Response): boolean {
    if (this.#state.kind === 'ended' || !this.#options.socket.writable) return false;
    this.#writer.write(writePdu({ ...response, sequenceNumber: to.sequenceNumber, tlvs: [] }));
    // A peer that sends and does not read would fill the memory with answers: it is not read either until it does.
    if (this.#options.socket.writableNeedDrain) this.#options.socket.pause();
    return true;
  }

  #onData(chunk: Buffer): void {
    try {
      for (const frame of this.#framer.push(chunk)) this.#onPdu(readPdu(frame));
    } catch (cause) {
      this.#end('protocol', toError(cause));
    }
  }

  #onPdu(pdu: Pdu): void {
    if (this.#state.kind === 'bound') this.#enter({ kind: 'bound', link: heard(this.#options.clock.monotonic()) });
    if (pdu.flaws.length > 0) this.#options.onOddity('malformed PDU', { command: pdu.command, flaws: pdu.flaws });
    if (isResponse(pdu)) this.#onResponse(pdu);
    else this.#onRequest(pdu);
  }

  #onResponse(pdu: Pdu): void {
    const boundNow =
      this.#state.kind === 'binding' && pdu.command === 'bind_transceiver_resp' && pdu.commandStatus === esme.ROK;
    const known = pdu.command !== 'unknown' && this.#pending.answer(pdu);
    if (!known) {
      this.#options.onOddity('response to no request', { command: pdu.command, sequenceNumber: pdu.sequenceNumber });
    } else if (this.#state.kind === 'unbinding') {
      this.#closeWhenSettled();
    } else if (boundNow) {
      this.#enter({ kind: 'bound', link: heard(this.#options.clock.monotonic()) });
      this.#timer.arm(this.#options.clock.monotonic() + this.#options.link.idleMs);
    }
  }

  #onRequest(pdu: Pdu): void {
    switch (pdu.command) {
      case 'enquire_link':
        this.#answer(pdu, { command: 'enquire_link_resp', commandStatus: esme.ROK });
        return;
      case 'unbind':
        this.#onUnbind(pdu);
        return;
      case 'deliver_sm':
        this.#onDeliver(pdu);
        return;
      default:
        this.#options.onOddity('unsupported request', { command: pdu.command, sequenceNumber: pdu.sequenceNumber });
        this.#answer(pdu, { command: 'generic_nack', commandStatus: esme.RINVCMDID });
    }
  }

  #onUnbind(pdu: Pdu): void {
    this.#closing ??= { kind: 'ended', why: 'unbound' };
    this.#answer(pdu, { command: 'unbind_resp', commandStatus: esme.ROK });
    if (this.#state.kind !== 'ended') this.#enter({ kind: 'unbinding' });
    this.#limitClosing();
    this.#closeWhenSettled();
  }

  #onDeliver(pdu: DeliverSm): void {
    const { onDeliver, onOddity, deliverRetryStatus, maxDelivering } = this.#options;
    const respond: Respond = (commandStatus) =>
      this.#answer(pdu, { command: 'deliver_sm_resp', commandStatus, messageId: '' });
    if (this.#delivering >= maxDelivering) {
      respond(deliverRetryStatus);
      return;
    }
    this.#delivering += 1;
    Promise.resolve()
      .then(() => onDeliver(pdu, respond))
      .catch((cause: unknown) => {
        onOddity('deliver_sm could not be handled', { error: toError(cause).message });
        respond(deliverRetryStatus);
      })
      .finally(() => {
        this.#delivering -= 1;
        if (this.#state.kind === 'unbinding') this.#closeWhenSettled();
      });
  }

  #onTimer(): void {
    const now = this.#options.clock.monotonic();
    this.#pending.settleExpired(now);
    if (this.#state.kind === 'bound') this.#watchLink(tick(this.#state.link, this.#options.link, now));
    const deadline = this.#pending.nextDeadline();
    if (deadline !== undefined) this.#timer.arm(deadline);
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
  #closeWhenSettled(): void {
    if (this.#pending.size === 0 && this.#delivering === 0) this.#options.socket.end();
  }

  /** For a peer that does not close; counted from the first unbind, however often it says so. */
  #limitClosing(): void {
    this.#cancelCloseWait ??= this.#options.clock.after(closeWaitMs, () => this.#options.socket.destroy());
  }

  #end(why: EndReason, cause?: Error): void {
    this.close({ kind: 'ended', why, ...(cause && { cause }) });
  }

  #onClose(): void {
    this.#enter({ kind: 'ended' });
    this.#timer.cancel();
    this.#cancelCloseWait?.();
    if (this.#framer.pendingOctets > 0) {
      this.#options.onOddity('connection closed within a PDU', { octets: this.#framer.pendingOctets });
    }
    this.#pending.settleAll();
    this.#resolveEnded(this.#closing ?? { kind: 'ended', why: 'socket' });
  }
}
