import { createServer, type Server, type Socket } from 'node:net';

export interface SmscOptions {
  /** Whether it can be reached: while not, every connection is cut. */
  readonly isOpen: () => boolean;
  readonly roundTripMs: () => number;
  /** A submit_sm has arrived, to this recipient. */
  readonly onSubmit: (recipient: string) => void;
  /** So many submit_sm were answered, so long after they came. Told only where there is a round trip. */
  readonly onAnswered: (submits: number, afterMs: number) => void;
  readonly onBound: (socket: Socket) => void;
  /** The answer to a deliver_sm. */
  readonly onDelivered: (sequenceNumber: number, commandStatus: number) => void;
}

/** An SMSC of which nothing is wanted but speed: it accepts every submit_sm, and sends deliver_sm when asked to. */
export function createSmsc(options: SmscOptions): Server {
  return createServer({ noDelay: true }, (socket) => {
    // A connector that fails says so itself.
    socket.on('error', () => {});
    if (!options.isOpen()) {
      socket.destroy();
      return;
    }
    serve(socket, options);
  });
}

export const headerOctets = 16;
const command = {
  submitSm: 0x04,
  unbind: 0x06,
  bindTransceiver: 0x09,
  enquireLink: 0x15,
  deliverSmResp: 0x80000005,
} as const;

function serve(socket: Socket, options: SmscOptions): void {
  const late = new LateWrites(socket, options.onAnswered);
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const octets = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const answers: Buffer[] = [];
    let at = 0;
    while (at + 4 <= octets.length && at + octets.readUInt32BE(at) <= octets.length) {
      const end = at + octets.readUInt32BE(at);
      const answer = answerTo(octets.subarray(at, end), socket, options);
      if (answer !== undefined) answers.push(answer);
      at = end;
    }
    rest = octets.subarray(at);
    if (answers.length > 0) late.write(Buffer.concat(answers), answers.length, options.roundTripMs());
  });
}

function answerTo(pdu: Buffer, socket: Socket, options: SmscOptions): Buffer | undefined {
  const commandId = pdu.readUInt32BE(4);
  const sequenceNumber = pdu.readUInt32BE(12);
  switch (commandId) {
    case command.submitSm:
      options.onSubmit(recipientOf(pdu));
      return response(pdu, sequenceNumber.toString(16).padStart(8, '0'));
    case command.bindTransceiver:
      options.onBound(socket);
      return response(pdu, 'bench');
    case command.enquireLink:
    case command.unbind:
      return response(pdu);
    case command.deliverSmResp:
      options.onDelivered(sequenceNumber, pdu.readUInt32BE(8));
      return undefined;
    default:
      throw new Error(`unexpected command 0x${commandId.toString(16)}`);
  }
}

function response(pdu: Buffer, text?: string): Buffer {
  const body = text === undefined ? Buffer.alloc(0) : Buffer.from(`${text}\0`, 'latin1');
  const header = Buffer.alloc(headerOctets);
  header.writeUInt32BE(headerOctets + body.length, 0);
  header.writeUInt32BE(0x80000000 + pdu.readUInt32BE(4), 4);
  header.writeUInt32BE(pdu.readUInt32BE(12), 12);
  return Buffer.concat([header, body]);
}

/** destination_addr: behind service_type and source_addr, each with its end, and the types of both numbers. */
function recipientOf(submitSm: Buffer): string {
  const source = submitSm.indexOf(0, headerOctets) + 3;
  const destination = submitSm.indexOf(0, source) + 3;
  return submitSm.toString('latin1', destination, submitSm.indexOf(0, destination));
}

/** Writes that wait for a round trip. */
class LateWrites {
  readonly #socket: Socket;
  readonly #onWritten: SmscOptions['onAnswered'];

  constructor(socket: Socket, onWritten: SmscOptions['onAnswered']) {
    this.#socket = socket;
    this.#onWritten = onWritten;
  }

  /** All wait equally long, and timers of one length fire in order. */
  write(octets: Buffer, submits: number, afterMs: number): void {
    if (afterMs === 0) {
      this.#socket.write(octets);
      return;
    }
    const begunAt = performance.now();
    setTimeout(() => {
      this.#socket.write(octets);
      this.#onWritten(submits, performance.now() - begunAt);
    }, afterMs);
  }
}
