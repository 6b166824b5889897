import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

export interface ReceivedMessage {
  readonly receiptHandle: string;
  readonly body: string;
  /** FIFO message group; one message per group is outstanding at a time. */
  readonly groupId: string;
  /** SQS's own id: the same on every receive. */
  readonly sqsMessageId: string;
  /** 1 on the first receive. */
  readonly receiveCount: number;
}

/** A fault of one entry of a batch call. */
export class EntryFailedError extends Error {
  override readonly name = 'EntryFailedError';
  /** SQS's or SNS's own code. */
  readonly code: string;
  /** The same entry would fail again: it is wrong, not the service. */
  readonly senderFault: boolean;

  constructor(failed: { Code?: string | undefined; Message?: string | undefined; SenderFault?: boolean | undefined }) {
    super(`${failed.Code ?? 'unknown'}: ${failed.Message ?? 'no reason given'}`);
    this.code = failed.Code ?? 'unknown';
    this.senderFault = failed.SenderFault ?? false;
  }
}

export interface VisibilityChange {
  readonly receiptHandle: string;
  readonly timeoutSeconds: number;
}

type EntryErrors = readonly (Error | undefined)[];

/** What the connector needs of one SQS queue. Batch calls take at most 10 entries and give an error per entry. */
export class SqsQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async receive(maxMessages: number, waitSeconds: number, visibilitySeconds: number): Promise<ReceivedMessage[]> {
    const { Messages } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: maxMessages,
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: visibilitySeconds,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId'],
      }),
    );
    return (Messages ?? []).map(toReceived);
  }

  async send(body: string, fifo?: { groupId: string; deduplicationId: string }, reason?: string): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#url,
        MessageBody: body,
        ...(fifo && { MessageGroupId: fifo.groupId, MessageDeduplicationId: fifo.deduplicationId }),
        ...(reason && { MessageAttributes: { reason: { DataType: 'String', StringValue: reason } } }),
      }),
    );
  }

  async deleteBatch(receiptHandles: readonly string[]): Promise<EntryErrors> {
    const { Failed } = await this.#client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: this.#url,
        Entries: receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
    return errorsOf(receiptHandles.length, Failed);
  }

  async changeVisibilityBatch(changes: readonly VisibilityChange[]): Promise<EntryErrors> {
    const { Failed } = await this.#client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: this.#url,
        Entries: changes.map(({ receiptHandle, timeoutSeconds }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: timeoutSeconds,
        })),
      }),
    );
    return errorsOf(changes.length, Failed);
  }
}

function toReceived(message: Message): ReceivedMessage {
  return {
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    groupId: message.Attributes?.MessageGroupId ?? '',
    sqsMessageId: message.MessageId ?? '',
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
  };
}

interface FailedEntry {
  readonly Id: string | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault?: boolean | undefined;
}

/** Per entry: entries are identified by their index, written as a string. */
export function errorsOf(count: number, failed: readonly FailedEntry[] | undefined): EntryErrors {
  const errors: (Error | undefined)[] = new Array(count).fill(undefined);
  for (const entry of failed ?? []) errors[Number(entry.Id)] = new EntryFailedError(entry);
  return errors;
}
