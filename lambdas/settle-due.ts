import { openTable, openTopic } from './aws.ts';
import { readEnvironment } from './config.ts';
import { openLog } from './log.ts';
import { settleItems } from './settle-items.ts';

const config = readEnvironment(['tableName', 'statusTopicArn']);
const log = openLog('settle-due');
const ports = {
  table: openTable(config.tableName),
  topic: openTopic(config.statusTopicArn),
  log,
  now: Date.now,
};

/** Every minute, by schedule. Fails, for the alarm's sake, when an item could not be settled. */
export async function handler(): Promise<void> {
  const { done, failed } = await settleItems(ports);
  if (done > 0) log.info('due items settled', { done });
  if (failed > 0) throw new Error(`${failed} due items could not be settled, ${done} could`);
}
