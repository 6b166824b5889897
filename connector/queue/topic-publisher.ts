import { PublishBatchCommand, type SNSClient } from '@aws-sdk/client-sns';
import { asciiJson } from '#contract/ascii-json.ts';
import { snsAttributes, type TopicAttributes } from '#contract/topic-attributes.ts';
import type { Clock } from '../clock.ts';
import { Batcher } from './batcher.ts';
import { EntryFailedError, errorsOf } from './sqs-queue.ts';

const maxBatch = 10;
/** SNS takes 262,144 octets per batch, attributes included: https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const maxBatchBytes = 250_000;
const attributeBytes = 1_000;

interface Publication {
  readonly json: string;
  readonly attributes: TopicAttributes;
}

export interface TopicPublisherOptions {
  readonly client: SNSClient;
  readonly topicArn: string;
  readonly clock: Clock;
}

/** Publishes to one SNS topic, up to ten in a call. */
export class TopicPublisher {
  readonly #batcher: Batcher<Publication>;

  constructor({ client, topicArn, clock }: TopicPublisherOptions) {
    this.#batcher = new Batcher({
      maxItems: maxBatch,
      maxBytes: maxBatchBytes,
      sizeOf: ({ json }) => json.length + attributeBytes,
      clock,
      send: async (publications) => {
        const answer = await client.send(
          new PublishBatchCommand({
            TopicArn: topicArn,
            PublishBatchRequestEntries: publications.map(({ json, attributes }, index) => ({
              Id: String(index),
              Message: json,
              MessageAttributes: snsAttributes(attributes),
            })),
          }),
        );
        return errorsOf(publications.length, answer);
      },
    });
  }

  /** Resolves when SNS took it; rejects with `EntryFailedError` when SNS refused this one, or would; with the call's error otherwise. */
  async publish(event: unknown, attributes: TopicAttributes): Promise<void> {
    const json = asciiJson(event);
    if (json.length + attributeBytes > maxBatchBytes) {
      const Message = `an event must be at most ${maxBatchBytes - attributeBytes} octets, got ${json.length}`;
      throw new EntryFailedError({ Code: 'TooLarge', Message, SenderFault: true });
    }
    await this.#batcher.add({ json, attributes });
  }

  /** Resolves when everything under way has ended. */
  async close(): Promise<void> {
    await this.#batcher.close();
  }
}
