import type { Socket } from 'node:net';
import { PDU } from '../support/smpp-oracle.ts';

/** The SMSC's end of a connection: keeps what comes from the connector, PDU by PDU, beside whoever serves it. */
export class OctetTap {
  readonly pdus: PDU[] = [];
  /** The octets of each of them. */
  readonly frames: Buffer[] = [];
  readonly #server: Socket;
  #unread = Buffer.alloc(0);

  constructor(server: Socket) {
    this.#server = server;
    server.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  write(octets: Uint8Array): void {
    this.#server.write(octets);
  }

  #take(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    while (this.#unread.length >= 4 && this.#unread.length >= this.#unread.readUInt32BE(0)) {
      const frame = this.#unread.subarray(0, this.#unread.readUInt32BE(0));
      this.#unread = this.#unread.subarray(frame.length);
      this.frames.push(frame);
      this.pdus.push(new PDU(frame));
    }
  }
}
