import { z } from 'zod';
import {
  type ReceivedEvent,
  receivedEvent,
  type StatusTopicEvent,
  statusEvent,
  unmatchedReceiptEvent,
} from '#contract/cloud-events.ts';
import { acceptMessage } from '../../lambdas/accept-message.ts';
import type { MessageRow } from '../../lambdas/messages.ts';
import type { InboundTopic, Item, Log, Queue, QueueMessage, Table, Topic } from '../../lambdas/ports.ts';
import { sendRequestParser } from '../../lambdas/send-request.ts';
import { begin, clientId, route } from './factories.ts';
import { noteLogged, notePersonal } from './log-watch.ts';

/** The ports of all functions over one table: queue, topic and log keep what they are given. */
export interface TestPorts {
  readonly table: Table;
  readonly queue: Queue;
  readonly topic: Topic;
  readonly inboundTopic: InboundTopic;
  readonly log: Log;
  readonly now: () => number;
  readonly deadLetterQueueUrl: string;
  readonly retainTextDays?: number;
  readonly queued: QueueMessage[];
  readonly published: StatusTopicEvent[];
  /** Published on the inbound topic. */
  readonly received: ReceivedEvent[];
  readonly logged: readonly string[];
  /** Moves the clock. */
  advance(ms: number): void;
}

/** A log that keeps its lines, as JSON. */
export function testLog(): { readonly log: Log; readonly logged: readonly string[] } {
  const logged: string[] = [];
  const write = (message: string, fields = {}) => {
    const line = JSON.stringify({ message, ...fields });
    noteLogged(line);
    logged.push(line);
  };
  return { log: { info: write, warn: write, error: write }, logged };
}

const topicEvent = z.union([statusEvent, unmatchedReceiptEvent]);

export function testPorts(table: Table): TestPorts {
  const queued: QueueMessage[] = [];
  const published: StatusTopicEvent[] = [];
  const received: ReceivedEvent[] = [];
  let time = begin;
  return {
    table,
    queue: { send: async (message) => void queued.push(message) },
    topic: { publish: async (event) => void published.push(topicEvent.parse(event)) },
    inboundTopic: { publish: async (event) => void received.push(receivedEvent.parse(event)) },
    ...testLog(),
    now: () => time,
    deadLetterQueueUrl: 'events-dead-letters',
    queued,
    published,
    received,
    advance(ms) {
      time += ms;
    },
  };
}

/** A message accepted by the API's own code, so that its row is a real one. */
export function acceptedMessage(ports: TestPorts, id: string, body: Record<string, unknown> = {}): Promise<MessageRow> {
  const message = { to: '+447700900123', from: 'ACME', text: 'Hello', ...body };
  notePersonal(message.to, message.text);
  const request = sendRequestParser([route()])(message);
  return acceptMessage({ ...ports, newId: () => id }, clientId, request);
}

/** Ids of what was published, each once. */
export function publishedIds({ published }: TestPorts): string[] {
  return [...new Set(published.map(({ id }) => id))].sort();
}

export class Crash extends Error {
  override readonly name = 'Crash';
}

export type CrashPoint = { readonly call: number; readonly when: 'before' | 'after' };

/**
 * The same ports in a process that dies at its `call`-th call of one, before or after the call has its effect:
 * from then on every call fails.
 */
export function dyingAt(ports: TestPorts, { call, when }: CrashPoint): TestPorts {
  let calls = 0;
  async function counted<T>(act: () => Promise<T>): Promise<T> {
    calls += 1;
    if (calls > call || (calls === call && when === 'before')) throw new Crash(`at call ${call}`);
    const result = await act();
    if (calls >= call) throw new Crash(`after call ${call}`);
    return result;
  }
  const { table, queue, topic, inboundTopic } = ports;
  return {
    ...ports,
    queue: { send: (message) => counted(() => queue.send(message)) },
    topic: { publish: (event) => counted(() => topic.publish(event)) },
    inboundTopic: { publish: (event) => counted(() => inboundTopic.publish(event)) },
    table: {
      get: (key) => counted(() => table.get(key)),
      create: (item: Item) => counted(() => table.create(item)),
      update: (key, change) => counted(() => table.update(key, change)),
      partition: (pk) => counted(() => table.partition(pk)),
      async *due(shard, until) {
        yield* await counted(async () => table.due(shard, until));
      },
    },
  };
}
