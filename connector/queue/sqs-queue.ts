import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
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

  /** Messages that wait to be received, as SQS counts them: roughly. */
  async countWaiting(): Promise<number> {
    const { Attributes } = await this.#client.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }

  async deleteBatch(receiptHandles: readonly string[]): Promise<EntryErrors> {
    const answer = await this.#client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: this.#url,
        Entries: receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
    return errorsOf(receiptHandles.length, answer);
  }

  async changeVisibilityBatch(changes: readonly VisibilityChange[]): Promise<EntryErrors> {
    const answer = await this.#client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: this.#url,
        Entries: changes.map(({ receiptHandle, timeoutSeconds }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: timeoutSeconds,
        })),
      }),
    );
    return errorsOf(changes.length, answer);
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

interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string | undefined }[] | undefined;
  readonly Failed?: readonly FailedEntry[] | undefined;
}

interface FailedEntry {
  readonly Id: string | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault?: boolean | undefined;
}

const unconfirmed = { Code: 'NotConfirmed', Message: 'the answer does not mention the entry' };

/**
 * What became of each of `count` entries, whose ids are their indexes: undefined for one that the answer
 * confirms by name. One it does not mention counts as refused for now.
 */
export function errorsOf(count: number, { Successful = [], Failed = [] }: BatchAnswer): EntryErrors {
  const confirmed = new Set(Successful.map(({ Id }) => Id));
  const errors = Array.from({ length: count }, (_, index) =>
    confirmed.has(String(index)) ? undefined : new EntryFailedError(unconfirmed),
  );
  for (const failed of Failed) errors[Number(failed.Id)] = new EntryFailedError(failed);
  return errors;
}
