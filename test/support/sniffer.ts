import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { Host } from '../../connector/smpp/host.ts';

/** What went over one connection. */
export class Sniffed {
  readonly #sent: Buffer[] = [];
  readonly #received: Buffer[] = [];

  constructor(client: Socket, server: Socket) {
    client.on('data', (octets) => this.#sent.push(octets));
    server.on('data', (octets) => this.#received.push(octets));
  }

  /** By the client. */
  get sent(): Buffer {
    return Buffer.concat(this.#sent);
  }

  /** By the client too. */
  get received(): Buffer {
    return Buffer.concat(this.#received);
  }
}

export interface Sniffer extends Host {
  /** In the order of their coming, also those that are closed. */
  readonly connections: readonly Sniffed[];
  stop(): Promise<void>;
}

/** Stands between a client and a server, passes everything on and keeps it. */
export async function startSniffer({ host, port }: Host): Promise<Sniffer> {
  const connections: Sniffed[] = [];
  const clients = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    clients.add(client);
    const onward = connect({ host, port, noDelay: true });
    connections.push(new Sniffed(client, onward));
    relay(client, onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    connections,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const client of clients) client.destroy();
      await closed;
    },
  };
}

/** Each says what the other hears; where one breaks off, so does the other. */
export function relay(one: Socket, other: Socket): void {
  const ignore = () => {};
  pipeline(one, other, ignore);
  pipeline(other, one, ignore);
}
