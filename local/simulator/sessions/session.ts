import { unreachable } from '#contract/unreachable.ts';
import { commandStatus } from '../command-status.ts';
import type { EndBy } from '../play/behaviour.ts';
import type { Place } from './accounts.ts';
import { type Bind, type BindCommand, bindOf, takesTlvs } from './bind.ts';
import { Binder } from './binder.ts';
import { greet } from './greeting.ts';
import { OwnRequests, type RequestOutcome } from './own-requests.ts';
import { type ReceivedPdu, whyUndecodable } from './package-smpp.ts';
import { pduOctets, withoutTlvs } from './pdu-octets.ts';
import { PduReader } from './pdu-reader.ts';
import { type Answer, Responses } from './responses.ts';
import { ServedRequests } from './served-requests.ts';
import type { SessionConnection, SessionSurroundings } from './session-surroundings.ts';
import { SessionTimers } from './session-timers.ts';
import { Wire } from './wire.ts';

/** `open` until a bind succeeds; `closed` is final, whoever closed. */
export type SessionState =
  | { readonly kind: 'open' }
  | { readonly kind: 'bound'; readonly command: BindCommand; readonly systemId: string }
  | { readonly kind: 'closed' };

/** `no`, then perhaps `unbinding`: our unbind is not answered yet; `closing`: our FIN is on its way, nothing is served. */
type Leaving = 'no' | 'unbinding' | 'closing';

const unbindResponseMs = 5_000;

/** One connection of an ESME, from the SMSC's side. */
export class SmscSession {
  readonly number: number;
  readonly #connection: SessionConnection;
  readonly #around: SessionSurroundings;
  readonly #reader: PduReader;
  readonly #wire: Wire;
  readonly #requests: OwnRequests;
  readonly #responses: Responses;
  readonly #served: ServedRequests;
  readonly #gone = Promise.withResolvers<void>();
  readonly #binder: Binder;
  readonly #timers: SessionTimers;
  #state: SessionState = { kind: 'open' };
  #leaving: Leaving = 'no';
  #frozen: 'no' | 'while-played' | 'for-good' = 'no';
  #place: Place | undefined;
  #takesTlvs = true;
  /** submit_sm since the bind, or since the play changed. */
  #submits = 0;

