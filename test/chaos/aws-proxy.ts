import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { closeServer, listenOnLoopback } from '../../local/loopback.ts';
import type { Step } from './aims.ts';
import {
  type AwsCall,
  doneIds,
  entriesOf,
  eventsOf,
  readCall,
  receivedIn,
  visibilityOf,
  withoutDelay,
} from './aws-call.ts';
import { type AwsFault, kindOf, partialOf, refusalOf, slowMs } from './aws-faults.ts';
import type { MessageStory } from './message-story.ts';
import type { Holding, Story } from './story.ts';

export interface AwsProxyOptions {
  /** Of the emulators. */
  readonly endpoint: string;
  readonly story: Story;
  /** Number of the connector's process that runs now. */
  readonly life: () => number;
  /** Told of every step; says whether the process was killed there. */
  readonly onStep: (step: Step, life: number) => boolean;
  /** Time makes them visible again: nobody has them. */
  readonly release: (holdings: readonly Holding[]) => void;
  readonly onFault: (error: unknown) => void;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The connector's way to SQS and SNS: sees every call, fails some, and is where most kills happen. */
export class AwsProxy {
  readonly #options: AwsProxyOptions;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #lives = new Map<Socket, number>();
  readonly #underWay = new Map<number, Set<Promise<void>>>();
  /** What the connector asks for as it receives, and again to keep what it has. */
  #heldSeconds = 0;
  #faults: { readonly fault: AwsFault; left: number }[] = [];

  constructor(options: AwsProxyOptions) {
    this.#options = options;
    this.#server = createServer((asked, response) => this.#onRequest(asked, response));
    this.#server.on('connection', (socket: Socket) => {
      socket.setNoDelay(true);
      this.#lives.set(socket, options.life());
      socket.once('close', () => this.#lives.delete(socket));
    });
  }

  /** Resolves with the endpoint. */
  async start(): Promise<string> {
    return `http://127.0.0.1:${await listenOnLoopback(this.#server, 0)}`;
  }

