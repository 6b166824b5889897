import type { SNSClient } from '@aws-sdk/client-sns';
import { asciiJson } from '#contract/ascii-json.ts';
import type { CarrierProfileInput } from '#contract/carrier.ts';
import { type ConnectorEvent, type MessageEvent, parseEventList } from '#contract/connector-events.ts';
import type { OutboundSms, Priority } from '#contract/outbound-sms.ts';
import { startConnector } from '../../../connector/connector.ts';
import { profile, queueUrls, recordedLog, sms } from '../../support/connector-factories.ts';
import { batchAnswer, fakeAws } from '../../support/fake-aws.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeLaneQueue } from '../../support/fake-lane-queue.ts';
import { FakeSqs, type SqsCall } from '../../support/fake-sqs.ts';
import { type Arrival, MemorySmsc } from '../../support/memory-smsc.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';
import { clockOf, Life } from './life.ts';

/** One message of a test. Its text begins with its name, which no other message's text has. */
export interface Message {
  readonly name: string;
  readonly sms: OutboundSms;
  readonly body: string;
}

/** A connector as a process of its own would run it. */
export interface Running {
  readonly life: Life;
  /** Drains; time goes on meanwhile. Then the process ends, whatever else it had in hand. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): void;
}

/** What passes between a process and the world, before it happens: a call, its answer, octets out, octets in. */
export type Step = (by: string, what: string) => void;

// Hours of the clock are seconds of a busy machine.
jest.setTimeout(60_000);

const responseTimeoutMs = 31_000;
/** What heartbeats ask for then. No delay that doubles from a minute is the same. */
const heartbeatSeconds = 121;

/**
 * Connectors, all of them real, between queues as AWS runs them and an SMSC, under one clock. Nothing in it is left to chance
 * or to the machine: a run is the same each time. At every submit_sm it is asserted what must hold at each; `faults` has what did not.
 */
export class Rig {
  readonly clock = new FakeClock();
  readonly deadLetters = new FakeLaneQueue(this.clock);
  readonly lanes: Readonly<Record<Priority, FakeLaneQueue>>;
  readonly sqs: FakeSqs;
  readonly smsc = new MemorySmsc();
  readonly log = recordedLog();
  readonly messages: Message[] = [];
  /** What happened, in order: `submit a`, `submitted a`, `delete a`. */
  readonly journal: string[] = [];
  readonly #faults: string[] = [];
  /** For how long each message was given back, in seconds. */
  readonly givenBack: { readonly name: string; readonly seconds: number }[] = [];
  readonly #nameOfHandle = new Map<string, string>();
  /** A process that is stopped between its look at the clock and its write cannot know better. */
  mayFreeze = false;
  onStep: Step = () => {};
  random: () => number = () => 1;

  constructor() {
    const redrive = { maxReceiveCount: 1_000, deadLetters: this.deadLetters };
    this.lanes = { urgent: new FakeLaneQueue(this.clock, redrive), normal: new FakeLaneQueue(this.clock, redrive) };
    this.sqs = new FakeSqs({ ...this.lanes, 'dead-letters': this.deadLetters });
    this.smsc.onSubmit = (arrival) => this.#onSubmit(arrival);
  }

  /** Puts a message into its lane; messages to one recipient are one group. */
  enqueue(name: string, given: Partial<OutboundSms> = {}): Message {
    const n = this.messages.length + 1;
    const id = `019b76da-a800-7000-8000-${String(n).padStart(12, '0')}`;
    const outbound = sms({ id, to: `+4477009001${String(n).padStart(2, '0')}`, text: `text ${name}`, ...given });
    const message = { name, sms: outbound, body: asciiJson(outbound) };
    this.messages.push(message);
    this.lanes[outbound.priority].send(message.body, { groupId: groupOf(outbound.to), deduplicationId: id });
    return message;
  }

