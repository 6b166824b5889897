import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PDU } from 'smpp/lib/pdu.js';

type Fields = Record<string, unknown>;

/** The other end of the simulator's sessions: writes PDUs or raw octets, and reads what comes, in order. */
export class Esme {
  readonly #socket: Socket;
  readonly #received: PDU[] = [];
  readonly #waiting: ((pdu: PDU) => void)[] = [];
  readonly closed: Promise<void>;
  #unread = Buffer.alloc(0);
  #sequence = 0;

  static async connect(port: number): Promise<Esme> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Esme(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.on('close', () => resolve()));
    // A reset is one way in which the simulator may end a session.
    socket.on('error', () => undefined);
    socket.on('data', (octets) => this.#read(octets));
  }

  /** Sends a request; its sequence number is one more than that of the one before, the first is 1. */
  send(command: string, fields: Fields = {}): void {
    this.#sequence++;
    this.write(new PDU(command, { ...fields, sequence_number: this.#sequence }).toBuffer());
  }

  async ask(command: string, fields: Fields = {}): Promise<PDU> {
    this.send(command, fields);
    return this.next();
  }

  async bind(fields: Fields = {}, command = 'bind_transceiver'): Promise<PDU> {
    return this.ask(command, { system_id: 'me', password: 'secret', interface_version: 0x34, ...fields });
  }

  answer(pdu: PDU, fields: Fields = {}): void {
    this.write(pdu.response(fields).toBuffer());
  }

  write(octets: Uint8Array): void {
    this.#socket.write(octets);
  }

  /** The next PDU that comes. */
  next(): Promise<PDU> {
    const pdu = this.#received.shift();
    return pdu === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(pdu);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(octets: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, octets]);
    for (let length = this.#lengthOfNext(); length <= this.#unread.length; length = this.#lengthOfNext()) {
      const pdu = new PDU(this.#unread.subarray(0, length));
      this.#unread = this.#unread.subarray(length);
      const resolve = this.#waiting.shift();
      if (resolve === undefined) this.#received.push(pdu);
      else resolve(pdu);
    }
  }

  #lengthOfNext(): number {
    return this.#unread.length < 4 ? Number.POSITIVE_INFINITY : this.#unread.readUInt32BE(0);
  }
}
