import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSHandler, SQSRecord } from 'aws-lambda';
import { toError } from '#contract/to-error.ts';
import type { Clock } from '../connector/clock.ts';

/**
 * What Lambda's event source mapping does between a queue and a function: long polls, batches of at most
 * ten, and deletes what the function did not report as failed. What failed comes back when its visibility
 * ends, as in AWS.
 */

export interface QueuePort {
  /** Waits a while for messages. */
  receive(): Promise<readonly Message[]>;
  delete(messages: readonly Message[]): Promise<void>;
}

export interface EventSourceOptions {
  readonly queue: QueuePort;
  readonly queueArn: string;
  readonly region: string;
  readonly handler: SQSHandler;
  readonly context: () => Context;
  /** Polls at once, so that batches overlap as they do in Lambda. @default 2 */
  readonly pollers?: number;
  readonly clock: Clock;
  readonly onError: (what: string, error: Error) => void;
}

const retryAfterMs = 1_000;

/** Resolves, once `stop` aborted, when the last batch is done with. A poll is never broken off: it may hold messages. */
export async function runEventSource(options: EventSourceOptions, stop: AbortSignal): Promise<void> {
  const { pollers = 2 } = options;
  await Promise.all(Array.from({ length: pollers }, () => poll(options, stop)));
}

async function poll(options: EventSourceOptions, stop: AbortSignal): Promise<void> {
  const { queue, clock, onError } = options;
  while (!stop.aborted) {
    try {
      const messages = await queue.receive();
      if (messages.length > 0) await queue.delete(await invoke(messages, options));
    } catch (cause) {
      onError('the event source could not reach its queue', toError(cause));
      await clock.sleep(retryAfterMs, stop);
    }
  }
}

/** Those of `messages` that the function is done with. */
async function invoke(messages: readonly Message[], options: EventSourceOptions): Promise<readonly Message[]> {
  const { handler, context, onError } = options;
  const Records = messages.map((message) => toRecord(message, options));
  try {
    const response = await handler({ Records }, context(), () => undefined);
    return succeeded(messages, response ?? undefined);
  } catch (cause) {
    onError('the function failed: all of the batch comes again', toError(cause));
    return [];
  }
}

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html: no response and no
 * failures mean that all succeeded; an identifier that is missing or unknown fails the whole batch.
 */
function succeeded(messages: readonly Message[], response: SQSBatchResponse | undefined): readonly Message[] {
  const failures = response?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) throw new Error('batchItemFailures must be a list');
  const failed = new Set<unknown>(failures.map((failure) => failure?.itemIdentifier));
  const known = new Set<unknown>(messages.map((message) => message.MessageId));
  for (const id of failed) {
    if (!known.has(id)) throw new Error(`batchItemFailures names ${JSON.stringify(id)}, which is not in the batch`);
  }
  return messages.filter((message) => !failed.has(message.MessageId));
}

function toRecord(message: Message, { queueArn, region }: EventSourceOptions): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: { ...message.Attributes } as unknown as SQSRecord['attributes'],
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toRecordAttribute(value)]),
    ),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function toRecordAttribute(
  value: NonNullable<Message['MessageAttributes']>[string],
): SQSRecord['messageAttributes'][string] {
  const { DataType = 'String', StringValue, BinaryValue } = value;
  return {
    dataType: DataType,
    stringListValues: [],
    binaryListValues: [],
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
  };
}

export function sqsQueue(sqs: SQSClient, url: string): QueuePort {
  return {
    async receive() {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      );
      return Messages;
    },
    async delete(messages) {
      if (messages.length === 0) return;
      const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
    },
  };
}
