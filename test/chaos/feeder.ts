import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { Route } from '#contract/routes.ts';
import { acceptMessage } from '../../lambdas/accept-message.ts';
import { fittingRoutes } from '../../lambdas/fitting-route.ts';
import type { Log, Queue, QueueMessage, Table } from '../../lambdas/ports.ts';
import type { PlannedMessage } from './plan.ts';

export interface FeederOptions {
  readonly sqs: SQSClient;
  readonly table: Table;
  readonly log: Log;
  readonly route: Route;
  readonly messages: readonly PlannedMessage[];
}

const batch = 10;
const validitySeconds = 86_400;
const sender = 'Chaos';

/** Puts the messages into their lanes as the API does: row first, by the product's own code. */
export class Feeder {
  readonly #options: FeederOptions;
  readonly #queue: BatchingQueue;
  #fed = 0;
  #feeding: Promise<void> = Promise.resolve();

  constructor(options: FeederOptions) {
    this.#options = options;
    this.#queue = new BatchingQueue(options.sqs);
  }

  /** Has so many messages, in all, in the lanes. */
  feed(upTo: number): void {
    const { messages } = this.#options;
    const next = messages.slice(this.#fed, upTo);
    this.#fed += next.length;
    if (next.length > 0) this.#feeding = this.#feeding.then(() => this.#feed(next));
  }

  /** Rejects when a message was not taken. */
  async fed(): Promise<void> {
    await this.#feeding;
  }

  async #feed(messages: readonly PlannedMessage[]): Promise<void> {
    const { table, log, route } = this.#options;
    await Promise.all(
      messages.map((message) => {
        const late = message.isLate ? (validitySeconds + 1) * 1_000 : 0;
        const ports = { table, log, queue: this.#queue, newId: () => message.id, now: () => Date.now() - late };
        return acceptMessage(ports, 'chaos', {
          to: message.to,
          from: sender,
          toAddressing: undefined,
          fromAddressing: undefined,
          candidates: fittingRoutes([route], { text: message.text, smart: false, tlvs: new Map() }, message.segments),
          priority: message.priority,
          guarantee: message.guarantee,
          validitySeconds,
          receipt: true,
          reference: undefined,
          metadata: undefined,
        });
      }),
    );
  }
}

interface Waiting {
  readonly message: QueueMessage;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Ten to a call, in the order of `send`. */
class BatchingQueue implements Queue {
  readonly #sqs: SQSClient;
  #waiting: Waiting[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(sqs: SQSClient) {
    this.#sqs = sqs;
  }

  send(message: QueueMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ message, resolve, reject });
    });
  }

  #flush(): void {
    for (const ofQueue of Map.groupBy(this.#waiting.splice(0), ({ message }) => message.queueUrl).values()) {
      for (let start = 0; start < ofQueue.length; start += batch) {
        const entries = ofQueue.slice(start, start + batch);
        this.#last = this.#last.then(() => this.#sendBatch(entries));
      }
    }
  }

  async #sendBatch(waiting: readonly Waiting[]): Promise<void> {
    const QueueUrl = waiting[0]?.message.queueUrl;
    const Entries: SendMessageBatchRequestEntry[] = waiting.map(({ message }, index) => ({
      Id: String(index),
      MessageBody: message.body,
      MessageGroupId: message.groupId,
      MessageDeduplicationId: message.deduplicationId,
    }));
    try {
      const { Failed = [] } = await this.#sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      if (Failed.length > 0) throw new Error(`the emulator did not take ${Failed.length} messages`);
      for (const { resolve } of waiting) resolve();
    } catch (cause) {
      for (const { reject } of waiting) reject(cause);
    }
  }
}
