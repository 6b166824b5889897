import type { Context } from 'aws-lambda';
import { openInboundTopic, openTable, openTopic } from './aws.ts';
import { readEnvironment } from './config.ts';
import { openMetrics } from './function-metrics.ts';
import { openLog } from './log.ts';
import { settleItems } from './settle-items.ts';

const config = readEnvironment(['tableName', 'statusTopicArn', 'inboundTopicArn']);
const log = openLog('settle-due');
const metrics = openMetrics();
const ports = {
  table: openTable(config.tableName),
  topic: openTopic(config.statusTopicArn),
  inboundTopic: openInboundTopic(config.inboundTopicArn),
  log,
  metrics,
  now: Date.now,
};

/** What one item may take where a call hangs and is tried again. */
const reservedMs = 10_000;

/** Every minute, by schedule. Fails, for the alarm's sake, when an item could not be settled. */
export async function handler(_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> {
  const { done, failed, leftOver } = await settleItems(ports, () => context.getRemainingTimeInMillis() > reservedMs);
  metrics.flush();
  if (done > 0) log.info('due items settled', { done });
  if (leftOver) log.warn('more was due than one run could settle: the next goes on', { done });
  if (failed > 0) throw new Error(`${failed} due items could not be settled, ${done} could`);
}
