import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { PDU } from 'smpp/lib/pdu.js';

type Fields = Record<string, unknown>;

/** A PDU as the package reads it, or `undecodable`, with the octets it came as. */
export interface ReadPdu {
  readonly command: string;
  readonly command_status: number;
  readonly sequence_number: number;
  readonly octets: Buffer;
  readonly [field: string]: unknown;
}

interface Waiting {
  readonly look: () => boolean;
  readonly fail: (error: Error) => void;
}

/** The other end of the simulator's sessions: writes PDUs or raw octets, and reads what comes, in order. */
export class Esme {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  readonly #received: ReadPdu[] = [];
  readonly #waiting = new Set<Waiting>();
  readonly #chunks: Buffer[] = [];
  #unread = Buffer.alloc(0);
  #sequence = 0;
  #isClosed = false;

  /** With the certificate of an authority, over TLS. */
  static async connect(port: number, ca?: string): Promise<Esme> {
    const socket =
      ca === undefined
        ? connect(port, '127.0.0.1')
        : connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca });
    const esme = new Esme(socket);
    await once(socket, ca === undefined ? 'connect' : 'secureConnect');
    return esme;
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    this.closed = new Promise((resolve) =>
      socket.on('close', () => {
        this.#isClosed = true;
        for (const { fail } of this.#waiting) fail(new Error('the connection closed before it came'));
        resolve();
      }),
    );
    // A reset is one way in which the simulator may end a session.
    socket.on('error', () => undefined);
    socket.on('data', (octets) => this.#read(octets));
  }

  /** Everything that came, whatever it is. */
  get octets(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** PDUs that came and that no `next` took. */
  get received(): readonly ReadPdu[] {
    return this.#received;
  }

  /** Sends a request; its sequence number is one more than that of the one before, the first is 1. */
  send(command: string, fields: Fields = {}): number {
    this.#sequence++;
    this.write(new PDU(command, { ...fields, sequence_number: this.#sequence }).toBuffer());
    return this.#sequence;
  }

  async ask(command: string, fields: Fields = {}): Promise<ReadPdu> {
    this.send(command, fields);
    return this.next();
  }

  async bind(fields: Fields = {}, command = 'bind_transceiver'): Promise<ReadPdu> {
    return this.ask(command, { system_id: 'me', password: 'secret', interface_version: 0x34, ...fields });
  }

  answer({ command, sequence_number }: ReadPdu, fields: Fields = {}): void {
    this.write(new PDU(`${command}_resp`, { ...fields, sequence_number }).toBuffer());
  }

  write(octets: Uint8Array): void {
    this.socket.write(octets);
  }

  /** The next PDU that comes; of `command` the next one, those before it stay. Rejects when the connection closes first. */
  next(command?: string): Promise<ReadPdu> {
    return this.#when(() => {
      const index = this.#received.findIndex((pdu) => command === undefined || pdu.command === command);
      return index < 0 ? undefined : this.#received.splice(index, 1)[0];
    });
  }

  /** All octets, as soon as they are what `isEnough` says. */
  until(isEnough: (octets: Buffer) => boolean): Promise<Buffer> {
    return this.#when(() => (isEnough(this.octets) ? this.octets : undefined));
  }

  destroy(): void {
    this.socket.destroy();
  }

  #when<Found>(find: () => Found | undefined): Promise<Found> {
    const found = find();
    if (found !== undefined) return Promise.resolve(found);
    if (this.#isClosed) return Promise.reject(new Error('the connection is closed'));
    return new Promise((resolve, reject) => {
      const look = () => {
        const come = find();
        if (come !== undefined) resolve(come);
        return come !== undefined;
      };
      this.#waiting.add({ look, fail: reject });
    });
  }

  #read(octets: Buffer): void {
    this.#chunks.push(octets);
    this.#unread = Buffer.concat([this.#unread, octets]);
    for (let length = this.#lengthOfNext(); length <= this.#unread.length; length = this.#lengthOfNext()) {
      this.#received.push(readPdu(this.#unread.subarray(0, length)));
      this.#unread = this.#unread.subarray(length);
    }
    for (const waiting of this.#waiting) if (waiting.look()) this.#waiting.delete(waiting);
  }

  /** After a length that no PDU has nothing more is read as PDUs: it is in `octets` only. */
  #lengthOfNext(): number {
    const length = this.#unread.length < 4 ? 0 : this.#unread.readUInt32BE(0);
    return length < 16 ? Number.POSITIVE_INFINITY : length;
  }
}

function readPdu(octets: Buffer): ReadPdu {
  try {
    return Object.assign(new PDU(octets), { octets });
  } catch {
    const [command_status, sequence_number] = [octets.readUInt32BE(8), octets.readUInt32BE(12)];
    return { command: 'undecodable', command_status, sequence_number, octets };
  }
}
