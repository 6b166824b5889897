import type { Socket } from 'node:net';
import type { PDU } from '../support/smpp-oracle.ts';
import { type Fields, SmscConnection } from '../support/smsc-connection.ts';
import { socketPair } from '../support/socket-pair.ts';
import { OctetTap } from './octet-tap.ts';

/** The fields of the response to the n-th submit_sm of a connection, counted from 0. */
export type SubmitAnswer = (request: PDU, n: number) => Fields;

/** The network between the connector and an SMSC: what was dialled, and what went over each connection. */
export class Wire {
  /** What the connector wrote, and where the SMSC writes, of each connection. */
  readonly taps: OctetTap[] = [];
  /** Hosts that cannot be reached. */
  readonly unreachable = new Set<string>();
  readonly dialled: string[] = [];
  readonly #serve: (server: Socket) => void;

  constructor(serve: (server: Socket) => void) {
    this.#serve = serve;
  }

  connect(host: string): Socket {
    this.dialled.push(host);
    if (this.unreachable.has(host)) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const [client, server] = socketPair();
    this.taps.push(new OctetTap(server));
    this.#serve(server);
    return client;
  }

  /** What the connector wrote so far, by command. */
  written(command: string): PDU[] {
    return this.taps.flatMap(({ pdus }) => pdus).filter((pdu) => pdu.command === command);
  }

  /** Octets from the SMSC over its newest connection, whatever they are. */
  writeRaw(octets: Uint8Array): void {
    const tap = this.taps.at(-1);
    if (tap === undefined) throw new Error('nobody is connected');
    tap.write(octets);
  }
}

/** An SMSC that accepts everything, and answers each submit_sm by `answer`. */
export function serveScripted(server: Socket, answer: SubmitAnswer): void {
  let count = 0;
  const connection = new SmscConnection(server, (pdu) => {
    if (pdu.isResponse()) return;
    if (pdu.command !== 'submit_sm') return connection.write(pdu.response());
    connection.write(pdu.response(answer(pdu, count)));
    count += 1;
  });
}
