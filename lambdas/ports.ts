import type { ReceivedEvent, StatusTopicEvent } from '#contract/cloud-events.ts';
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

export interface PageRequest {
  /** Sort keys, without the two themselves. */
  readonly after: string;
  readonly before: string;
  /** Items that are looked at, whether or not the filter takes them. */
  readonly limit: number;
  /** Attributes that must have these values. */
  readonly where: Readonly<Record<string, string>>;
}

export interface Page {
  readonly items: readonly Item[];
  /** Sort key of the item that was looked at last, where there may be more. */
  readonly last?: string;
}

/** Reads of one partition, a page at a time, from the last sort key to the first; eventually consistent. */
export interface Pages {
  page(pk: string, request: PageRequest): Promise<Page>;
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

export interface InboundTopic {
  publish(event: ReceivedEvent): Promise<void>;
}

/** Never given a text or a full number: ids, carrier, and the SMSC's words. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Milliseconds since the epoch. */
export type Now = () => number;
