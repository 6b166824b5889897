import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions, type Server as TlsServer } from 'node:tls';
import type { Host } from '../../connector/smpp/host.ts';
import type { Certificate } from '../../local/certificates.ts';
import { relay } from './sniffer.ts';
import { Waits } from './waits.ts';

export interface TlsSmscOptions extends Omit<TlsOptions, 'cert' | 'key'> {
  readonly certificate: Certificate;
  /** Where the SMSC listens without TLS: what is decrypted goes there. Without it a session stays as it is. */
  readonly to?: Host;
}

/** TLS in front of an SMSC, on 127.0.0.1. Nothing in it waits for time. */
export async function startTlsSmsc(options: TlsSmscOptions): Promise<TlsSmsc> {
  const smsc = new TlsSmsc(options);
  await smsc.listen();
  return smsc;
}

export class TlsSmsc {
  readonly host = '127.0.0.1';
  /** From now on it accepts connections and says nothing. */
  hangs = false;
  /** Every TCP connection, in the order of their coming, also those that are closed. */
  readonly connections: Socket[] = [];
  /** Of those, the ones whose handshake is done. */
  readonly sessions: TLSSocket[] = [];
  readonly #waits = new Waits();
  readonly #tcp: Server;
  readonly #tls: TlsServer;

  constructor({ certificate: { certificate, key }, to, ...options }: TlsSmscOptions) {
    this.#tcp = createServer({ noDelay: true }, (socket) => this.#onConnection(socket));
    this.#tls = createTlsServer({ cert: certificate, key, ...options }, (session) => {
      // A peer that breaks off is part of many tests.
      session.on('error', () => {});
      if (to !== undefined) relay(session, connect({ host: to.host, port: to.port, noDelay: true }));
      this.sessions.push(session);
      this.#waits.look();
    });
    this.#tls.on('tlsClientError', () => {});
  }

  get port(): number {
    return (this.#tcp.address() as AddressInfo).port;
  }

  async listen(): Promise<void> {
    await once(this.#tcp.listen(0, this.host), 'listening');
  }

  /** The n-th connection, counted from 1, as soon as it is here. */
  connection(n: number): Promise<Socket> {
    return this.#waits.until(`connection ${n}`, () => this.connections[n - 1]);
  }

  /** The n-th session, as soon as its handshake is done. */
  session(n: number): Promise<TLSSocket> {
    return this.#waits.until(`session ${n}`, () => this.sessions[n - 1]);
  }

  /** Resolves when the n-th connection is closed, by whomever. */
  async closed(n: number): Promise<void> {
    const connection = await this.connection(n);
    await this.#waits.until(`the end of connection ${n}`, () => connection.closed || undefined);
  }

  /** Closes everything; what a test still waits for rejects. */
  async stop(): Promise<void> {
    this.#waits.stop();
    const closed = once(this.#tcp, 'close');
    this.#tcp.close();
    for (const connection of this.connections) connection.destroy();
    await closed;
  }

  #onConnection(socket: Socket): void {
    socket.on('error', () => {});
    socket.on('close', () => this.#waits.look());
    this.connections.push(socket);
    this.#waits.look();
    if (this.hangs) socket.resume();
    else this.#tls.emit('connection', socket);
  }
}
