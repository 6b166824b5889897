import { randomUUID } from 'node:crypto';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** Where the emulators are. */
export interface AwsAt {
  readonly awsEndpoint: string;
  readonly region: string;
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

export function sqsAt({ awsEndpoint, region }: AwsAt): SQSClient {
  return new SQSClient({ endpoint: awsEndpoint, region, credentials, useQueueUrlAsEndpoint: false });
}

export function snsAt({ awsEndpoint, region }: AwsAt): SNSClient {
  return new SNSClient({ endpoint: awsEndpoint, region, credentials });
}

/** A queue of the test's own; its URL. */
export async function createQueue(sqs: SQSClient, attributes: Record<string, string> = {}): Promise<string> {
  const fifo = attributes.FifoQueue === 'true' ? '.fifo' : '';
  const QueueName = `test-${randomUUID()}${fifo}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
  if (QueueUrl === undefined) throw new Error('a queue has a URL');
  return QueueUrl;
}

export async function countMessages(sqs: SQSClient, queueUrl: string): Promise<{ visible: number; inFlight: number }> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
  };
}

/** What a queue brings, message by message; each is deleted as it is taken. */
export class QueueReader {
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;
  readonly #unread: Message[] = [];

  constructor(sqs: SQSClient, queueUrl: string) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
  }

  /** The next message; rejects when none comes within 20 s. */
  async next(): Promise<Message> {
    const message = this.#unread.shift() ?? (await this.#receive(20)).shift();
    if (message === undefined) throw new Error('no message came within 20 s');
    return message;
  }

  /** All that is there now. */
  async rest(): Promise<Message[]> {
    const messages = this.#unread.splice(0);
    for (let more = await this.#receive(0); more.length > 0; more = await this.#receive(0)) {
      messages.push(...this.#unread.splice(0));
    }
    return messages;
  }

  async #receive(waitSeconds: number): Promise<Message[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: waitSeconds,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length > 0) {
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries }));
    }
    this.#unread.push(...Messages);
    return this.#unread;
  }
}

/** A subscriber as a user would be: an SQS queue with raw delivery, and what comes out of it as events. */
export async function subscribe<Event>(
  at: AwsAt,
  topicArn: string,
  filterPolicy: Readonly<Record<string, readonly string[]>> = {},
): Promise<{ next(): Promise<Event> }> {
  const sqs = sqsAt(at);
  const queueUrl = await createQueue(sqs);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  await snsAt(at).send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify(filterPolicy) },
    }),
  );
  const reader = new QueueReader(sqs, queueUrl);
  return {
    async next() {
      const { Body = '' } = await reader.next();
      return JSON.parse(Body) as Event;
    },
  };
}
