import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { clientOptions } from '../../local/aws.ts';
import { queueArn } from '../../local/resources.ts';
import type { Holding } from './story.ts';

/** A queue that gets what is published to the inbound topic; its URL. */
export async function subscribeQueue(endpoint: string, sqs: SQSClient, TopicArn: string): Promise<string> {
  const QueueName = 'chaos-inbound';
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const sns = new SNSClient(clientOptions(endpoint));
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn(QueueName), Attributes }));
  sns.destroy();
  return QueueUrl;
}

const batch = 10;

/** What time would do to messages that nobody has any more: they can be received again. */
export async function makeVisible(sqs: SQSClient, urlOf: (queue: string) => string, holdings: readonly Holding[]) {
  const ofQueues = Map.groupBy(holdings, ({ queue }) => queue);
  for (const [queue, ofQueue] of ofQueues) {
    for (let start = 0; start < ofQueue.length; start += batch) {
      const Entries = ofQueue
        .slice(start, start + batch)
        .map(({ receiptHandle: ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
      await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: urlOf(queue), Entries }));
    }
  }
}

export async function countIn(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
  return names.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
}
