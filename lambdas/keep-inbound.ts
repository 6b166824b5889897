import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { retentionDays } from '#contract/table.ts';
import { openTable } from './aws.ts';
import { readEnvironment, readWholeNumber } from './config.ts';
import { keepRecords } from './keep-records.ts';
import { openLog } from './log.ts';

const config = readEnvironment(['tableName']);
const ports = {
  table: openTable(config.tableName),
  log: openLog('keep-inbound'),
  now: Date.now,
  retainTextDays: readWholeNumber('retainTextDays', { otherwise: retentionDays, min: 1, max: retentionDays }),
};

/** The consumer of the queue that has all of the inbound topic; its event source must have ReportBatchItemFailures. */
export async function handler({ Records: records }: SQSEvent): Promise<SQSBatchResponse> {
  const failed = await keepRecords(ports, records);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