  constructor(connection: SessionConnection, around: SessionSurroundings) {
    const { session } = connection;
    const { stage, clock, random, counters } = around;
    this.number = connection.number;
    this.#connection = connection;
    this.#around = around;
    session.socket.setNoDelay(true);
    session.on('close', () => this.#closed());
    // Before Node's own listener, which closes our side too: who asked and then closed his side is answered.
    session.socket.prependListener('end', () => this.#wire.flush());
    const cut = (error: Error) => this.#cut(error);
    this.#wire = new Wire({ socket: session.socket, stage, clock, random, counters, onStuck: cut });
    this.#requests = new OwnRequests({ wire: this.#wire, stage, clock, random });
    this.#responses = new Responses({ wire: this.#wire, stage, clock, random, onFault: cut });
    this.#served = new ServedRequests(this.#responses);
    const binderOptions = {
      session: this.number,
      wire: this.#wire,
      responses: this.#responses,
      state: () => (this.#isOver || this.#state.kind === 'closed' ? 'over' : this.#state.kind),
      onBound: (bind: Bind, place: Place) => this.#bound(bind, place),
    };
    this.#binder = new Binder(binderOptions, around);
    this.#timers = new SessionTimers({
      stage,
      clock,
      close: () => this.#close(),
      reset: () => connection.reset(),
      enquire: () => this.#requests.tell('enquire_link'),
      end: (by) => this.end(by),
    });
    this.#reader = new PduReader(session, {
      onPdu: (pdu) => this.#serve(pdu),
      onUnframed: (error) => this.#unframed(error),
      onFault: around.ports.onFault,
    });
    const { greeting } = stage.behaviour.connections;
    if (greet(greeting, this.#wire, this.#requests) === 'hangs-up') this.#close();
    this.playChanged();
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Of the account that is bound. */
  get systemId(): string | undefined {
    return this.#state.kind === 'bound' ? this.#state.systemId : undefined;
  }

  get canReceive(): boolean {
    if (this.#state.kind !== 'bound' || this.#state.command === 'bind_transmitter') return false;
    return this.#leaving === 'no' && this.#connection.session.socket.writable;
  }

  /** Requests whose response is still to come, also a delayed one; the one that is being handled counts from `respond` on. */
  get unanswered(): number {
    return this.#served.unanswered;
  }

  /** Calls of `deliver` without an answer. */
  get undelivered(): number {
    return this.#requests.pending;
  }

  /** Resolves when the connection is gone. */
  get closed(): Promise<void> {
    return this.#gone.promise;
  }

  /** Answers a request of `onRequest`, in all the ways that the play has. */
  respond(request: ReceivedPdu, answer: Answer): void {
    this.#served.respond(request, answer, this.#state.kind === 'closed');
  }

  /** Rejects for fields that fit in no PDU. Without `answerWithinMs` it waits as long as the session lasts. */
  async deliver(
    command: 'deliver_sm' | 'data_sm',
    fields: Record<string, unknown>,
    answerWithinMs: number | null,
  ): Promise<RequestOutcome> {
    if (!this.canReceive) return 'lost';
    const taken = this.#takesTlvs ? fields : withoutTlvs(command, fields);
    return this.#requests.ask(command, taken, answerWithinMs);
  }

  end(by: EndBy): void {
    switch (by) {
      case 'unbind':
        this.#unbind();
        break;
      case 'FIN':
        this.#close();
        break;
      case 'RST':
        this.#wire.flush();
        this.#connection.reset();
        break;
      case 'freeze':
        this.#freeze('for-good');
        break;
      default:
        unreachable(by);
    }
  }

  /** To be called when another play began: it holds for this session too. */
  playChanged(): void {
    const { service } = this.#around.stage.behaviour.connections;
    this.#submits = 0;
    this.#wire.playChanged();
    if (service === 'freeze') this.#freeze('while-played');
    else if (this.#frozen === 'while-played') this.#thaw();
    if (service === 'drop') this.#connection.reset();
    this.#startTimers();
  }

  #serve(pdu: ReceivedPdu): void {
    this.#around.counters.pdusIn++;
    this.#timers.heard();
    if (this.#isOver) return;
    const fault = whyUndecodable(pdu);
    if (pdu.isResponse()) this.#requests.answered(pdu);
    else if (fault === undefined) this.#serveRequest(pdu);
    else {
      this.#responses.nack(pdu, commandStatus.invalidCommandLength);
      this.#around.ports.onFault(new Error(`cannot decode the ${pdu.command} of an ESME: ${fault.message}`));
    }
  }

  #serveRequest(pdu: ReceivedPdu): void {
    switch (pdu.command) {
      case 'submit_sm':
      case 'data_sm':
      case 'query_sm':
      case 'cancel_sm':
        this.#request(pdu, pdu.command);
        break;
      case 'enquire_link':
        if (this.#around.stage.behaviour.connections.answersEnquireLink) this.#responses.plain(pdu);
        break;
      case 'unbind':
        this.#responses.hurry();
        this.#responses.plain(pdu);
        this.#releasePlace('unbound');
        this.#close();
        break;
      default: {
        const bind = bindOf(pdu);
        if (bind === undefined) this.#nackUnknown(pdu);
        else this.#binder.bind(bind);
      }
    }
  }

  #bound(bind: Bind, place: Place): void {
    const { command, systemId } = bind;
    const { counters, onEvent, ports } = this.#around;
    counters.binds++;
    this.#state = { kind: 'bound', command, systemId };
    this.#place = place;
    this.#takesTlvs = takesTlvs(bind);
    this.#submits = 0;
    this.#startTimers();
    onEvent({ kind: 'bound', session: this.number, command, systemId });
    if (this.canReceive) ports.onReceiver(this);
  }

  /** Nothing that comes is served any more; the package goes on reading what has come. */
  get #isOver(): boolean {
    return this.#leaving === 'closing' || this.#connection.session.socket.destroyed;
  }

  #request(pdu: ReceivedPdu, command: 'submit_sm' | 'data_sm' | 'query_sm' | 'cancel_sm'): void {
    const { stage, ports } = this.#around;
    if (stage.behaviour.responses.unsupported.includes(command)) {
      this.#nackUnknown(pdu);
      return;
    }
    if (this.#state.kind !== 'bound' || this.#state.command === 'bind_receiver') {
      this.#tellRefusal(pdu, commandStatus.invalidBindState);
      this.#responses.respond(pdu, { status: commandStatus.invalidBindState });
      return;
    }
    this.#served.handle(pdu, () => ports.onRequest(pdu, this));
    if (command !== 'submit_sm') return;
    this.#submits++;
    const { end } = stage.behaviour.connections;
    if (end?.afterSubmits === this.#submits) this.end(end.by);
  }

  #nackUnknown(pdu: ReceivedPdu): void {
    this.#tellRefusal(pdu, commandStatus.invalidCommandId);
    this.#responses.nack(pdu, commandStatus.invalidCommandId);
  }

  #tellRefusal({ command: name, command_id: id }: ReceivedPdu, status: number): void {
    const command = name === 'unknown' ? `0x${id.toString(16).padStart(8, '0')}` : name;
    this.#around.onEvent({ kind: 'refused', session: this.number, command, status });
  }

