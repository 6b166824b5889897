import { receivedEvent } from '#contract/cloud-events.ts';
import { parseJsonAs } from '#contract/parse.ts';
import { toError } from '#contract/to-error.ts';
import { concurrently } from './concurrently.ts';
import { inboundItem } from './inbound-item.ts';
import { describeError } from './log.ts';
import type { Log, Now, Table } from './ports.ts';

export interface KeepPorts {
  readonly table: Pick<Table, 'create'>;
  readonly log: Log;
  readonly now: Now;
  readonly retainTextDays: number;
}

interface InboundRecord {
  readonly messageId: string;
  readonly body: string;
}

const writesAtOnce = 10;

/**
 * Keeps the messages that the inbound topic published, each once, however often it comes. Returns the records that
 * could not be kept, or not read: they come again, and in the end are in the queue's dead-letter queue.
 */
export async function keepRecords<Kept extends InboundRecord>(
  { table, log, now, retainTextDays }: KeepPorts,
  records: readonly Kept[],
): Promise<Kept[]> {
  const failed = await concurrently(records, writesAtOnce, async (record) => {
    try {
      await table.create(inboundItem(parseJsonAs(receivedEvent, record.body, 'received event'), now(), retainTextDays));
      return [];
    } catch (cause) {
      log.error('a received message could not be kept: it comes again', {
        record: record.messageId,
        ...describeError(toError(cause)),
      });
      return [record];
    }
  });
  return failed.flat();
}
