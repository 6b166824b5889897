import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { closeServer, listenOnLoopback } from '../../local/loopback.ts';
import { Frames } from './frames.ts';
import type { PeerFault } from './peer-faults.ts';

export interface NetworkOptions {
  readonly life: () => number;
  /** A PDU of the connector; says whether it goes on to the SMSC. */
  readonly onSent: (frame: Buffer, link: Link) => boolean;
  /** A PDU of the SMSC that goes to the connector now. */
  readonly onAnswer: (frame: Buffer, link: Link) => void;
  readonly onEnd: (link: Link) => void;
  /** The SMSC is away, and the connector called it. */
  readonly onRefused: () => void;
}

/** The connector's way to the SMSC: sees every PDU, and is where connections break. */
export class Network {
  readonly #options: NetworkOptions;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #count = 0;
  /** The SMSC's; undefined while it is away. */
  target: number | undefined;

  constructor(options: NetworkOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#onConnector(socket));
  }

  /** Resolves with the port for the connector. */
  start(): Promise<number> {
    return listenOnLoopback(this.#server, 0);
  }

  async stop(): Promise<void> {
    for (const link of this.#links) link.cut('RST');
    await closeServer(this.#server);
  }

  /** Resolves when no connection is left of that process, which is gone and was read to its end. */
  async ended(life: number): Promise<void> {
    const left = [...this.#links].filter((link) => link.life === life);
    for (const link of left) link.cut('RST');
    await Promise.all(left.map((link) => link.ended));
  }

  #onConnector(socket: Socket): void {
    if (this.target === undefined) {
      socket.on('error', () => {});
      socket.resetAndDestroy();
      this.#options.onRefused();
      return;
    }
    this.#count += 1;
    const link = new Link(this.#count, this.#options, socket, this.target);
    this.#links.add(link);
    void link.ended.then(() => {
      this.#links.delete(link);
      this.#options.onEnd(link);
    });
  }
}

type Frozen = Extract<PeerFault, { kind: 'freeze' }>['what'];

/** One connection of the connector to the SMSC. */
export class Link {
  readonly number: number;
  readonly life: number;
  readonly ended: Promise<void>;
  readonly #options: NetworkOptions;
  readonly #connector: Socket;
  readonly #smsc: Socket;
  readonly #sent = new Frames();
  readonly #answers = new Frames();
  #frozen: Frozen | undefined;
  /** What waits for the thaw. */
  #held: (() => void)[] = [];

  constructor(number: number, options: NetworkOptions, connector: Socket, target: number) {
    this.number = number;
    this.#options = options;
    this.life = options.life();
    this.#connector = connector;
    this.#smsc = connect({ port: target, host: '127.0.0.1', noDelay: true });
    this.ended = new Promise((resolve) => connector.once('close', () => resolve()));
    connector.on('data', (octets) => this.#onSent(octets));
    this.#smsc.on('data', (octets) => this.#onAnswers(octets));
    // Either end that goes takes the other with it; why it went is no matter here.
    connector.on('error', () => {});
    this.#smsc.on('error', () => {});
    connector.once('close', () => this.#smsc.destroy());
    this.#smsc.once('close', () => connector.destroySoon());
  }

  /** `half a PDU`: the connector gets the beginning of one, then the reset. */
  cut(by: Extract<PeerFault, { kind: 'cut' }>['by']): void {
    this.#smsc.destroy();
    if (by === 'FIN') {
      this.#connector.end();
      return;
    }
    if (by === 'RST') {
      this.#connector.resetAndDestroy();
      return;
    }
    this.#connector.end(Buffer.from('00000015800000', 'hex'));
  }

  /** Both ends stay connected, and hear nothing more. */
  freeze(what: Frozen, thawMs: number | undefined): void {
    this.#frozen = what;
    if (thawMs !== undefined) void setTimeout(thawMs).then(() => this.#thaw());
  }

  #thaw(): void {
    this.#frozen = undefined;
    for (const go of this.#held.splice(0)) go();
  }

  #onSent(octets: Buffer): void {
    for (const frame of this.#sent.take(octets)) {
      if (!this.#options.onSent(frame, this)) continue;
      this.#passUnless(this.#frozen === 'all', () => write(this.#smsc, frame));
    }
  }

  #onAnswers(octets: Buffer): void {
    for (const frame of this.#answers.take(octets)) {
      this.#passUnless(this.#frozen !== undefined, () => {
        this.#options.onAnswer(frame, this);
        write(this.#connector, frame);
      });
    }
  }

  #passUnless(isFrozen: boolean, go: () => void): void {
    if (isFrozen) this.#held.push(go);
    else go();
  }
}

function write(socket: Socket, octets: Buffer): void {
  if (socket.writable) socket.write(octets);
}