  #startTimers(): void {
    const { kind } = this.#state;
    if (this.#frozen === 'no' && this.#leaving !== 'closing' && kind !== 'closed') this.#timers.restart(kind);
  }

  #unbind(): void {
    if (this.#state.kind !== 'bound') {
      this.#close();
      return;
    }
    if (this.#leaving !== 'no') return;
    this.#leaving = 'unbinding';
    this.#responses.hurry();
    const { ports, stage } = this.#around;
    this.#requests
      .ask('unbind', {}, unbindResponseMs)
      .then((outcome) => {
        if (typeof outcome === 'number') this.#releasePlace('unbound');
        this.#close();
      })
      .catch(ports.onFault);
    if (stage.behaviour.connections.speaksAfterUnbind) this.#requests.tell('enquire_link');
  }

  /** Of such a request no sequence number is known (SMPP 3.4, 4.3.1). */
  #unframed(error: Error): void {
    this.#around.ports.onFault(error);
    if (this.#isOver) return;
    this.#wire.write(pduOctets('generic_nack', { sequence: 0, status: commandStatus.invalidCommandLength }));
    this.#close();
  }

  /** By FIN. A peer that does not close its side is cut off. */
  #close(): void {
    if (this.#leaving === 'closing' || this.#state.kind === 'closed') return;
    this.#leaving = 'closing';
    this.#wire.end();
    this.#timers.closing();
  }

  #freeze(howLong: 'while-played' | 'for-good'): void {
    if (this.#state.kind === 'closed') return;
    const wasFrozen = this.#frozen !== 'no';
    if (this.#frozen !== 'for-good') this.#frozen = howLong;
    if (wasFrozen) return;
    this.#wire.flush();
    this.#wire.hold();
    this.#reader.freeze();
    if (this.#leaving !== 'closing') this.#timers.stop();
  }

  #thaw(): void {
    this.#frozen = 'no';
    // Only now the ESME can be heard again.
    this.#timers.heard();
    this.#wire.release();
    this.#reader.thaw();
  }

  #cut(error: Error): void {
    this.#around.ports.onFault(error);
    this.#connection.session.destroy();
  }

  /** Once: who has unbound is not cut. */
  #releasePlace(how: 'unbound' | 'cut'): void {
    this.#place?.release(how);
    this.#place = undefined;
  }

  #closed(): void {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    this.#timers.stop();
    this.#wire.closed();
    this.#responses.end();
    this.#releasePlace('cut');
    this.#connection.onClosed();
    this.#gone.resolve();
    this.#requests.end();
    if (state.kind !== 'bound') return;
    this.#around.onEvent({ kind: 'ended', session: this.number, systemId: state.systemId });
  }
}
