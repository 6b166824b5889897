import type { Socket } from 'node:net';
import type { PDU } from './smpp-oracle.ts';
import { SmscConnection } from './smsc-connection.ts';
import { type Gate, open, socketPair } from './socket-pair.ts';

/** One submit_sm as the SMSC got it. */
export interface Arrival {
  /** Which connector wrote it. */
  readonly by: string;
  /** Its text, without the header of a segment. */
  readonly text: string;
  /** The header of a segment; empty for a message of one. */
  readonly header: Buffer;
  readonly to: string;
  readonly accepted: boolean;
}

/**
 * What the SMSC does about a submit_sm: a number is the command_status of its answer, 0 accepts it; `hold` accepts it
 * when the test releases it; after `silence` and `drop` (which resets the connection) it was accepted, and nobody hears of it.
 */
export type Answer = number | 'hold' | 'silence' | 'drop';

/**
 * An SMSC without sockets: what is written is there in the same turn of the event loop, so that under a fake clock hours
 * pass at once and every run is the same. Its PDUs are the package's, as those of the scripted SMSC.
 */
export class MemorySmsc {
  readonly arrivals: Arrival[] = [];
  /** Asked for each submit_sm; `count` is how many of that text and recipient came before it. */
  answer: (arrival: Omit<Arrival, 'accepted'>, count: number) => Answer = () => 0;
  /** Told of each submit_sm before it is answered. */
  onSubmit: (arrival: Arrival) => void = () => {};
  /** While set, connections are refused. */
  isDown = false;
  readonly #connections = new Map<SmscConnection, string>();
  readonly #held: (() => void)[] = [];
  #lastMessageId = 0;

  /** For a connector's `connect`. The gates are the connector's way out and in. */
  connect(by: string, out: Gate = open, into: Gate = open): Promise<Socket> {
    if (this.isDown) {
      return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    }
    const [client, server] = socketPair(out, into);
    const connection = new SmscConnection(server, (pdu) => this.#onPdu(pdu, connection, by));
    this.#connections.set(connection, by);
    void connection.closed.then(() => this.#connections.delete(connection));
    return Promise.resolve(client);
  }

  /** Answers what is held, oldest first: all, or `count`. */
  release(count = this.#held.length): void {
    for (const answer of this.#held.splice(0, count)) answer();
  }

  get held(): number {
    return this.#held.length;
  }

  /** Refuses new connections and drops those it has. */
  goDown(): void {
    this.isDown = true;
    for (const connection of this.#connections.keys()) connection.drop();
  }

  /** That connector's connections are gone, as when its process dies. */
  lose(by: string): void {
    for (const [connection, of] of this.#connections) if (of === by) connection.drop();
  }

  #onPdu(pdu: PDU, connection: SmscConnection, by: string): void {
    if (pdu.isResponse()) return;
    if (pdu.command === 'submit_sm') this.#onSubmit(pdu, connection, by);
    else connection.write(pdu.response());
  }

  #onSubmit(pdu: PDU, connection: SmscConnection, by: string): void {
    const came = { by, to: `+${pdu.destination_addr}`, ...partsOf(pdu) };
    const count = this.arrivals.filter(({ to, text }) => to === came.to && text === came.text).length;
    const answer = this.answer(came, count);
    const accepted = typeof answer === 'string' || answer === 0;
    const arrival = { ...came, accepted };
    this.arrivals.push(arrival);
    this.onSubmit(arrival);
    const accept = () => connection.write(pdu.response({ message_id: this.#newMessageId() }));
    if (answer === 'hold') this.#held.push(accept);
    else if (answer === 'drop') connection.drop();
    else if (answer === 0) accept();
    else if (typeof answer === 'number') connection.write(pdu.response({ command_status: answer }));
  }

  #newMessageId(): string {
    this.#lastMessageId += 1;
    return String(this.#lastMessageId);
  }
}

const udhIndicator = 0x40;

function partsOf(pdu: PDU): Pick<Arrival, 'text' | 'header'> {
  const octets = pdu.short_message as Buffer;
  const start = (Number(pdu.esm_class) & udhIndicator) === 0 ? 0 : (octets[0] ?? 0) + 1;
  return { text: octets.subarray(start).toString('latin1'), header: octets.subarray(0, start) };
}
