import type { SNSClient } from '@aws-sdk/client-sns';
import { asciiJson } from '#contract/ascii-json.ts';
import type { ReceivedEvent } from '#contract/cloud-events.ts';
import {
  type ConnectorEvent,
  type PartEvent,
  parseEventList,
  type SubmittedEvent,
} from '#contract/connector-events.ts';
import { decodeParts } from '#contract/text/decode.ts';
import { type Connector, startConnector } from '../../../../connector/connector.ts';
import { dial } from '../../../../connector/smpp/dial.ts';
import { queueOf } from '../../../support/awaited-queue.ts';
import { profile, queueUrls, recordedLog, sms } from '../../../support/connector-factories.ts';
import { type AwsCall, batchAnswer, fakeAws } from '../../../support/fake-aws.ts';
import { FakeLaneQueue } from '../../../support/fake-lane-queue.ts';
import { FakeSqs, type SqsCall } from '../../../support/fake-sqs.ts';
import type { Carrier, Client, ReceivedMessage } from './client.ts';
import { Joining } from './joining.ts';

/** A message on its way: the events of its parts, as they come. */
interface Sending {
  readonly parts: Map<number, string>;
  readonly done: PromiseWithResolvers<readonly string[]>;
}

/** The gateway's connector between queues and a topic that only the test knows. */
export class ConnectorClient implements Client {
  readonly #carrier: Carrier;
  readonly #normal: FakeLaneQueue;
  readonly #sqs: FakeSqs;
  readonly #receipts = queueOf<{ id: string; stat: string }>();
  readonly #messages = queueOf<ReceivedMessage>();
  readonly #joining = new Joining((message) => this.#messages.push(message));
  readonly #bound = Promise.withResolvers<void>();
  readonly #sendings = new Map<string, Sending>();
  #connector: Connector | undefined;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
    const { clock } = carrier;
    this.#normal = new FakeLaneQueue(clock);
    this.#sqs = new FakeSqs({ normal: this.#normal, urgent: new FakeLaneQueue(clock) });
  }

  async bind(): Promise<void> {
    const { port, ca, bindMode, clock } = this.#carrier;
    const hosts = [{ host: '127.0.0.1', port }];
    const tls = ca === undefined ? false : { ca, minVersion: 'TLSv1.2' as const, allowUnverifiedServer: false };
    this.#connector = await startConnector(
      {
        carrier: profile({ hosts, systemId: 'me', bindMode, tls }),
        ...queueUrls,
        healthPort: 0,
        pollWaitSeconds: 5,
        drainSeconds: 15,
      },
      {
        sqs: this.#sqs.client((call, execute) => this.#through(call, execute)),
        sns: fakeAws<SNSClient>((call) => this.#publish(call)).client,
        clock,
        random: () => 1,
        newId: () => 'id',
        bindId: 'bind',
        log: recordedLog(),
        tellMetrics: () => {},
        connect: (to, stop, onStep) => dial(to, { tls }, stop, onStep),
        readPassword: async () => 'secret',
      },
    );
    await this.#bound.promise;
  }

  submit(to: string, text: string): Promise<readonly string[]> {
    const id = `019b76da-a800-7000-8000-${String(this.#sendings.size + 1).padStart(12, '0')}`;
    const outbound = sms({ id, to, text });
    const sending = { parts: new Map<number, string>(), done: Promise.withResolvers<readonly string[]>() };
    this.#sendings.set(id, sending);
    this.#normal.send(asciiJson(outbound), { groupId: `group-${id}`, deduplicationId: id });
    return sending.done.promise;
  }

  receipt(): Promise<{ readonly id: string; readonly stat: string }> {
    return this.#receipts.shift();
  }

  message(): Promise<ReceivedMessage> {
    return this.#messages.shift();
  }

  async unbind(): Promise<void> {
    await this.#connector?.stop();
  }

  async release(): Promise<void> {
    await this.unbind();
  }

  async #through({ action, queue, input }: SqsCall, execute: () => Promise<unknown>): Promise<unknown> {
    const answer = await execute();
    if (action === 'SendMessage' && queue === 'events') {
      for (const parsed of parseEventList(String(input.MessageBody))) {
        if (parsed.kind === 'invalid') throw parsed.error;
        this.#onEvent(parsed.event);
      }
    }
    return answer;
  }

  #onEvent(event: ConnectorEvent): void {
    if (event.type === 'carrier-state' && event.state === 'bound') this.#bound.resolve();
    if (event.type === 'receipt') this.#receipts.push({ id: event.smscMessageId, stat: event.stat ?? '' });
    if (event.type === 'part') this.#onPart(event);
    if (event.type === 'submitted') this.#onSubmitted(event);
    if (event.type === 'rejected') {
      this.#sendings.get(event.messageId)?.done.reject(new Error(event.commandStatusText));
    }
  }

  #onPart({ from, to, octets, udh = '', dataCoding, concatenation }: PartEvent): void {
    const coded = { octets: Buffer.from(octets, 'base64'), udh: Buffer.from(udh, 'base64') };
    this.#joining.take({ from, to, text: decodeParts([coded], dataCoding).text }, concatenation);
  }

  #onSubmitted({ messageId, segment, segments, smscMessageId }: SubmittedEvent): void {
    const sending = this.#sendings.get(messageId);
    if (sending?.parts.set(segment, smscMessageId).size !== segments) return;
    const inOrder = [...sending.parts].sort(([a], [b]) => a - b).map(([, id]) => id);
    sending.done.resolve(inOrder);
  }

  #publish({ input }: AwsCall): unknown {
    const entries = input.PublishBatchRequestEntries as readonly { readonly Message: string }[];
    for (const { Message } of entries) {
      const { data }: ReceivedEvent = JSON.parse(Message);
      this.#joining.take(data, undefined);
    }
    return batchAnswer(entries.length);
  }
}
