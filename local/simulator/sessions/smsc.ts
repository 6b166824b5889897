import type { Socket } from 'node:net';
import type { Session } from 'smpp';
import type { Clock } from '../../../connector/clock.ts';
import type { Stage } from '../play/stage.ts';
import { type Account, Accounts } from './accounts.ts';
import { Counters } from './counters.ts';
import { Maintenance } from './maintenance.ts';
import { SmscSession } from './session.ts';
import type { SmscPorts } from './session-surroundings.ts';
import type { SmscEvent } from './smsc-event.ts';
import { SmscHost } from './smsc-host.ts';

export interface SmscOptions {
  readonly accounts: readonly Account[];
  /** Of the first host; the others take any free ones. @default 0: any free one; after a `stop` the same again */
  readonly port?: number;
  /** How many ports it listens on. @default 1 */
  readonly hosts?: number;
  /** In PEM. @default without TLS */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly stage: Stage;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onEvent?: (event: SmscEvent) => void;
}

const maxConnections = 1_000;

/** An SMSC on 127.0.0.1: its ports, who is connected, and how it talks. What becomes of messages is its ports' matter. */
export class Smsc {
  readonly #options: SmscOptions;
  readonly #ports: SmscPorts;
  readonly #hosts: readonly SmscHost[];
  readonly #maintenance: Maintenance;
  readonly #accounts: Accounts;
  readonly #counters = new Counters();
  readonly #sessions = new Set<SmscSession>();
  #listening = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: SmscOptions, ports: SmscPorts) {
    const { accounts, port = 0, hosts = 1, tls, stage, clock } = options;
    this.#options = options;
    this.#ports = {
      onRequest: (pdu, session) => ports.onRequest(pdu, session),
      onReceiver: (session) => ports.onReceiver(session),
      onFault: (error) => {
        this.#counters.faults++;
        ports.onFault(error);
      },
    };
    this.#accounts = new Accounts(accounts, { stage, clock });
    this.#hosts = Array.from({ length: hosts }, (_, index) => {
      return new SmscHost({
        port: index === 0 ? port : 0,
        tls,
        clock,
        takes: () => this.#takes(),
        onSession: (session, reset) => this.#accept(session, reset),
        onFault: this.#ports.onFault,
      });
    });
    this.#maintenance = new Maintenance({ hosts: this.#hosts, stage, clock });
    stage.onChange(() => this.#playChanged());
  }

  /** Of the first host. */
  get port(): number {
    return this.ports[0] ?? 0;
  }

  get ports(): readonly number[] {
    return this.#hosts.map(({ port }) => port);
  }

  /** The open ones. */
  get sessions(): readonly SmscSession[] {
    return [...this.#sessions];
  }

  /** After what was asked before, so that a stop never overtakes a start. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  /** As if its machine had been switched off: every connection drops at once, none is accepted. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  /** As if nobody had been bound before those who are. */
  reset(): void {
    this.#accounts.forgetEnds();
  }

  async #start(): Promise<void> {
    try {
      for (const host of this.#hosts) await host.start();
    } catch (cause) {
      await this.#stop();
      throw cause;
    }
    this.#listening = true;
    this.#maintenance.start();
  }

  async #stop(): Promise<void> {
    this.#listening = false;
    this.#maintenance.stop();
    const { sessions } = this;
    await Promise.all(this.#hosts.map((host) => host.stop()));
    await Promise.all(sessions.map(({ closed }) => closed));
    this.#accounts.forget();
  }

  /** Serves the other end of `socket`, which need not be of a network, over the first host. */
  serve(socket: Socket): void {
    this.#hosts[0]?.serve(socket);
  }

  stats() {
    return {
      listening: this.#listening,
      port: this.port,
      ports: this.ports,
      // With the numbers by which single ones can be ended.
      sessions: this.sessions.map(({ number, state }) => ({ number, ...state })),
      ...this.#counters,
    };
  }

  #inTurn(run: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(run);
    // Whoever asked hears of it; the next one begins all the same.
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #takes(): boolean {
    if (this.#options.stage.behaviour.connections.service === 'drop') return false;
    const connections = this.#hosts.reduce((sum, host) => sum + host.connections, 0);
    if (connections < maxConnections) return true;
    this.#ports.onFault(new Error(`a connection is refused: there are ${maxConnections} already`));
    return false;
  }

  #accept(connection: Session, reset: () => void): void {
    this.#counters.connections++;
    const { stage, clock, random, onEvent = () => {} } = this.#options;
    const session = new SmscSession(
      {
        number: this.#counters.connections,
        session: connection,
        reset,
        onClosed: () => this.#sessions.delete(session),
      },
      { stage, clock, random, accounts: this.#accounts, counters: this.#counters, ports: this.#ports, onEvent },
    );
    this.#sessions.add(session);
  }

  #playChanged(): void {
    if (this.#listening) this.#maintenance.start();
    for (const session of this.#sessions) session.playChanged();
  }
}
