import type { Clock } from '../../../connector/clock.ts';
import type { Stage } from '../play/stage.ts';
import { headerOctets, responseBit } from '../smpp.ts';
import type { Counters } from './counters.ts';
import { malformed } from './malformed.ts';
import { withMore } from './pdu-octets.ts';

/** More waits for a peer only if it has stopped reading. */
const maxWaitingOctets = 16 * 1_048_576;
/** The longest piece of those that have random lengths. */
const maxPieceOctets = 64;

/** As much of a socket as is written to. */
export interface OctetSink {
  readonly writable: boolean;
  readonly writableLength: number;
  write(octets: Uint8Array, onWritten: (error?: Error | null) => void): boolean;
  end(): unknown;
}

export interface WireOptions {
  readonly socket: OctetSink;
  readonly stage: Stage;
  readonly clock: Clock;
  readonly random: () => number;
  readonly counters: Counters;
  /** The peer has stopped reading; nothing more should be written. */
  readonly onStuck: (error: Error) => void;
  /** Runs something in a later turn of the event loop. @default setImmediate */
  readonly later?: (run: () => void) => void;
}

/**
 * `idle`: nothing is due. `soon`: written in a later turn of the event loop, with all that comes until then.
 * `collecting`: written when a time is over, which `cancel` calls off. `writing`: the socket has not taken all of
 * it yet. `ended`: FIN follows what is written.
 */
type Due =
  | { readonly kind: 'idle' | 'soon' | 'writing' | 'ended' }
  | { readonly kind: 'collecting'; readonly cancel: () => void };

/** The only writer of a connection: keeps the order, however oddly it writes. */
export class Wire {
  readonly #options: WireOptions;
  readonly #later: (run: () => void) => void;
  readonly #queue: Buffer[] = [];
  #queuedOctets = 0;
  #written = 0;
  #due: Due = { kind: 'idle' };
  #held = false;
  #ending = false;

  constructor(options: WireOptions) {
    this.#options = options;
    this.#later = options.later ?? setImmediate;
  }

  /** A PDU, which goes out as it is, or as the play has it. */
  write(pdu: Buffer): void {
    if (!this.#takes) return;
    const { counters, stage, random } = this.#options;
    const { malformed: bad, trailing, lastNul } = stage.behaviour.wire;
    counters.pdusOut++;
    if (bad !== null && ++this.#written % bad.every === 0) {
      counters.malformedOut++;
      this.#push(malformed(stage.inTurn(bad.kinds), random));
    }
    const cut = lastNul === 'dropped' ? withoutLastNul(pdu) : pdu;
    this.#push(trailing === '' ? cut : withMore(cut, Buffer.from(trailing, 'hex')));
  }

  /** Octets that are of no PDU. */
  writeRaw(octets: Buffer): void {
    if (this.#takes) this.#push(octets);
  }

  /** From now on what is written waits for `release`. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#wake();
  }

  /** Hands what waits to the socket at once, unless it is to go out oddly. */
  flush(): void {
    if (this.#due.kind === 'soon') this.#pump();
  }

  /** What is collected goes out by what is played now. */
  playChanged(): void {
    if (this.#due.kind !== 'collecting') return;
    this.#due.cancel();
    this.#due = { kind: 'idle' };
    this.#wake();
  }

  /** Closes this side of the connection behind all that was written. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    if (this.#due.kind === 'collecting') this.playChanged();
    else this.#wake();
  }

  /** The connection is gone. */
  closed(): void {
    this.#ending = true;
    this.#clear();
    if (this.#due.kind === 'collecting') this.#due.cancel();
    this.#due = { kind: 'ended' };
  }

  get #takes(): boolean {
    return !this.#ending && this.#options.socket.writable;
  }

  #push(octets: Buffer): void {
    this.#queue.push(octets);
    this.#queuedOctets += octets.length;
    if (this.#queuedOctets + this.#options.socket.writableLength > maxWaitingOctets) {
      this.#clear();
      this.#options.onStuck(new Error(`the ESME does not read: more than ${maxWaitingOctets} octets wait for it`));
      return;
    }
    this.#wake();
  }

  #wake(): void {
    if (this.#due.kind !== 'idle' || this.#held) return;
    const { togetherMs } = this.#options.stage.behaviour.wire;
    if (togetherMs === null || this.#ending) {
      this.#soon();
      return;
    }
    const cancel = this.#options.clock.after(togetherMs, () => this.#pump());
    this.#due = { kind: 'collecting', cancel };
  }

  #soon(): void {
    this.#due = { kind: 'soon' };
    this.#later(() => this.flush());
  }

  #pump(): void {
    this.#due = { kind: 'idle' };
    if (this.#held) return;
    const { socket } = this.#options;
    if (!socket.writable) {
      this.#clear();
      return;
    }
    const octets = this.#take();
    if (octets === undefined) {
      if (!this.#ending) return;
      this.#due = { kind: 'ended' };
      socket.end();
      return;
    }
    this.#due = { kind: 'writing' };
    socket.write(octets, (error) => {
      this.#due = { kind: 'idle' };
      // The connection is gone, and the session is told so by its socket.
      if (error) this.#clear();
      else if (this.#queue.length > 0 || this.#ending) this.#soon();
    });
  }

  /** All that waits; or a piece of it, so that each is a write of its own. */
  #take(): Buffer | undefined {
    const { split } = this.#options.stage.behaviour.wire;
    const [first] = this.#queue;
    if (first === undefined) return undefined;
    if (split === null) {
      const all = this.#queue.length === 1 ? first : Buffer.concat(this.#queue);
      this.#clear();
      return all;
    }
    const length = split === 'random' ? 1 + Math.floor(this.#options.random() * maxPieceOctets) : split;
    if (length < first.length) this.#queue[0] = first.subarray(length);
    else this.#queue.shift();
    const piece = first.subarray(0, length);
    this.#queuedOctets -= piece.length;
    return piece;
  }

  #clear(): void {
    this.#queue.length = 0;
    this.#queuedOctets = 0;
  }
}

/** A response whose body is one C-octet string, without the end of that string. */
function withoutLastNul(pdu: Buffer): Buffer {
  const isResponse = pdu.readUInt32BE(4) >= responseBit;
  const nul = pdu.indexOf(0, headerOctets);
  if (!isResponse || nul < 0 || nul !== pdu.length - 1) return pdu;
  return withMore(pdu.subarray(0, -1));
}
