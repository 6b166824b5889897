import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { openQueue, openTable, openTopic } from './aws.ts';
import { readEnvironment } from './config.ts';
import { openLog } from './log.ts';
import { trackRecords } from './track-records.ts';

const config = readEnvironment(['tableName', 'statusTopicArn', 'eventsDeadLetterQueueUrl']);
const ports = {
  table: openTable(config.tableName),
  topic: openTopic(config.statusTopicArn),
  queue: openQueue(),
  deadLetterQueueUrl: config.eventsDeadLetterQueueUrl,
  log: openLog('track-events'),
  now: Date.now,
};

/** The events queue's consumer; its event source must have ReportBatchItemFailures. */
export async function handler({ Records: records }: SQSEvent): Promise<SQSBatchResponse> {
  const failed = await trackRecords(ports, records);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
