import type { Socket } from 'node:net';
import smpp, { type Server, type Session } from 'smpp';
import type { Clock } from '../../../connector/clock.ts';
import { closeServer, listenOnLoopback } from '../../loopback.ts';

export interface SmscHostOptions {
  /** 0: any free one; after a `stop` the same again. */
  readonly port: number;
  /** In PEM. */
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
  readonly clock: Clock;
  /** Whether one connection more is served. */
  readonly takes: () => boolean;
  readonly onSession: (session: Session, reset: () => void) => void;
  readonly onFault: (error: Error) => void;
}

interface Connection {
  readonly socket: Socket;
  readonly cancelHandshake: () => void;
  /** The socket that is read and written; over TLS another one. */
  session?: Socket;
}

const handshakeMs = 60_000;

/** One port that the SMSC listens on. */
export class SmscHost {
  readonly #options: SmscHostOptions;
  /** By the address of the peer: over TLS a session has a socket of its own above that of TCP. */
  readonly #connections = new Map<string, Connection>();
  #server: Server | undefined;
  #port: number;
  #away = false;

  constructor(options: SmscHostOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  get port(): number {
    return this.#port;
  }

  get connections(): number {
    return this.#connections.size;
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = smpp.createServer(this.#options.tls ?? {}, (session) => this.#onSession(session));
    this.#server = server;
    // Before the package's own listener, which makes a session of the connection.
    server.prependListener('connection', (socket) => this.#onConnection(socket));
    server.on('tlsClientError', this.#options.onFault);
    try {
      this.#port = await listenOnLoopback(server, this.#port);
    } catch (cause) {
      this.#server = undefined;
      throw cause;
    }
  }

  /** As if it had connected. Without effect while the host is stopped. */
  serve(socket: Socket): void {
    this.#server?.emit('connection', socket);
  }

  /** Drops every connection. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    for (const { socket } of this.#connections.values()) socket.destroy();
    await closeServer(server);
  }

  /** While it is away, every connection is reset. */
  setAway(away: boolean): void {
    this.#away = away;
    if (away) for (const connection of this.#connections.values()) reset(connection);
  }

  #onConnection(socket: Socket): void {
    if (this.#away || !this.#options.takes()) {
      // Only when the package's listener, which comes next and needs it whole, is done with it.
      process.nextTick(() => socket.resetAndDestroy());
      return;
    }
    const peer = peerOf(socket);
    const cancelHandshake = this.#options.tls === undefined ? () => {} : this.#awaitHandshake(socket);
    this.#connections.set(peer, { socket, cancelHandshake });
    socket.once('close', () => {
      cancelHandshake();
      // The peer may have come again from the same port before we heard that it had gone.
      if (this.#connections.get(peer)?.socket === socket) this.#connections.delete(peer);
    });
  }

  #awaitHandshake(socket: Socket): () => void {
    // What is wrong with it, the socket of TLS above it says too.
    socket.on('error', () => {});
    return this.#options.clock.after(handshakeMs, () => socket.destroy());
  }

  #onSession(session: Session): void {
    const connection = this.#connections.get(peerOf(session.socket));
    if (connection === undefined) {
      // It is being reset; without a listener its errors would be thrown.
      session.on('error', () => {});
      return;
    }
    connection.cancelHandshake();
    connection.session = session.socket;
    this.#options.onSession(session, () => reset(connection));
  }
}

function reset({ socket, session = socket }: Connection): void {
  // The kernel refuses a reset after FIN, and Node would never tell that the socket is closed.
  if (socket.writableEnded || session.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}
