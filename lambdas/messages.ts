import type { Guarantee, Priority } from '#contract/outbound-sms.ts';
import type { MessageStatus } from '#contract/status.ts';
import type { TableKey } from '#contract/table.ts';
import type { Encoding } from '#contract/text/segments.ts';
import { type Fact, factOf, isFactKey, partitionOf } from './facts.ts';
import type { Item, Table } from './ports.ts';

export interface MessageRow {
  readonly id: string;
  readonly clientId: string;
  readonly carrier: string;
  readonly to: string;
  readonly from?: string;
  readonly text: string;
  readonly encoding: Encoding;
  /** As the API counted them. */
  readonly segments: number;
  readonly priority: Priority;
  readonly guarantee: Guarantee;
  readonly createdAt: string;
  readonly validUntil: string;
  readonly status: MessageStatus;
  /** From how many facts `status` was worked out. */
  readonly factCount: number;
  /** Keys of the milestones that are published; absent while there is none. */
  readonly published?: ReadonlySet<string>;
  /** Set while an outcome is awaited: when to decide without one. */
  readonly dueAt?: number;
}

export interface Message {
  readonly row: MessageRow;
  readonly history: readonly Fact[];
}

const rowSortKey = 'row';

export function rowKey(messageId: string): TableKey {
  return { pk: partitionOf(messageId), sk: rowSortKey };
}

export function isRowKey({ sk }: TableKey): boolean {
  return sk === rowSortKey;
}

/** The row and its whole history, by one query. */
export async function readMessage(table: Table, messageId: string): Promise<Message | undefined> {
  const items = await table.partition(partitionOf(messageId));
  const row = items.find(isRowKey);
  if (row === undefined) return undefined;
  return { row: rowOf(row), history: items.filter(isFactKey).map(factOf) };
}

/** A row as `accept-message.ts` wrote it. */
function rowOf(item: Item): MessageRow {
  return item as unknown as MessageRow;
}
