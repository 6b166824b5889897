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
  /** Empty once `textUntil` is over. */
  readonly text: string;
  readonly encoding: Encoding;
  /** As the API counted them. */
  readonly segments: number;
  readonly priority: Priority;
  readonly guarantee: Guarantee;
  /** Whether the SMSC was asked for receipts. */
  readonly receipt: boolean;
  /** The client's own. */
  readonly reference?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly validUntil: string;
  readonly status: MessageStatus;
  /** From how many facts `status` was worked out. */
  readonly factCount: number;
  /** Keys of the milestones that are published; absent while there is none. */
  readonly published?: ReadonlySet<string>;
  /** When the text is to be forgotten. @default with the row */
  readonly textUntil?: number;
  /** What `settle-due` is to do next: decide if there is no outcome by then; after the outcome, forget the text. */
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

/** Ends the last thing that a row waits for. Also of a row that is gone meanwhile: then there is none to change. */
export async function forgetText(table: Table, messageId: string): Promise<void> {
  await table.update(rowKey(messageId), {
    update: 'SET #text = :nothing REMOVE dueShard, dueAt',
    condition: 'attribute_exists(pk)',
    names: { '#text': 'text' },
    values: { ':nothing': '' },
  });
}

/** A row as `accept-message.ts` wrote it; the first ones did not say that they want receipts, and did. */
export function rowOf(item: Item): MessageRow {
  return { receipt: true, ...item } as unknown as MessageRow;
}
