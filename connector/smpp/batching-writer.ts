import type { Socket } from 'node:net';

/** Writes PDUs to a socket: each in one piece, and all of one turn of the event loop together. */
export class BatchingWriter {
  readonly #socket: Socket;
  #corked = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  write(octets: Buffer): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      queueMicrotask(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(octets);
  }
}
