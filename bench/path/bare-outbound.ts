import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Arrivals } from './arrivals.ts';
import { numberOfBody } from './messages.ts';

export interface BareQueues {
  readonly from: string;
  readonly to: string;
}

const loops = 8;
const tens = 10;

/**
 * What anybody would write who has messages to take from one queue to another: receive, send, delete, in tens, some loops at
 * once. It reads nothing, checks nothing and waits for nobody.
 */
export async function moveUntil(arrivals: Arrivals, queues: BareQueues, sqs: SQSClient): Promise<void> {
  await Promise.all(Array.from({ length: loops }, () => loop(arrivals, queues, sqs)));
}

async function loop(arrivals: Arrivals, { from, to }: BareQueues, sqs: SQSClient): Promise<void> {
  while (!arrivals.isComplete) {
    const receive = { QueueUrl: from, MaxNumberOfMessages: tens, WaitTimeSeconds: 1 };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(receive));
    if (Messages.length === 0) continue;
    for (const { Body = '' } of Messages) arrivals.note(numberOfBody(Body));
    await sendOn(Messages, to, sqs);
    await remove(Messages, from, sqs);
  }
}

async function sendOn(messages: readonly Message[], QueueUrl: string, sqs: SQSClient): Promise<void> {
  const Entries = messages.map(({ Body }, index) => ({ Id: String(index), MessageBody: Body }));
  const { Successful } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  if (Successful?.length !== messages.length) throw new Error('not all were sent');
}

async function remove(messages: readonly Message[], QueueUrl: string, sqs: SQSClient): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Successful } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  if (Successful?.length !== messages.length) throw new Error('not all were deleted');
}
