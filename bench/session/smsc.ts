import { createServer, type Server, type Socket } from 'node:net';

/** What the SMSC says of a connection when it has closed. */
export interface Served {
  /** As the bind asked for it. */
  readonly roundTripMs: number;
  readonly submits: number;
  /** Of its process, from the bind on. */
  readonly cpuUs: number;
  readonly seconds: number;
  /** How much later than asked for an answer was written, in ms. 0 where none was to wait. */
  readonly lateMs: { readonly mean: number; readonly worst: number };
}

/**
 * An SMSC of which nothing is wanted but speed: it looks at length, command and sequence number, and answers all that
 * one read brought by one write, so many ms later as the bind's system_type says.
 */
export function createSmsc(onServed: (served: Served) => void): Server {
  return createServer({ noDelay: true }, (socket) => new Connection(socket, onServed));
}

const headerOctets = 16;
const messageIdOctets = 8;
const submitRespOctets = headerOctets + messageIdOctets + 1;
const minSubmitOctets = headerOctets + 17;
const hexDigits = Buffer.from('0123456789abcdef', 'latin1');

const command = { submitSm: 0x04, unbind: 0x06, bindTransceiver: 0x09, enquireLink: 0x15 } as const;

/**
 * A timer of Node's comes up to 2 ms late, a tenth of a round trip of 20 ms: the last of the wait is spent asking
 * the event loop again and again.
 */
const timerFaultMs = 3;

interface Waiting {
  readonly dueAt: number;
  readonly octets: Buffer;
  readonly submits: number;
}

class Connection {
  readonly #socket: Socket;
  readonly #onServed: (served: Served) => void;
  /** In the order of being due, for all wait equally long. */
  readonly #waiting: Waiting[] = [];
  #delayMs = 0;
  #slab = Buffer.allocUnsafeSlow(65_536);
  #rest: Buffer | undefined;
  #submits = 0;
  #awake = false;
  #late = { sum: 0, worst: 0, submits: 0 };
  #boundAt = { ms: performance.now(), cpu: process.cpuUsage() };

  constructor(socket: Socket, onServed: (served: Served) => void) {
    this.#socket = socket;
    this.#onServed = onServed;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    // A contender that failed says so itself.
    socket.on('error', () => {});
    socket.on('close', () => this.#onClose());
  }

  #onData(chunk: Buffer): void {
    const octets = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    // No request is shorter than its answer but a bind, an unbind and an enquire_link, which come alone.
    const room = Math.ceil(octets.length / minSubmitOctets) * submitRespOctets + 64;
    const answers = this.#delayMs === 0 ? this.#slabOf(room) : Buffer.allocUnsafe(room);
    const submitsBefore = this.#submits;
    let at = 0;
    let written = 0;
    while (at + headerOctets <= octets.length) {
      const end = at + octets.readUInt32BE(at);
      if (end > octets.length) break;
      written = this.#answer(octets, at, answers, written);
      at = end;
    }
    this.#rest = at === octets.length ? undefined : octets.subarray(at);
    if (written > 0) this.#send(answers.subarray(0, written), this.#submits - submitsBefore);
  }

  /** Free again when the socket has taken all that was in it. */
  #slabOf(room: number): Buffer {
    if (room > this.#slab.length || this.#socket.writableLength > 0) {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(room, this.#slab.length));
    }
    return this.#slab;
  }

  /** Returns the offset behind the answer. */
  #answer(octets: Buffer, at: number, answers: Buffer, to: number): number {
    const commandId = octets.readUInt32BE(at + 4);
    switch (commandId) {
      case command.submitSm:
        this.#submits += 1;
        return writeAnswer({ octets, at, answers, to, messageId: this.#submits });
      case command.bindTransceiver:
        this.#onBind(octets, at);
        return writeAnswer({ octets, at, answers, to, messageId: 0 });
      case command.unbind:
      case command.enquireLink:
        return writeAnswer({ octets, at, answers, to });
      default:
        throw new Error(`unexpected command 0x${commandId.toString(16)}`);
    }
  }

  #onBind(octets: Buffer, at: number): void {
    const [, , systemType = ''] = octets.toString('latin1', at + headerOctets).split('\0');
    this.#delayMs = Number(systemType);
    this.#boundAt = { ms: performance.now(), cpu: process.cpuUsage() };
  }

  #send(answers: Buffer, submits: number): void {
    if (this.#delayMs === 0 || submits === 0) {
      this.#socket.write(answers);
      return;
    }
    this.#waiting.push({ dueAt: performance.now() + this.#delayMs, octets: answers, submits });
    if (!this.#awake) this.#wakeForFirst();
  }

  /** Sends what is due, and comes again for the next. */
  readonly #onWake = (): void => {
    const now = performance.now();
    let sent = 0;
    for (const { dueAt, octets, submits } of this.#waiting) {
      if (dueAt > now) break;
      sent += 1;
      this.#socket.write(octets);
      this.#late.sum += (now - dueAt) * submits;
      this.#late.worst = Math.max(this.#late.worst, now - dueAt);
      this.#late.submits += submits;
    }
    if (sent > 0) this.#waiting.splice(0, sent);
    this.#wakeForFirst();
  };

  #wakeForFirst(): void {
    const [first] = this.#waiting;
    this.#awake = first !== undefined && !this.#socket.destroyed;
    if (first === undefined || !this.#awake) return;
    const wait = first.dueAt - performance.now();
    if (wait > timerFaultMs) setTimeout(this.#onWake, wait - timerFaultMs);
    else setImmediate(this.#onWake);
  }

  #onClose(): void {
    const { user, system } = process.cpuUsage(this.#boundAt.cpu);
    const { sum, worst, submits } = this.#late;
    this.#onServed({
      roundTripMs: this.#delayMs,
      submits: this.#submits,
      cpuUs: user + system,
      seconds: (performance.now() - this.#boundAt.ms) / 1_000,
      lateMs: { mean: submits === 0 ? 0 : sum / submits, worst },
    });
  }
}

interface Answer {
  readonly octets: Buffer;
  readonly at: number;
  readonly answers: Buffer;
  readonly to: number;
  /** None: an answer without a body. */
  readonly messageId?: number;
}

function writeAnswer({ octets, at, answers, to, messageId }: Answer): number {
  const end = to + (messageId === undefined ? headerOctets : submitRespOctets);
  answers.writeUInt32BE(end - to, to);
  answers.writeUInt32BE(0x80000000 + octets.readUInt32BE(at + 4), to + 4);
  answers.writeUInt32BE(0, to + 8);
  for (let octet = 12; octet < headerOctets; octet += 1) answers[to + octet] = octets[at + octet] as number;
  if (messageId === undefined) return end;
  // The message_id, or a system_id of eight digits: both are one C-octet string.
  let left = messageId;
  for (let digit = end - 2; digit >= to + headerOctets; digit -= 1) {
    answers[digit] = hexDigits[left & 0xf] as number;
    left >>>= 4;
  }
  answers[end - 1] = 0;
  return end;
}