  async stop(): Promise<void> {
    await closeServer(this.#server);
    this.#agent.destroy();
  }

  inject(fault: AwsFault): void {
    this.#faults.push({ fault, left: fault.calls });
  }

  /** Resolves when every call of that process, which is gone and was read to its end, has had its effect. */
  async settled(life: number): Promise<void> {
    for (const [socket, ofLife] of this.#lives) if (ofLife === life) socket.destroy();
    await Promise.all(this.#underWay.get(life) ?? []);
    this.#underWay.delete(life);
  }

  #onRequest(asked: IncomingMessage, response: ServerResponse): void {
    const life = this.#lives.get(asked.socket);
    // It broke off before it could be read.
    if (life === undefined) return;
    const underWay = this.#underWay.get(life) ?? new Set();
    this.#underWay.set(life, underWay);
    const serving = this.#serve(asked, response, life)
      .catch((cause: unknown) => {
        // A request that breaks off is a process that was killed.
        response.destroy();
        if (asked.complete) this.#options.onFault(cause);
      })
      .finally(() => underWay.delete(serving));
    underWay.add(serving);
  }

  async #serve(asked: IncomingMessage, response: ServerResponse, life: number): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk);
    const call = withoutDelay(readCall(asked.headers, Buffer.concat(chunks)));
    if (this.#step(call, 'asked', life)) return cut(response);
    const how = this.#takeFault(call);
    if (how === 'unavailable' || how === 'throttled') return reply(response, refusalOf(how, call));
    if (how === 'cut before') return cut(response);
    const answer = how === 'partial' ? await this.#forwardPartly(call) : await this.#forward(call);
    const taken = answer.status === 200 ? this.#noteEffect(call, answer, life) : [];
    if (how === 'cut after') {
      cut(response);
      // The connector never saw them.
      this.#options.release(taken.flatMap(({ holding }) => holding ?? []));
      return;
    }
    if (answer.status === 200 && this.#step(call, 'done', life)) return cut(response);
    if (how === 'slow') await setTimeout(slowMs);
    await told(response, answer);
    if (taken.length > 0) this.#options.onStep({ at: 'receive relayed', messages: taken }, life);
    this.#step(call, 'relayed', life);
  }

  #takeFault(call: AwsCall): AwsFault['how'] | undefined {
    const kind = kindOf(call);
    const found = this.#faults.find(({ fault }) => fault.on === kind);
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left === 0) this.#faults = this.#faults.filter((each) => each !== found);
    return found.fault.how;
  }

  /** Whether the process was killed in this moment of the call. */
  #step(call: AwsCall, moment: 'asked' | 'done' | 'relayed', life: number): boolean {
    const onStep = (step: Step) => this.#options.onStep(step, life);
    switch (kindOf(call)) {
      case 'delete':
        return onStep({ at: `delete ${moment}`, messages: this.#messagesOf(call) });
      case 'events':
        return moment !== 'relayed' && onStep({ at: `events ${moment}`, events: eventsOf(call) });
      case 'publish':
        return moment !== 'relayed' && onStep({ at: `publish ${moment}` });
      default:
        return false;
    }
  }

  /** Also of a call that was done: its messages are still known by their receipt handles. */
  #messagesOf(call: AwsCall): MessageStory[] {
    return entriesOf(call).flatMap(({ ReceiptHandle }) => this.#options.story.heldBy(ReceiptHandle) ?? []);
  }

  /** Tells the story what AWS did. Returns the messages that it gave out. */
  #noteEffect(call: AwsCall, answer: Answer, life: number): MessageStory[] {
    const { story } = this.#options;
    switch (call.name) {
      case 'ReceiveMessage':
        this.#heldSeconds = visibilityOf(call);
        return receivedIn(answer.body).map(({ Body, ReceiptHandle, Attributes }) => {
          const message = story.ofId((JSON.parse(Body) as { id: string }).id);
          const holding = { life, queue: call.queue, receiptHandle: ReceiptHandle };
          story.taken(message, holding, Attributes?.ApproximateReceiveCount ?? '?');
          return message;
        });
      case 'SendMessage':
        this.#noteSend(call);
        return [];
      case 'DeleteMessageBatch': {
        const done = doneIds(answer.body);
        for (const { Id, ReceiptHandle } of entriesOf(call)) if (done.has(Id)) story.deleted(ReceiptHandle);
        return [];
      }
      case 'ChangeMessageVisibilityBatch':
        this.#endDelays(call, life);
        return [];
      default:
        return [];
    }
  }

  #noteSend(call: AwsCall): void {
    const { story } = this.#options;
    if (kindOf(call) === 'events') {
      for (const event of eventsOf(call)) story.recorded(event);
    } else if (/-(urgent|normal)\.fifo$/.test(call.queue)) {
      const { MessageBody } = JSON.parse(call.body.toString()) as { MessageBody: string };
      story.enqueuedAnew((JSON.parse(MessageBody) as { id: string }).id);
    }
  }

  /** What is given back for a minute or more would hold up the run: its time passes at once. */
  #endDelays(call: AwsCall, life: number): void {
    const delayed = entriesOf(call).filter(
      ({ VisibilityTimeout = 0 }) => VisibilityTimeout > 0 && VisibilityTimeout !== this.#heldSeconds,
    );
    this.#options.release(
      delayed.map(({ ReceiptHandle }) => ({ life, queue: call.queue, receiptHandle: ReceiptHandle })),
    );
  }

  async #forwardPartly(call: AwsCall): Promise<Answer> {
    const partial = partialOf(call);
    if (partial.call === undefined) {
      const contentType = call.protocol === 'json' ? 'application/x-amz-json-1.0' : 'text/xml';
      return { status: 200, contentType, body: partial.answer(undefined) };
    }
    const answer = await this.#forward(partial.call);
    return answer.status === 200 ? { ...answer, body: partial.answer(answer.body) } : answer;
  }

  #forward({ headers, body }: AwsCall): Promise<Answer> {
    const { host: _, connection: _c, 'content-length': _l, ...rest } = headers;
    const options = { method: 'POST', agent: this.#agent, headers: { ...rest, 'content-length': body.length } };
    return new Promise((resolve, reject) => {
      const forwarded = request(this.#options.endpoint, options, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({
          status: response.statusCode ?? 500,
          contentType: response.headers['content-type'] ?? '',
          body: Buffer.concat(chunks).toString(),
        });
      });
      forwarded.on('error', reject);
      forwarded.end(body);
    });
  }
}

function reply(response: ServerResponse, { status, contentType, body }: Answer): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Resolves when the answer is on its way. */
function told(response: ServerResponse, answer: Answer): Promise<void> {
  // The process may have been killed meanwhile.
  if (response.closed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.once('finish', resolve);
    reply(response, answer);
  });
}

function cut(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
