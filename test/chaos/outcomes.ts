import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { receivedEvent } from '#contract/cloud-events.ts';
import type { MessageStatus } from '#contract/status.ts';
import { readMessage } from '../../lambdas/messages.ts';
import type { Log, Table } from '../../lambdas/ports.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { type TrackPorts, trackRecords } from '../../lambdas/track-records.ts';
import { indexOf } from './plan.ts';
import type { Story } from './story.ts';

export interface OutcomesOptions {
  readonly sqs: SQSClient;
  readonly table: Table;
  readonly log: Log;
  readonly story: Story;
  readonly eventsQueueUrl: string;
  /** Subscribed to the inbound topic. */
  readonly inboundQueueUrl: string;
  /** Of what must not be. */
  readonly onBreach: (what: string) => void;
}

/** Past whatever waits in the table: a fact's retry, a validity's end and its grace, a receipt's day. */
const laterHours = [0.1, 1, 25, 26, 50, 24 * 12];
const hourMs = 3_600_000;

/** What becomes of what the connector tells: the product's own projection, and a subscriber of the inbound topic. */
export class Outcomes {
  readonly #options: OutcomesOptions;
  readonly #ports: TrackPorts;
  readonly #stopping = new AbortController();
  #reading: Promise<unknown> = Promise.resolve();
  #laterMs = 0;

  constructor(options: OutcomesOptions) {
    this.#options = options;
    const { table, log, onBreach } = options;
    this.#ports = {
      table,
      log,
      topic: { publish: async () => {} },
      inboundTopic: { publish: async ({ id }) => onBreach(`no handset of this run sends in parts: ${id}`) },
      queue: { send: async ({ attributes }) => onBreach(`an event cannot be applied: ${attributes?.reason}`) },
      deadLetterQueueUrl: 'none',
      now: () => Date.now() + this.#laterMs,
    };
  }

  start(): void {
    const { eventsQueueUrl, inboundQueueUrl } = this.#options;
    this.#reading = Promise.all([
      this.#read(eventsQueueUrl, (messages) => this.#track(messages)),
      this.#read(inboundQueueUrl, async (messages) => this.#noteReceived(messages)),
    ]);
    // `stop` has its failure.
    this.#reading.catch(() => {});
  }

  /** Resolves when both queues are empty, and everything in them was read. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#reading;
  }

  /** Moves time on until nothing is due any more. */
  async settle(): Promise<void> {
    for (const hours of laterHours) {
      this.#laterMs = hours * hourMs;
      const { failed } = await settleItems(this.#ports);
      if (failed > 0) this.#options.onBreach(`${failed} due items could not be settled`);
    }
  }

  async statusOf(messageId: string): Promise<MessageStatus | undefined> {
    return (await readMessage(this.#options.table, messageId))?.row.status;
  }

  async #read(queueUrl: string, take: (messages: Message[]) => Promise<void>): Promise<void> {
    const { sqs } = this.#options;
    for (let isEmpty = false; !(isEmpty && this.#stopping.signal.aborted); ) {
      // Short polls only once nothing more is to come.
      const WaitTimeSeconds = this.#stopping.signal.aborted ? 0 : 1;
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds }),
      );
      isEmpty = Messages.length === 0;
      if (isEmpty) continue;
      await take(Messages);
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  }

  async #track(messages: readonly Message[]): Promise<void> {
    const records = messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body }));
    const failed = await trackRecords(this.#ports, records);
    if (failed.length > 0) throw new Error(`${failed.length} lists of events could not be applied`);
  }

  #noteReceived(messages: readonly Message[]): void {
    const { story } = this.#options;
    for (const { Body = '' } of messages) {
      const { id, data } = receivedEvent.parse(JSON.parse(Body));
      const { fingerprint, possibleDuplicate } = data;
      story.received[indexOf('M', data.text)]?.copies.set(id, { fingerprint, possibleDuplicate });
    }
  }
}
