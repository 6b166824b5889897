import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Passes octets on, later or never: between an end of a connection and its owner. */
export type Gate = (pass: () => void) => void;

export const open: Gate = (pass) => pass();

/** Both ends of a connection without a network; the gates are the way out of the first, and into it. */
export function socketPair(out: Gate = open, into: Gate = open): [Socket, Socket] {
  const client = new End(out);
  const server = new End(into);
  client.join(server);
  server.join(client);
  return [client as unknown as Socket, server as unknown as Socket];
}

/** What of a `Socket` the two sides use. Its writes are done at once: the kernel has them. */
class End extends Duplex {
  static #count = 0;
  readonly remoteAddress = 'memory';
  readonly remotePort = ++End.#count;
  readonly #gate: Gate;
  #other: End | undefined;
  #isOver = false;

  constructor(gate: Gate) {
    super({ allowHalfOpen: false });
    this.#gate = gate;
  }

  join(other: End): void {
    this.#other = other;
  }

  setNoDelay(): this {
    return this;
  }

  resetAndDestroy(): this {
    this.#gate(() => this.#other?.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })));
    return this.destroy();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    // The writer may use its buffer again.
    const octets = Buffer.from(chunk);
    this.#gate(() => this.#other?.arrive(octets));
    done();
  }

  override _final(done: () => void): void {
    this.#gate(() => this.#other?.arrive(null));
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#gate(() => this.#other?.arrive(null));
    done(error);
  }

  arrive(octets: Buffer | null): void {
    if (this.destroyed || this.#isOver) return;
    this.#isOver = octets === null;
    this.push(octets);
  }
}
