import { unreachable } from '#contract/unreachable.ts';
import {
  bindTransceiverResp,
  commandIds,
  enquireLink,
  responseBit,
  submitSmResp,
  unbind,
  unbindResp,
  withHeader,
} from './base-pdus.ts';
import { type Input, inPieces } from './inputs.ts';
import type { Request } from './mutations.ts';
import { untilQuiet } from './quiet.ts';
import type { RawConnection } from './raw-connection.ts';
import { type Asked, RawSmsc } from './raw-smsc.ts';
import type { Header } from './sent-stream.ts';
import { checkOutcome, type Submit, submitOf } from './submits.ts';
import { Target, turn } from './target.ts';

/** What became of the session: it answered the next enquire_link, or ended, and another was bound. */
export type Fate = 'survived' | 'ended';

/**
 * How long a session may go on after such octets, in ms of the fake clock: what is not SMPP ends it at once, an
 * unfinished PDU after `enquireLink.timeoutMs`, an unbind when what was asked is answered, or soon.
 */
const endsWithinMs = { 'not SMPP': 0, 'an unfinished PDU': 10_000, unbind: 2_000 } as const;
/** `bindTimeoutMs`. */
const bindEndsWithinMs = 15_000;
/** Longer than `responseTimeoutMs`, and than `enquireLink.idleMs` and `timeoutMs` together. */
const idleForMs = 31_000;
/** Answered or not, an unbind is not waited for any longer. */
const stopsWithinMs = 2_000;
/** After wrong credentials, which a mutation can say, the next bind waits for 5 min. */
const bindsAnewWithinMs = 400_000;
/** Time moves in such steps, in ms, and only when nothing is on its way. */
const stepMs = 1_000;

const noOctets = Buffer.alloc(0);
const bindTransceiverRespId = commandIds.bindTransceiver + responseBit;

/** An SMSC and a transceiver that is bound to it: each input is tried on the session that the one before left. */
export class Rig {
  /** The octets of the last input. */
  lastSent: Buffer = Buffer.alloc(0);
  readonly #smsc: RawSmsc;
  #target: Target;
  /** None that begins like a command_length: what was misframed must not go on for ever. */
  #lastProbe = 0x5a000000;

  static async start(): Promise<Rig> {
    const smsc = new RawSmsc();
    await smsc.start();
    return new Rig(smsc);
  }

  private constructor(smsc: RawSmsc) {
    this.#smsc = smsc;
    this.#target = new Target(smsc.host, smsc.port);
  }

  /** Rejects when something is that must not be: a wedge, an answer too few or too many, something left over. */
  async try(input: Input): Promise<Fate> {
    this.#target.delivery = input.delivery;
    const fate = await this.#tryInSituation(input);
    await this.#until('the end of the handlers', 0, () => this.#target.delivering === 0);
    await this.#bound();
    return fate;
  }

  /** Stops the transceiver, which must leave nothing behind, and the SMSC. */
  async stop(): Promise<void> {
    await this.#stopped(this.#target.transceiver.stop());
    await this.#smsc.stop();
  }

  /** For one that failed: waits for nothing of the transceiver. */
  async abandon(): Promise<void> {
    void this.#target.transceiver.stop();
    for (const socket of this.#target.sockets) socket.destroy();
    await this.#smsc.stop();
  }

  #tryInSituation(input: Input): Promise<Fate> {
    switch (input.situation) {
      case 'bound':
      case 'submits unanswered':
        return this.#tryBound(input);
      case 'before the bind':
      case 'before the bind is answered':
      case 'in place of the bind’s answer':
        return this.#tryBinding(input);
      case 'after the SMSC’s unbind':
        return this.#tryUnbound(input);
      case 'while the gateway unbinds':
        return this.#tryUnbinding(input);
      default:
        return unreachable(input.situation);
    }
  }

