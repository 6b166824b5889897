import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { bindTransceiverResp, commandIds, enquireLinkResp, unbindResp, withHeader } from './base-pdus.ts';
import { RawConnection } from './raw-connection.ts';
import type { Header } from './sent-stream.ts';

/** A bind or unbind, and where it came from. */
export interface Asked {
  readonly request: Header;
  readonly connection: RawConnection;
}

/** An SMSC that agrees to binds, unbinds and enquire_link, keeps submits, and shares no code with the gateway. */
export class RawSmsc {
  readonly host = '127.0.0.1';
  /** Those that are open, by the gateway's port. */
  readonly connections = new Map<number, RawConnection>();
  /** The newest one whose bind was answered. */
  bound: RawConnection | undefined;
  /** The first thing that the gateway sent and must not. */
  fault: string | undefined;
  /** What is done about the next connection. */
  onConnection: (connection: RawConnection) => void = () => {};
  readonly #server = createServer({ noDelay: true }, (socket) => this.#onSocket(socket));
  #isHolding = false;
  #held: Asked | undefined;

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The bind or unbind that came since `hold`. */
  get held(): Asked | undefined {
    return this.#held;
  }

  async start(): Promise<void> {
    this.#server.listen(0, this.host);
    await once(this.#server, 'listening');
  }

  /** Drops what is open. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const connection of this.connections.values()) connection.drop();
    await closed;
  }

  /** From now on no bind and no unbind is answered. */
  hold(): void {
    this.#isHolding = true;
    this.#held = undefined;
  }

  /** They are again; what was held is not. */
  unhold(): void {
    this.#isHolding = false;
  }

  #onSocket(socket: Socket): void {
    const port = socket.remotePort ?? 0;
    const connection = new RawConnection(socket, {
      onRequest: (request) => this.#onRequest({ request, connection }),
      onFault: (what) => this.#onFault(what),
    });
    this.connections.set(port, connection);
    socket.once('close', () => this.connections.delete(port));
    this.onConnection(connection);
  }

  #onRequest(asked: Asked): void {
    const { request, connection } = asked;
    switch (request.id) {
      case commandIds.bindTransceiver:
      case commandIds.unbind:
        if (this.#isHolding) this.#held = asked;
        else this.#agree(asked);
        return;
      case commandIds.submitSm:
        connection.submits.push(request);
        return;
      case commandIds.enquireLink:
        connection.send(withHeader(enquireLinkResp, { sequence: request.sequence }));
        return;
      default:
        this.#onFault(`the gateway asked what an ESME does not: 0x${request.id.toString(16)}`);
    }
  }

  #agree({ request, connection }: Asked): void {
    const isBind = request.id === commandIds.bindTransceiver;
    if (isBind) this.bound = connection;
    connection.send(withHeader(isBind ? bindTransceiverResp : unbindResp, { sequence: request.sequence }));
  }

  #onFault(what: string): void {
    this.fault ??= what;
  }
}
