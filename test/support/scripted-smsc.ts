import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { PDU } from './smpp-oracle.ts';
import { type Fields, SmscConnection } from './smsc-connection.ts';
import { Waits } from './waits.ts';

/** What the SMSC does about one request. */
export type Reply = (request: PDU, connection: SmscConnection, smsc: ScriptedSmsc) => void;

/**
 * Replies by command: to the n-th request of a command the n-th reply, the last one to all further.
 * What is not named is answered as a friendly SMSC would.
 */
export type Conversation = Readonly<Record<string, Reply | readonly Reply[]>>;

/** Answers ESME_ROK; a submit_sm gets the next message id unless `fields` has one. */
export function ok(fields: Fields = {}): Reply {
  return (request, connection, smsc) => {
    const messageId = request.command === 'submit_sm' && { message_id: smsc.newMessageId() };
    connection.write(request.response({ ...messageId, ...fields }));
  };
}

/** Answers with this command_status and no body. */
export function refuse(commandStatus: number): Reply {
  return (request, connection) => connection.write(request.response({ command_status: commandStatus }));
}

/** Keeps the request in `smsc.held` until the test releases it; then `reply` answers it. */
export function hold(reply: Reply = ok()): Reply {
  return (request, connection, smsc) => smsc.held.add(request, () => reply(request, connection, smsc));
}

export function sendRaw(octets: Buffer): Reply {
  return (_, connection) => connection.sendRaw(octets);
}

export function inTurn(...replies: readonly Reply[]): Reply {
  return (...about) => {
    for (const reply of replies) reply(...about);
  };
}

export const silence: Reply = () => {};
export const freeze: Reply = (_, connection) => connection.freeze();
export const drop: Reply = (_, connection) => connection.drop();
export const hangUp: Reply = (_, connection) => connection.hangUp();

const friendly: Conversation = {
  bind_transceiver: ok({ system_id: 'scripted' }),
  bind_transmitter: ok({ system_id: 'scripted' }),
  bind_receiver: ok({ system_id: 'scripted' }),
  submit_sm: ok(),
  enquire_link: ok(),
  unbind: ok(),
};

/**
 * An SMSC on 127.0.0.1 that plays one conversation per connection, in order; the last one again for all
 * further connections. Nothing in it waits for time: a test awaits what the SMSC receives.
 *
 *   const smsc = await startScriptedSmsc([{ bind_transceiver: refuse(0x05) }, { submit_sm: [ok(), hold()] }]);
 */
export async function startScriptedSmsc(conversations: readonly Conversation[] = [{}]): Promise<ScriptedSmsc> {
  const smsc = new ScriptedSmsc(conversations);
  await smsc.comeUp();
  return smsc;
}

export class ScriptedSmsc {
  readonly host = '127.0.0.1';
  /** In the order of their coming, also those that are closed. */
  readonly connections: SmscConnection[] = [];
  /** Every PDU of every connection. */
  readonly received: PDU[] = [];
  readonly held = new HeldRequests();
  readonly #conversations: readonly Conversation[];
  readonly #waits = new Waits();
  readonly #taken = new Map<string, number>();
  #server: Server | undefined;
  #port = 0;
  #lastMessageId = 0;

  constructor(conversations: readonly Conversation[]) {
    this.#conversations = conversations;
  }

  /** Stays the same when the SMSC goes down and comes up. */
  get port(): number {
    return this.#port;
  }

  newMessageId(): string {
    this.#lastMessageId += 1;
    return String(this.#lastMessageId);
  }

  receivedOf(command: string): PDU[] {
    return this.received.filter((pdu) => pdu.command === command);
  }

  /** The next PDU of this command that no earlier `next` took, as soon as it is here. */
  next(command: string): Promise<PDU> {
    const index = this.#taken.get(command) ?? 0;
    this.#taken.set(command, index + 1);
    return this.#waits.until(`${command} number ${index + 1}`, () => this.receivedOf(command)[index]);
  }

  /** All PDUs of this command, as soon as there are `count`. */
  atLeast(count: number, command: string): Promise<PDU[]> {
    return this.#waits.until(`${count} ${command}`, () => {
      const pdus = this.receivedOf(command);
      return pdus.length >= count ? pdus : undefined;
    });
  }

  /** The n-th connection, counted from 1, as soon as it is here. */
  connection(n: number): Promise<SmscConnection> {
    return this.#waits.until(`connection ${n}`, () => this.connections[n - 1]);
  }

  /** Sends a request over the newest connection; resolves with its response. */
  async send(command: string, fields?: Fields): Promise<PDU> {
    const newest = await this.connection(Math.max(1, this.connections.length));
    return await newest.send(command, fields);
  }

  /** Listens; again on the port it had before. */
  async comeUp(): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => this.#onConnection(socket));
    this.#server = server.listen(this.#port, this.host);
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Refuses new connections and drops those it has. */
  async goDown(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const connection of this.connections) connection.drop();
    await closed;
  }

  /** Closes everything; what a test still waits for rejects. May be called twice. */
  async stop(): Promise<void> {
    this.#waits.stop();
    await this.goDown();
  }

  #onConnection(socket: Socket): void {
    const conversation = this.#conversations[this.connections.length] ?? this.#conversations.at(-1) ?? {};
    const replyTo = play(conversation);
    const connection = new SmscConnection(socket, (pdu) => {
      this.received.push(pdu);
      if (!pdu.isResponse()) replyTo(pdu, connection, this);
      this.#waits.look();
    });
    this.connections.push(connection);
    this.#waits.look();
  }
}

/** One connection's way through `conversation`. */
function play(conversation: Conversation): Reply {
  const counts = new Map<string, number>();
  return (request, connection, smsc) => {
    const { command } = request;
    const count = counts.get(command) ?? 0;
    counts.set(command, count + 1);
    const replies = [conversation[command] ?? friendly[command] ?? silence].flat();
    const reply = replies[count] ?? replies.at(-1) ?? silence;
    reply(request, connection, smsc);
  };
}

/** Requests that wait for the test to have them answered. */
class HeldRequests {
  readonly #answers = new Map<PDU, () => void>();

  /** Oldest first. */
  get requests(): readonly PDU[] {
    return [...this.#answers.keys()];
  }

  add(request: PDU, answer: () => void): void {
    this.#answers.set(request, answer);
  }

  /** Answers `requests` in the order given; when none is given all of them, oldest first. */
  release(...requests: readonly PDU[]): void {
    for (const request of requests.length > 0 ? requests : this.requests) {
      const answer = this.#answers.get(request);
      this.#answers.delete(request);
      answer?.();
    }
  }
}
