import type { StatusTopicEvent } from '#contract/cloud-events.ts';
import type { TableKey } from '#contract/table.ts';

/** What the logic needs of the world. `aws.ts` has the real ones. */

export type Item = TableKey & Readonly<Record<string, unknown>>;

export interface Change {
  readonly update: string;
  /** Without one, an item that is missing is made. */
  readonly condition?: string;
  /** `{ '#status': 'status' }`, for names that DynamoDB reserves. */
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Reads are strongly consistent, but for `due`. */
export interface Table {
  get(key: TableKey): Promise<Item | undefined>;
  /** Writes an item whose key is free. */
  create(item: Item): Promise<'created' | 'exists'>;
  /** The item after the change; `refused` when the condition did not hold. */
  update(key: TableKey, change: Change): Promise<Item | 'refused'>;
  /** All items of one partition, by sort key. */
  partition(pk: string): Promise<Item[]>;
  /** Keys that the index has as due; an entry may be out of date. */
  due(shard: string, until: number): AsyncIterable<TableKey>;
}

export interface QueueMessage {
  readonly queueUrl: string;
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Both for FIFO queues only. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

export interface Queue {
  send(message: QueueMessage): Promise<void>;
}

export interface Topic {
  publish(event: StatusTopicEvent): Promise<void>;
}

/** Never given a text or a full number: ids, carrier, and the SMSC's words. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Milliseconds since the epoch. */
export type Now = () => number;
