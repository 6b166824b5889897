import type { Socket } from 'node:net';
import { handsetOf, type Incoming, shortMessageOf } from './messages.ts';
import { sharedNow } from './now.ts';
import { headerOctets } from './smsc.ts';

export interface DeliveryOrder {
  readonly kind: Incoming;
  readonly first: number;
  readonly count: number;
  /** Unanswered at once. */
  readonly window: number;
  /** Between one and the next; 0: as soon as there is room. */
  readonly everyMs: number;
}

export interface Delivered {
  readonly seconds: number;
  /** From written to acknowledged, of each, in ms. */
  readonly latenciesMs: Float64Array;
}

/** deliver_sm on their way to the connector, a window of them at once. One that is refused ends the bench. */
export class Deliveries {
  readonly #socket: Socket;
  readonly #order: DeliveryOrder;
  readonly #sentAt: Float64Array;
  readonly #latencies: Float64Array;
  readonly #done = Promise.withResolvers<Delivered>();
  readonly #startedAt = sharedNow();
  #sent = 0;
  #answered = 0;

  constructor(socket: Socket, order: DeliveryOrder) {
    this.#socket = socket;
    this.#order = order;
    this.#sentAt = new Float64Array(order.count);
    this.#latencies = new Float64Array(order.count);
    if (order.everyMs === 0) this.#fill();
    else this.#sendInTime();
  }

  get done(): Promise<Delivered> {
    return this.#done.promise;
  }

  onDelivered(sequenceNumber: number, commandStatus: number): void {
    if (commandStatus !== 0) throw new Error(`a deliver_sm was answered ${commandStatus}`);
    const now = sharedNow();
    const index = sequenceNumber - 1;
    this.#latencies[index] = now - (this.#sentAt[index] ?? Number.NaN);
    this.#answered += 1;
    if (this.#answered === this.#order.count) {
      this.#done.resolve({ seconds: (now - this.#startedAt) / 1_000, latenciesMs: this.#latencies });
    }
    if (this.#order.everyMs === 0) this.#fill();
  }

  #fill(): void {
    const { count, window } = this.#order;
    const pdus: Buffer[] = [];
    while (this.#sent < count && this.#sent - this.#answered < window) pdus.push(this.#next());
    if (pdus.length > 0) this.#socket.write(Buffer.concat(pdus));
  }

  #sendInTime(): void {
    this.#socket.write(this.#next());
    if (this.#sent === this.#order.count) return;
    const dueAt = this.#startedAt + this.#sent * this.#order.everyMs;
    setTimeout(() => this.#sendInTime(), Math.max(0, dueAt - sharedNow()));
  }

  #next(): Buffer {
    const { kind, first } = this.#order;
    const number = first + this.#sent;
    this.#sentAt[this.#sent] = sharedNow();
    this.#sent += 1;
    return deliverSm(kind, number, this.#sent);
  }
}

const receiptEsmClass = 0x04;

function deliverSm(kind: Incoming, number: number, sequenceNumber: number): Buffer {
  const text = shortMessageOf(kind, number);
  const esmClass = kind === 'receipts' ? receiptEsmClass : 0;
  // service_type, then both addresses, each an international number; esm_class and what follows it up to sm_length.
  const addresses = `\0\x01\x01${handsetOf(number)}\0\x01\x01447700900000\0`;
  const fields = Buffer.from([esmClass, 0, 0, 0, 0, 0, 0, 0, 0, text.length]);
  const body = Buffer.concat([Buffer.from(addresses, 'latin1'), fields, Buffer.from(text, 'latin1')]);
  const header = Buffer.alloc(headerOctets);
  header.writeUInt32BE(headerOctets + body.length, 0);
  header.writeUInt32BE(0x05, 4);
  header.writeUInt32BE(sequenceNumber, 12);
  return Buffer.concat([header, body]);
}
