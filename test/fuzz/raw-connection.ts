import type { Socket } from 'node:net';
import { commandIds, responseBit } from './base-pdus.ts';
import { type Header, isRequest, mayAnswer, needsAnswer, SentStream } from './sent-stream.ts';

export interface RawHandlers {
  /** Called with each request of the gateway. */
  readonly onRequest: (request: Header) => void;
  /** Called when the gateway sends what it must not. */
  readonly onFault: (what: string) => void;
}

/** The SMSC's end of one connection: can send any octets, and keeps account of who asked and who answered. */
export class RawConnection {
  readonly socket: Socket;
  /** Requests that the gateway was sent and has not answered. */
  unanswered: Header[] = [];
  /** Responses that the gateway was sent. */
  responses: Header[] = [];
  /** Requests of the gateway that were not answered. */
  asked: Header[] = [];
  /** The submit_sm that came. */
  submits: Header[] = [];
  /** Whole PDUs that the gateway was sent. */
  pdus = 0;
  /** Sequence number of the last whole request that the gateway was sent. */
  lastRequest: number | undefined;
  readonly #sent = new SentStream();
  readonly #received = new SentStream();
  readonly #handlers: RawHandlers;
  #unbound = false;

  constructor(socket: Socket, handlers: RawHandlers) {
    this.socket = socket;
    this.#handlers = handlers;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    // A gateway that resets the connection, or has closed it, is part of the game; `open` tells.
    socket.on('error', () => {});
  }

  get open(): boolean {
    return this.socket.readyState === 'open';
  }

  /** How the gateway must see what it was sent: something that ends the session, an unfinished PDU, or whole PDUs. */
  get said(): 'not SMPP' | 'unbind' | 'an unfinished PDU' | 'whole PDUs' {
    if (this.#unbound) return 'unbind';
    if (this.#sent.place === 'broken') return 'not SMPP';
    return this.#sent.place === 'unfinished' ? 'an unfinished PDU' : 'whole PDUs';
  }

  /** Before the next try, of which nothing must be left over from the one before. */
  forget(): void {
    this.unanswered = [];
    this.responses = [];
    this.submits = [];
  }

  send(octets: Buffer): void {
    for (const pdu of this.#sent.push(octets)) {
      this.pdus += 1;
      if (needsAnswer(pdu)) this.unanswered.push(pdu);
      if (isRequest(pdu)) this.lastRequest = pdu.sequence;
      else this.#noteResponse(pdu);
      if (pdu.id === commandIds.unbind) this.#unbound = true;
    }
    if (this.socket.writable) this.socket.write(octets);
  }

  drop(): void {
    this.socket.resetAndDestroy();
  }

  #onData(chunk: Buffer): void {
    for (const pdu of this.#received.push(chunk)) {
      if (isRequest(pdu)) this.#onRequest(pdu);
      else this.#onResponse(pdu);
    }
    if (this.#received.place === 'broken') this.#handlers.onFault('the gateway wrote what is not SMPP');
  }

  #onRequest(request: Header): void {
    this.asked.push(request);
    this.#handlers.onRequest(request);
  }

  /** It may be no answer to anything. */
  #noteResponse(response: Header): void {
    this.responses.push(response);
    this.asked = this.asked.filter((request) => {
      const isAnswer = response.id === request.id + responseBit || response.id === commandIds.genericNack;
      return !(isAnswer && response.sequence === request.sequence);
    });
  }

  #onResponse(response: Header): void {
    const index = this.unanswered.findIndex((request) => mayAnswer(response, request));
    if (index >= 0) this.unanswered.splice(index, 1);
    else this.#handlers.onFault(`the gateway answered what was not asked: ${headerText(response)}`);
  }
}

function headerText({ id, status, sequence }: Header): string {
  return [id, status, sequence].map((part) => `0x${part.toString(16).padStart(8, '0')}`).join(' ');
}