  async #tryBound(input: Input): Promise<Fate> {
    const connection = await this.#bound();
    const submits = await this.#submit(connection, input);
    const probe = this.#probe();
    await this.#send(connection, this.#octetsOf(input, connection.submits), probe, input);
    const fate = await this.#fate(connection, input);
    await this.#aftermath(submits, connection, input);
    return fate;
  }

  async #tryBinding(input: Input): Promise<Fate> {
    const before = await this.#bound();
    this.#smsc.hold();
    if (input.situation === 'before the bind') return await this.#tryBeforeBind(before, input);
    before.drop();
    const { request, connection } = await this.#heldRequest();
    this.#smsc.unhold();
    const octets = this.#octetsOf(input, [request]);
    const answers = input.situation === 'before the bind is answered';
    await this.#send(connection, octets, answers ? this.#bindAnswerAndProbe(request) : noOctets, input);
    return await this.#fateOfBind(connection, input);
  }

  /** The octets are there as soon as the connection is. */
  async #tryBeforeBind(before: RawConnection, input: Input): Promise<Fate> {
    const octets = this.#octetsOf(input, [{ id: commandIds.bindTransceiver, sequence: 1 }]);
    let greeted: RawConnection | undefined;
    this.#smsc.onConnection = (connection) => {
      greeted = connection;
      connection.send(octets);
    };
    before.drop();
    await this.#until('a connection', bindsAnewWithinMs, () => greeted !== undefined);
    this.#smsc.onConnection = () => {};
    if (greeted === undefined) throw new Error('one was awaited');
    const connection = greeted;
    await this.#until('a bind', 0, () => this.#smsc.held?.connection === connection || !connection.open);
    this.#smsc.unhold();
    if (this.#smsc.held?.connection === connection) connection.send(this.#bindAnswerAndProbe(this.#smsc.held.request));
    return await this.#fateOfBind(connection, input);
  }

  #bindAnswerAndProbe({ sequence }: Header): Buffer {
    return Buffer.concat([withHeader(bindTransceiverResp, { sequence }), this.#probe()]);
  }

  /** What the mutation itself answered may have bound or refused it. */
  async #fateOfBind(connection: RawConnection, input: Input): Promise<Fate> {
    const { transceiver } = this.#target;
    const settled = () => !connection.open || transceiver.bound;
    await this.#until('the end of the bind', bindEndsWithinMs, settled, () => drip(connection, input));
    if (connection.open) {
      this.#smsc.bound = connection;
      const { responses } = connection;
      const agreed = responses.some(({ id, status }) => id === bindTransceiverRespId && status === 0);
      if (!agreed) throw new Error('it is bound, and no bind was answered ESME_ROK');
    }
    return await this.#fate(connection, input, 'may end');
  }

  async #tryUnbound(input: Input): Promise<Fate> {
    const connection = await this.#bound();
    const submits = await this.#submit(connection, input);
    const octets = this.#octetsOf(input, connection.submits);
    const goodbye = withHeader(unbind, { sequence: input.random.integer(1, 0x7fffffff) });
    if (input.random.chance(0.5)) {
      await this.#send(connection, Buffer.concat([goodbye, octets]), this.#probe(), input);
    } else {
      connection.send(goodbye);
      await this.#until('unbind_resp', 0, () => connection.unanswered.length === 0);
      await this.#send(connection, octets, this.#probe(), input);
    }
    const fate = await this.#fate(connection, input);
    await this.#aftermath(submits, connection, input);
    return fate;
  }

  async #tryUnbinding(input: Input): Promise<Fate> {
    const connection = await this.#bound();
    const submits = await this.#submit(connection, input);
    this.#smsc.hold();
    const stopped = this.#target.transceiver.stop();
    const { request } = await this.#heldRequest();
    const answer = withHeader(unbindResp, { sequence: request.sequence });
    const behind = input.random.pick([noOctets, answer, Buffer.concat([answer, this.#probe()])]);
    await this.#send(connection, this.#octetsOf(input, [...connection.submits, request]), behind, input);
    this.#smsc.unhold();
    await this.#stopped(stopped, () => drip(connection, input));
    await this.#aftermath(submits, connection, input);
    this.#target = new Target(this.#smsc.host, this.#smsc.port);
    return 'ended';
  }

  /** The connection that is bound now, with nothing on it. */
  async #bound(): Promise<RawConnection> {
    await this.#until('a bind', bindsAnewWithinMs, () => {
      return this.#target.transceiver.bound && this.#smsc.bound?.open === true;
    });
    const connection = this.#smsc.bound;
    if (connection === undefined) throw new Error('a bind was awaited');
    connection.forget();
    return connection;
  }

  async #heldRequest(): Promise<Asked> {
    await this.#until('a bind or unbind', bindsAnewWithinMs, () => this.#smsc.held !== undefined);
    if (this.#smsc.held === undefined) throw new Error('one was awaited');
    return this.#smsc.held;
  }

  /** Outcomes of submits that the SMSC has and did not answer. */
  async #submit(connection: RawConnection, { submits }: Input): Promise<Submit[]> {
    const outcomes = Array.from({ length: submits }, () => submitOf(this.#target));
    await this.#until('the submits', 0, () => connection.submits.length === submits);
    return outcomes;
  }

  #octetsOf({ mutation, random }: Input, pending: readonly Request[]): Buffer {
    this.lastSent = mutation.make(random, pending);
    return this.lastSent;
  }

  #probe(): Buffer {
    this.#lastProbe += 1;
    return withHeader(enquireLink, { sequence: this.#lastProbe });
  }

  async #send(connection: RawConnection, octets: Buffer, behind: Buffer, input: Input): Promise<void> {
    const pieces = inPieces(octets, behind, input);
    for (const [index, piece] of pieces.entries()) {
      // So that each is read apart.
      if (index > 0) await turn();
      connection.send(piece);
    }
  }

  /** Waits until it is sure. `mayEnd`: a session of which it is not known whether it was ever bound. */
  async #fate(connection: RawConnection, input: Input, mayEnd?: 'may end'): Promise<Fate> {
    for (;;) {
      if (connection.said !== 'whole PDUs') {
        if ((await this.#endOrMore(connection, input)) === 'ended') return 'ended';
        continue;
      }
      await this.#until('every answer', 0, () => !connection.open || connection.unanswered.length === 0);
      if (!connection.open) {
        if (mayEnd) return 'ended';
        throw new Error('the session ended, and all that it was sent was whole PDUs');
      }
      if (connection.lastRequest === this.#lastProbe) return 'survived';
      // What came before was longer than it should be and has swallowed it.
      connection.send(this.#probe());
    }
  }

  /** Waits for the end that must come; an unfinished PDU may become whole before, by answers or octets of the SMSC. */
  async #endOrMore(connection: RawConnection, input: Input): Promise<'ended' | 'more'> {
    const { said, pdus } = connection;
    if (said === 'whole PDUs') return 'more';
    const ended = () => !connection.open;
    const more = () => connection.said !== said || connection.pdus > pdus;
    const done = () => ended() || (said !== 'unbind' && more());
    const withinMs = said === 'unbind' && connection.asked.length === 0 ? 0 : endsWithinMs[said];
    await this.#until(`the end after ${said}`, withinMs, done, () => drip(connection, input));
    return ended() ? 'ended' : 'more';
  }

  /**
   * The SMSC answers what it has not yet, or lets it expire. Then each submit has its one outcome, for which there is a
   * reason, and a session that survived is still there.
   */
  async #aftermath(submits: readonly Submit[], connection: RawConnection, { idles }: Input): Promise<void> {
    const survived = connection.open;
    if (survived && !idles) {
      for (const { sequence } of connection.submits) connection.send(withHeader(submitSmResp, { sequence }));
    }
    if (survived && idles) await this.#idle();
    if (survived && !connection.open) throw new Error('the session ended later, and the SMSC had answered all');
    await this.#until('the outcomes of the submits', 0, () => submits.every(({ outcome }) => outcome !== undefined));
    for (const submit of submits) checkOutcome(submit, connection.responses, survived && !idles);
  }

  /** Longer than anything is waited for. */
  async #idle(): Promise<void> {
    const until = this.#target.clock.monotonic() + idleForMs;
    await this.#until('the end of time', idleForMs, () => this.#target.clock.monotonic() >= until);
  }

  /** Nothing may be left of it: no timer, no connection, no handler. */
  async #stopped(stopping: Promise<void>, onStep?: () => void): Promise<void> {
    let stopped = false;
    void stopping.then(() => {
      stopped = true;
    });
    await this.#until('the end of stop()', stopsWithinMs, () => stopped, onStep);
    const { clock, sockets } = this.#target;
    await this.#until('the end of the connections', 0, () => sockets.size === 0 && this.#smsc.connections.size === 0);
    if (clock.pending > 0) throw new Error(`${clock.pending} timers are left after stop()`);
  }

  /** Waits for what is on its way; then moves the clock, `withinMs` at the most. `onStep` is called before each move. */
  async #until(what: string, withinMs: number, done: () => boolean, onStep?: () => void): Promise<void> {
    const stops = () => this.#smsc.fault !== undefined || done();
    for (let waitedMs = 0; ; waitedMs += stepMs) {
      await untilQuiet(this.#target, this.#smsc, stops);
      if (this.#smsc.fault !== undefined) throw new Error(this.#smsc.fault);
      if (done()) return;
      if (waitedMs >= withinMs) throw new Error(`${what} did not come within ${withinMs} ms`);
      onStep?.();
      await this.#target.clock.advance(stepMs);
    }
  }
}

function drip(connection: RawConnection, { mutation }: Input): void {
  if (mutation.drips && connection.said === 'an unfinished PDU') connection.send(Buffer.alloc(1));
}
