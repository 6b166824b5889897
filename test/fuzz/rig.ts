import { unreachable } from '#contract/unreachable.ts';
import {
  bindTransceiverResp,
  commandIds,
  enquireLink,
  noOctets,
  responseBit,
  submitSmResp,
  unbind,
  unbindResp,
  withHeader,
} from './base-pdus.ts';
import { type Input, inPieces } from './inputs.ts';
import type { Request } from './mutations.ts';
import type { RawConnection } from './raw-connection.ts';
import { type Asked, RawSmsc } from './raw-smsc.ts';
import type { Header } from './sent-stream.ts';
import { checkOutcome, type Submit, submitOf } from './submits.ts';
import { Target, turn } from './target.ts';
import { drip, Waits } from './waits.ts';

/** What became of the session: it answered the next enquire_link, or ended, and another was bound. */
export type Fate = 'survived' | 'ended';

/** After wrong credentials, which a mutation can say, the next bind waits for 5 min. */
const bindsAnewWithinMs = 400_000;

const bindTransceiverRespId = commandIds.bindTransceiver + responseBit;

/** An SMSC and a transceiver that is bound to it: each input is tried on the session that the one before left. */
export class Rig {
  /** The octets of the last input. */
  lastSent: Buffer = noOctets;
  readonly #smsc: RawSmsc;
  #target: Target;
  #waits: Waits;
  /** Read as a command_length it is over the maximum, so that a stream that was misframed breaks instead of waiting. */
  #lastProbe = 0x5a000000;

  static async start(): Promise<Rig> {
    const smsc = new RawSmsc();
    await smsc.start();
    return new Rig(smsc);
  }

  private constructor(smsc: RawSmsc) {
    this.#smsc = smsc;
    this.#target = new Target(smsc.host, smsc.port);
    this.#waits = new Waits(this.#target, smsc);
  }

  /** Rejects when something is that must not be: a wedge, an answer too few or too many, something left over. */
  async try(input: Input): Promise<Fate> {
    this.#target.delivery = input.delivery;
    const fate = await this.#tryInSituation(input);
    await this.#waits.until('the end of the handlers', 0, () => this.#target.delivering === 0);
    await this.#bound();
    return fate;
  }

  /** Stops the transceiver, which must leave nothing behind, and the SMSC. */
  async stop(): Promise<void> {
    await this.#waits.stopped(this.#target.transceiver.stop());
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
    const octets = this.#octetsOf(input, connection.submits);
    await sendApart(connection, inPieces(octets, this.#probe(), input));
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
    const behind = answers ? this.#bindAnswerAndProbe(request) : noOctets;
    await sendApart(connection, inPieces(octets, behind, input));
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
    const connection = await this.#waits.awaited('a connection', bindsAnewWithinMs, () => greeted);
    this.#smsc.onConnection = () => {};
    await this.#waits.until('a bind', 0, () => this.#smsc.held?.connection === connection || !connection.open);
    this.#smsc.unhold();
    if (this.#smsc.held?.connection === connection) connection.send(this.#bindAnswerAndProbe(this.#smsc.held.request));
    return await this.#fateOfBind(connection, input);
  }

  #bindAnswerAndProbe({ sequence }: Header): Buffer {
    return Buffer.concat([withHeader(bindTransceiverResp, { sequence }), this.#probe()]);
  }

  /** What the mutation itself answered may have bound or refused it. */
  async #fateOfBind(connection: RawConnection, input: Input): Promise<Fate> {
    const { bindTimeoutMs, transceiver } = this.#target;
    const settled = () => !connection.open || transceiver.bound;
    await this.#waits.until('the end of the bind', bindTimeoutMs, settled, () => drip(connection, input));
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
      await sendApart(connection, inPieces(Buffer.concat([goodbye, octets]), this.#probe(), input));
    } else {
      connection.send(goodbye);
      await this.#waits.until('unbind_resp', 0, () => connection.unanswered.length === 0);
      await sendApart(connection, inPieces(octets, this.#probe(), input));
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
    const octets = this.#octetsOf(input, [...connection.submits, request]);
    await sendApart(connection, inPieces(octets, behind, input));
    this.#smsc.unhold();
    await this.#waits.stopped(stopped, () => drip(connection, input));
    await this.#aftermath(submits, connection, input);
    this.#target = new Target(this.#smsc.host, this.#smsc.port);
    this.#waits = new Waits(this.#target, this.#smsc);
    return 'ended';
  }

  /** The connection that is bound now, with nothing on it. */
  async #bound(): Promise<RawConnection> {
    const connection = await this.#waits.awaited('a bind', bindsAnewWithinMs, () => {
      const { bound } = this.#smsc;
      return this.#target.transceiver.bound && bound?.open ? bound : undefined;
    });
    connection.forget();
    return connection;
  }

  #heldRequest(): Promise<Asked> {
    return this.#waits.awaited('a bind or unbind', bindsAnewWithinMs, () => this.#smsc.held);
  }

  /** Outcomes of submits that the SMSC has and did not answer. */
  async #submit(connection: RawConnection, { submits }: Input): Promise<Submit[]> {
    const outcomes = Array.from({ length: submits }, () => submitOf(this.#target));
    await this.#waits.until('the submits', 0, () => connection.submits.length === submits);
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

  /** Waits until it is sure. `mayEnd`: a session of which it is not known whether it was ever bound. */
  async #fate(connection: RawConnection, input: Input, mayEnd?: 'may end'): Promise<Fate> {
    for (;;) {
      if (connection.said !== 'whole PDUs') {
        if ((await this.#waits.endOrMore(connection, input)) === 'ended') return 'ended';
        continue;
      }
      await this.#waits.until('every answer', 0, () => !connection.open || connection.unanswered.length === 0);
      if (!connection.open) {
        if (mayEnd) return 'ended';
        throw new Error('the session ended, and all that it was sent was whole PDUs');
      }
      if (connection.lastRequest === this.#lastProbe) return 'survived';
      // What came before was longer than it should be and has swallowed it.
      connection.send(this.#probe());
    }
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
    if (survived && idles) await this.#waits.idle();
    if (survived && !connection.open) throw new Error('the session ended later, and the SMSC had answered all');
    await this.#waits.until('the outcomes of the submits', 0, () =>
      submits.every(({ outcome }) => outcome !== undefined),
    );
    for (const submit of submits) checkOutcome(submit, connection.responses, survived && !idles);
  }
}

async function sendApart(connection: RawConnection, pieces: readonly Buffer[]): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    // So that each is read apart.
    if (index > 0) await turn();
    connection.send(piece);
  }
}