  async start(name = 'a', carrier: Partial<CarrierProfileInput> = {}): Promise<Running> {
    const life = new Life();
    const pass = (what: string) => (run: () => void) => {
      this.onStep(name, what);
      life.pass(run);
    };
    const connector = await startConnector(
      {
        carrier: profile({ responseTimeoutMs, ...carrier }),
        ...queueUrls,
        healthPort: 0,
        pollWaitSeconds: 5,
        drainSeconds: 15,
      },
      {
        sqs: this.sqs.client((call, execute) => this.#through(call, execute, life, name)),
        sns: fakeAws<SNSClient>(() => batchAnswer(1)).client,
        clock: clockOf(this.clock, life),
        random: () => this.random(),
        newId: () => `id-${name}`,
        bindId: `bind-${name}`,
        log: this.log,
        tellMetrics: () => {},
        connect: () => this.smsc.connect(name, pass('octets out'), pass('octets in')),
        readPassword: async () => 'secret',
      },
    );
    const kill = () => {
      life.kill();
      this.smsc.lose(name);
    };
    releaseAfterTest(async () => {
      life.rise();
      await this.whileRunning(connector.stop());
    });
    return { life, kill, stop: () => this.whileRunning(connector.stop().then(kill)) };
  }

  /** Time goes on until `work` is done. */
  async whileRunning<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    while (!isDone) await this.clock.advance(100);
    return await done;
  }

  /** Time goes on until there is what is waited for, or for too long. */
  async until(what: string, isThere: () => boolean, limitMs = 60_000): Promise<void> {
    const began = this.clock.monotonic();
    while (!isThere()) {
      const passedMs = this.clock.monotonic() - began;
      if (passedMs >= limitMs) throw new Error(`within ${limitMs} ms of the clock there was no ${what}`);
      await this.clock.advance(passedMs < 5_000 ? 50 : 1_000);
    }
  }

  async untilSettled(limitMs = 60_000): Promise<void> {
    const isEmpty = () => this.lanes.urgent.bodies.length + this.lanes.normal.bodies.length === 0;
    await this.until(`end of ${JSON.stringify(this.account())}`, isEmpty, limitMs);
  }

  /** What must not happen, whatever the test. */
  get faults(): readonly string[] {
    const { reasons } = this.deadLetters;
    const looped = this.messages.filter(({ body }) => reasons.has(body) && reasons.get(body) === undefined);
    return [...this.#faults, ...looped.map(({ name }) => `${name} was received a thousand times`)];
  }

  get events(): ConnectorEvent[] {
    return (this.sqs.bodies.get('events') ?? []).flatMap((body) =>
      parseEventList(body).map((parsed) => {
        if (parsed.kind === 'invalid') throw parsed.error;
        return parsed.event;
      }),
    );
  }

  /** Names of the messages that the SMSC got, in order; with `accepted` only those that it accepted. */
  arrived(which: 'all' | 'accepted' = 'all'): string[] {
    return this.smsc.arrivals
      .filter(({ accepted }) => which === 'all' || accepted)
      .map((arrival) => this.nameOf(arrival));
  }

  /** Where each message is and what was told of it, by name: the same event told twice is one. */
  account(): Record<string, string[]> {
    const told = new Map(this.events.flatMap((event) => ('messageId' in event ? [[event.id, event] as const] : [])));
    return Object.fromEntries(
      this.messages.map(({ name, sms: { id } }) => {
        const facts = [...told.values()].filter(({ messageId }) => messageId === id).map(factOf);
        const has = (queue: FakeLaneQueue) => queue.bodies.some((body) => body.includes(id));
        if (has(this.lanes.urgent) || has(this.lanes.normal)) facts.push('in its lane');
        if (has(this.deadLetters)) facts.push('dead letter');
        return [name, facts];
      }),
    );
  }

  nameOf({ text, to }: Pick<Arrival, 'text' | 'to'>): string {
    return this.#messageOf({ text, to }).name;
  }

  #messageOf({ text, to }: Pick<Arrival, 'text' | 'to'>): Message {
    const found = this.messages.find((message) => message.sms.to === to && message.sms.text.includes(text));
    if (found === undefined) throw new Error('the SMSC got a text that nobody sent');
    return found;
  }

