import type { SNSClient } from '@aws-sdk/client-sns';
import { asciiJson } from '#contract/ascii-json.ts';
import { receivedEvent } from '#contract/cloud-events.ts';
import { type ConnectorEvent, parseEventList } from '#contract/connector-events.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { startConnector } from '../../../connector/connector.ts';
import { Simulator } from '../../../local/simulator/simulator.ts';
import { Random } from '../../fuzz/random.ts';
import { profile, queueUrls, recordedLog, sms } from '../../support/connector-factories.ts';
import { batchAnswer, fakeAws } from '../../support/fake-aws.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeLaneQueue } from '../../support/fake-lane-queue.ts';
import { FakeSqs } from '../../support/fake-sqs.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';
import { socketPair } from '../../support/socket-pair.ts';

/** A whole connector between queues as AWS runs them and the simulator, without a network, under one clock. */
export class ScenarioRig {
  readonly clock = new FakeClock();
  readonly simulator: Simulator;
  readonly log = recordedLog();
  /** What was published to the inbound topic, as texts. */
  readonly inbound: string[] = [];
  readonly #lanes = { urgent: new FakeLaneQueue(this.clock), normal: new FakeLaneQueue(this.clock) };
  readonly #deadLetters = new FakeLaneQueue(this.clock);
  readonly #sqs = new FakeSqs({ ...this.#lanes, 'dead-letters': this.#deadLetters });
  #enqueued = 0;

  constructor() {
    const random = new Random(1);
    this.simulator = new Simulator({
      accounts: [{ systemId: 'gateway', password: 'secret' }],
      clock: this.clock,
      random: () => random.uint32() / 0x1_0000_0000,
      onFault: () => {},
    });
  }

  async start(): Promise<void> {
    await this.simulator.start();
    releaseAfterTest(() => this.simulator.end());
    const connector = await startConnector(
      { carrier: profile(), ...queueUrls, healthPort: 0, pollWaitSeconds: 5, drainSeconds: 15 },
      {
        sqs: this.#sqs.client((_call, execute) => execute()),
        sns: fakeAws<SNSClient>(({ input }) => this.#publish(input)).client,
        clock: this.clock,
        random: () => 1,
        newId: () => `id-${this.inbound.length}`,
        bindId: 'bind',
        log: this.log,
        tellMetrics: () => {},
        connect: async () => {
          const [client, server] = socketPair();
          this.simulator.smsc.serve(server);
          return client;
        },
        readPassword: async () => 'secret',
      },
    );
    releaseAfterTest(() => this.#whileRunning(connector.stop()));
  }

  enqueue(given: Partial<OutboundSms> = {}): OutboundSms {
    this.#enqueued += 1;
    const id = `019b76da-a800-7000-8000-${String(this.#enqueued).padStart(12, '0')}`;
    const outbound = sms({ id, to: `+4477009001${String(this.#enqueued).padStart(2, '0')}`, ...given });
    this.#lanes[outbound.priority].send(asciiJson(outbound), { groupId: outbound.to, deduplicationId: id });
    return outbound;
  }

  /** Messages that are in a lane or were given up by SQS. */
  get waiting(): number {
    return this.#lanes.urgent.bodies.length + this.#lanes.normal.bodies.length;
  }

  get deadLetters(): number {
    return this.#deadLetters.bodies.length;
  }

  get events(): ConnectorEvent[] {
    return (this.#sqs.bodies.get('events') ?? []).flatMap((body) =>
      parseEventList(body).map((parsed) => {
        if (parsed.kind === 'invalid') throw parsed.error;
        return parsed.event;
      }),
    );
  }

  /** Types of the events about a message, each once. */
  told({ id }: OutboundSms): string[] {
    return [
      ...new Set(this.events.flatMap((event) => ('messageId' in event && event.messageId === id ? [event.type] : []))),
    ];
  }

  /** Time goes on until there is what is waited for, or for too long. */
  async until(what: string, isThere: () => boolean, limitMs: number): Promise<void> {
    const began = this.clock.monotonic();
    while (!isThere()) {
      const passedMs = this.clock.monotonic() - began;
      if (passedMs >= limitMs) throw new Error(`within ${limitMs} ms of the clock there was no ${what}`);
      await this.clock.advance(passedMs < 5_000 ? 100 : 2_000);
    }
  }

  async #whileRunning(work: Promise<unknown>): Promise<void> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    while (!isDone) await this.clock.advance(100);
    await done;
  }

  #publish(input: Readonly<Record<string, unknown>>): unknown {
    const entries = input.PublishBatchRequestEntries as readonly { readonly Message: string }[];
    for (const { Message } of entries) this.inbound.push(receivedEvent.parse(JSON.parse(Message)).data.text);
    return batchAnswer(entries.length);
  }
}
