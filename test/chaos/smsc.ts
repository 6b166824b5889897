import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { closeServer, listenOnLoopback } from '../../local/loopback.ts';
import { PDU } from '../support/smpp-oracle.ts';
import { Deliveries } from './deliveries.ts';
import { Frames } from './frames.ts';
import type { SegmentStory } from './message-story.ts';
import { indexOf } from './plan.ts';
import type { Story } from './story.ts';

const udhIndicator = 0x40;
/** Where a part's number is in the UDH of a concatenated message with an 8-bit reference (3GPP TS 23.040, 9.2.3.24.1). */
const partAt = 5;

/** Whose submit_sm it is, by its text: every segment begins with its message's mark. */
export function segmentOf(submit: PDU, story: Story): SegmentStory {
  const octets = submit.short_message as Buffer;
  const hasUdh = (Number(submit.esm_class) & udhIndicator) !== 0;
  const text = octets.toString('latin1', hasUdh ? partAt + 1 : 0);
  const message = story.message(indexOf('C', text));
  return message.segment(hasUdh ? (octets[partAt] ?? 0) : 1);
}

/** What becomes of the next submit_sm. */
export type Answer = { readonly kind: 'refuse'; readonly commandStatus: number } | { readonly kind: 'say nothing' };

export interface SmscOptions {
  readonly story: Story;
  /** Asked before a submit_sm that was accepted is answered: false when nobody is there any more. */
  readonly onAccepted: (segment: SegmentStory) => boolean;
  readonly onFault: (error: unknown) => void;
}

/**
 * An SMSC that keeps what it accepted and what it has to deliver through its restarts. It speaks through the package
 * `smpp`'s codec, which shares nothing with the connector's.
 */
export class Smsc {
  readonly deliveries: Deliveries;
  readonly #options: SmscOptions;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #exceptions: Answer[] = [];
  #accepted = 0;

  constructor(options: SmscOptions) {
    this.#options = options;
    this.deliveries = new Deliveries(options.story);
  }

  /** Resolves with the port, each time another one. */
  start(): Promise<number> {
    this.#server = createServer({ noDelay: true }, (socket) => this.#onConnection(socket));
    return listenOnLoopback(this.#server, 0);
  }

  async stop(): Promise<void> {
    const closed = [...this.#sockets].map((socket) => once(socket, 'close'));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
    if (this.#server !== undefined) await closeServer(this.#server);
  }

  /** The next submit_sm are answered like this. */
  expect(answer: Answer, submits: number): void {
    for (let count = 0; count < submits; count += 1) this.#exceptions.push(answer);
  }

  #onConnection(socket: Socket): void {
    const frames = new Frames();
    this.#sockets.add(socket);
    socket.on('data', (octets) => {
      try {
        for (const frame of frames.take(octets)) this.#onPdu(new PDU(frame), socket);
      } catch (cause) {
        this.#options.onFault(cause);
        socket.destroy();
      }
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.deliveries.lost(socket);
    });
  }

  #onPdu(pdu: PDU, socket: Socket): void {
    switch (pdu.command) {
      case 'bind_transceiver':
        write(socket, pdu.response({ system_id: 'chaos' }));
        this.deliveries.over(socket);
        return;
      case 'submit_sm':
        this.#onSubmit(pdu, socket);
        return;
      case 'deliver_sm_resp':
        this.deliveries.answered(socket, pdu.sequence_number, pdu.command_status);
        return;
      case 'enquire_link':
        write(socket, pdu.response());
        return;
      case 'unbind':
        write(socket, pdu.response());
        socket.end();
        return;
      default:
        if (!pdu.isResponse()) throw new Error(`the connector asked what an ESME does not: ${pdu.command}`);
    }
  }

  #onSubmit(pdu: PDU, socket: Socket): void {
    const { story, onAccepted } = this.#options;
    const segment = segmentOf(pdu, story);
    const exception = this.#exceptions.shift();
    if (exception?.kind === 'refuse') {
      story.refused(segment, exception.commandStatus);
      write(socket, pdu.response({ command_status: exception.commandStatus }));
      return;
    }
    this.#accepted += 1;
    const smscMessageId = this.#accepted.toString(16).padStart(8, '0');
    story.arrived(segment, smscMessageId);
    this.deliveries.receipt(segment, smscMessageId, pdu);
    if (!onAccepted(segment)) return;
    if (exception === undefined) void this.#answer(pdu, socket, smscMessageId);
    else story.unanswered(segment, 'the SMSC says nothing');
  }

  /** A few milliseconds later: with a window, answers and further submit_sm cross each other. */
  async #answer(pdu: PDU, socket: Socket, message_id: string): Promise<void> {
    await setTimeout(this.#accepted % 4);
    write(socket, pdu.response({ message_id }));
  }
}

function write(socket: Socket, pdu: PDU): void {
  if (socket.writable) socket.write(pdu.toBuffer());
}
