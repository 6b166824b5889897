import type { Guarantee, OutboundSms, Priority } from '#contract/outbound-sms.ts';
import type { MessageStatus } from '#contract/status.ts';
import type { TableKey } from '#contract/table.ts';
import type { Encoding } from '#contract/text/encode-text.ts';
import type { Replaced } from '#contract/text/smart.ts';
import { dueFor, type Fact, factOf, isFactKey, partitionOf } from './facts.ts';
import type { Item, Table } from './ports.ts';

export interface MessageRow {
  readonly id: string;
  readonly clientId: string;
  readonly carrier: string;
  readonly to: string;
  readonly from?: string;
  /** Empty once `textUntil` is over. */
  readonly text: string;
  /** What stands there for typographic characters, where `smart` was asked for. */
  readonly replaced?: readonly Replaced[];
  readonly encoding: Encoding;
  /** As the API counted them. */
  readonly segments: number;
  readonly priority: Priority;
  readonly guarantee: Guarantee;
  /** Whether the SMSC was asked for receipts. */
  readonly receipt: boolean;
  /** As the lane message has them. */
  readonly fromAddressing?: NonNullable<OutboundSms['fromAddressing']>;
  readonly toAddressing?: NonNullable<OutboundSms['toAddressing']>;
  readonly tlvs?: NonNullable<OutboundSms['tlvs']>;
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
  /** When `settle-due` is to look next: to decide if there is no outcome by then, to end the wait for receipts, or to forget the text. */
  readonly dueAt?: number;
}

export interface Message {
  readonly row: MessageRow;
  readonly history: readonly Fact[];
}

/** How long after the end of its validity an outcome may still be under way through the events queue. */
export const graceMs = 15 * 60_000;

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

/** What a row is to wait for next, in milliseconds since the epoch; without a time for nothing. */
export interface Rest {
  readonly forgets: boolean;
  readonly dueAt: number | undefined;
}

/** Refused, rightly, when a fact came since the message was read: then the row says when it is due. */
export async function rest(table: Table, { row, history }: Message, { forgets, dueAt }: Rest): Promise<void> {
  const key = rowKey(row.id);
  const due = dueAt === undefined ? undefined : dueFor(key, dueAt);
  const sets = [...(forgets ? ['#text = :nothing'] : []), ...(due ? ['dueShard = :shard', 'dueAt = :at'] : [])];
  const clauses = [...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []), ...(due ? [] : ['REMOVE dueShard, dueAt'])];
  await table.update(key, {
    update: clauses.join(' '),
    condition: 'factCount = :count',
    ...(forgets && { names: { '#text': 'text' } }),
    values: {
      ':count': history.length,
      ...(forgets && { ':nothing': '' }),
      ...(due && { ':shard': due.dueShard, ':at': due.dueAt }),
    },
  });
}

/** A row as `accept-message.ts` wrote it; the first ones did not say that they want receipts, and did. */
export function rowOf(item: Item): MessageRow {
  return { receipt: true, ...item } as unknown as MessageRow;
}
