import type { Socket } from 'node:net';
import { PDU } from './smpp-oracle.ts';
import { Waits } from './waits.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** The SMSC's end of one connection. Framing and PDUs share nothing with the connector's. */
export class SmscConnection {
  readonly received: PDU[] = [];
  /** Resolves when the connection is closed, by whomever. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #onPdu: (pdu: PDU, connection: SmscConnection) => void;
  readonly #responses = new Waits();
  #unread = Buffer.alloc(0);
  #frozen = false;
  #lastSequence = 0;

  constructor(socket: Socket, onPdu: (pdu: PDU, connection: SmscConnection) => void) {
    this.#socket = socket;
    this.#onPdu = onPdu;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk) => this.#onData(chunk));
    // A peer that resets the connection is part of many conversations; `closed` tells.
    socket.on('error', () => {});
    socket.once('close', () => this.#responses.stop());
  }

  /** Sends a request; resolves with its response, rejects when the connection closes first. */
  send(command: string, fields: Fields = {}): Promise<PDU> {
    this.#lastSequence += 1;
    // Unless data_coding is given, the package guesses one and encodes text by it.
    const request = new PDU(command, { sequence_number: this.#lastSequence, data_coding: 0, ...fields });
    const sequenceNumber = request.sequence_number;
    this.write(request);
    const isAnswer = (pdu: PDU) => pdu.isResponse() && pdu.sequence_number === sequenceNumber;
    return this.#responses.until(`the answer to ${command}`, () => this.received.find(isAnswer));
  }

  write(pdu: PDU): void {
    this.sendRaw(pdu.toBuffer());
  }

  sendRaw(octets: Buffer): void {
    if (this.#socket.writable) this.#socket.write(octets);
  }

  /** Closes by RST. */
  drop(): void {
    this.#socket.resetAndDestroy();
  }

  /** Closes by FIN, without unbind. */
  hangUp(): void {
    this.#socket.end();
  }

  /** Neither reads nor answers any more; the connection stays open. */
  freeze(): void {
    this.#frozen = true;
    this.#socket.pause();
  }

  thaw(): void {
    this.#frozen = false;
    this.#takePdus();
    this.#socket.resume();
  }

  #onData(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    this.#takePdus();
  }

  #takePdus(): void {
    while (!this.#frozen && this.#unread.length >= 4) {
      const length = this.#unread.readUInt32BE(0);
      if (this.#unread.length < length) return;
      const pdu = new PDU(this.#unread.subarray(0, length));
      this.#unread = this.#unread.subarray(length);
      this.received.push(pdu);
      this.#onPdu(pdu, this);
      this.#responses.look();
    }
  }
}
