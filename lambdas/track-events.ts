import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { openInboundTopic, openQueue, openTable, openTopic } from './aws.ts';
import { readEnvironment } from './config.ts';
import { openMetrics } from './function-metrics.ts';
import { openLog } from './log.ts';
import { trackRecords } from './track-records.ts';

const config = readEnvironment(['tableName', 'statusTopicArn', 'inboundTopicArn', 'eventsDeadLetterQueueUrl']);
const metrics = openMetrics();
const ports = {
  table: openTable(config.tableName),
  topic: openTopic(config.statusTopicArn),
  inboundTopic: openInboundTopic(config.inboundTopicArn),
  queue: openQueue(),
  deadLetterQueueUrl: config.eventsDeadLetterQueueUrl,
  log: openLog('track-events'),
  metrics,
  now: Date.now,
};

/** The events queue's consumer; its event source must have ReportBatchItemFailures. */
export async function handler({ Records: records }: SQSEvent): Promise<SQSBatchResponse> {
  const failed = await trackRecords(ports, records);
  metrics.flush();
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