  /** A call of a process that dies or freezes is not done, or nobody hears of its answer. */
  #through(call: SqsCall, execute: () => Promise<unknown>, life: Life, by: string): Promise<unknown> {
    const what = `${call.action} ${call.queue}`;
    return new Promise((resolve, reject) => {
      const answered = (settle: () => void) => {
        this.onStep(by, `answer to ${what}`);
        life.pass(settle);
      };
      this.onStep(by, what);
      life.pass(() => {
        execute().then(
          (answer) => {
            this.#note(call, answer);
            answered(() => resolve(answer));
          },
          (error: unknown) => answered(() => reject(error)),
        );
      });
    });
  }

  #note(call: SqsCall, answer: unknown): void {
    const { action, queue, input } = call;
    if (action === 'ReceiveMessage') this.#noteReceived(queue, answer as ReceiveAnswer);
    else if (action === 'SendMessage' && queue === 'events') this.#noteEvents(String(input.MessageBody));
    else if (action.endsWith('Batch')) this.#noteEntries(call, answer as BatchAnswer);
  }

  #noteReceived(queue: string, { Messages }: ReceiveAnswer): void {
    for (const { ReceiptHandle, Body } of Messages) {
      const message = this.messages.find(({ sms: { id } }) => Body.includes(id));
      if (message) this.#nameOfHandle.set(`${queue} ${ReceiptHandle}`, message.name);
    }
  }

  #noteEvents(body: string): void {
    for (const { type, messageId } of JSON.parse(body).events as MessageEvent[]) {
      const message = this.messages.find(({ sms: { id } }) => id === messageId);
      if (message) this.journal.push(`${type} ${message.name}`);
    }
  }

  #noteEntries({ action, queue, input, handles }: SqsCall, { Successful = [] }: BatchAnswer): void {
    for (const { Id } of Successful) {
      const name = this.#nameOfHandle.get(`${queue} ${handles[Number(Id)]}`);
      if (name === undefined) continue;
      const seconds = entriesOf(input)[Number(Id)]?.VisibilityTimeout ?? 0;
      if (action === 'DeleteMessageBatch') this.journal.push(`delete ${name}`);
      else if (seconds !== heartbeatSeconds) this.givenBack.push({ name, seconds });
    }
  }

  #onSubmit(arrival: Arrival): void {
    const message = this.#messageOf(arrival);
    const { name, sms: outbound, body } = message;
    this.journal.push(`submit ${name}`);
    const fault = (what: string) => this.#faults.push(`${name} was submitted by ${arrival.by} ${what}`);
    if (this.clock.now() >= Date.parse(outbound.validUntil)) fault('after its validity');
    const lane = this.lanes[outbound.priority];
    if (outbound.guarantee === 'at-most-once') {
      if (lane.bodies.includes(body)) fault('before it was deleted');
      if (!this.journal.includes(`sending ${name}`)) fault('before "sending" was durable');
    } else if (!this.mayFreeze && (lane.remainingMs(body) ?? 0) <= responseTimeoutMs) {
      fault(`with ${lane.remainingMs(body)} ms of its visibility left`);
    }
  }
}

interface BatchAnswer {
  readonly Successful?: readonly { readonly Id: string }[];
}

interface ReceiveAnswer {
  readonly Messages: readonly { readonly ReceiptHandle: string; readonly Body: string }[];
}

function entriesOf(input: SqsCall['input']): readonly { readonly VisibilityTimeout?: number }[] {
  return input.Entries as readonly { readonly VisibilityTimeout?: number }[];
}

export function groupOf(to: string): string {
  return `group-${to.replace('+', '')}`;
}

function factOf(event: MessageEvent): string {
  const part = 'segments' in event && event.segments > 1 ? ` ${event.segment}/${event.segments}` : '';
  const flagged = 'possibleDuplicate' in event && event.possibleDuplicate ? ', flagged' : '';
  const possibly = event.type === 'expired' && event.possiblySubmitted ? ', possibly submitted' : '';
  return `${event.type}${part}${flagged}${possibly}`;
}
