import { dueIndex, tableDefinition } from '#contract/table.ts';
import { itemBytes, readUnits, type WireItem, writeUnits } from './capacity.ts';

/** One call of an AWS API, as HTTP saw it. */
export interface Exchange {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly request: string;
  readonly status: number;
  readonly response: string;
}

/** `standing`: whether there are messages or not. */
export type Purpose = 'message' | 'standing';

/** What one call is on the bill. */
export interface Entry {
  readonly service: 'SQS FIFO' | 'SQS standard' | 'SNS' | 'DynamoDB';
  readonly operation: string;
  /** The queue, the topic, the kind of the item. */
  readonly target: string;
  readonly purpose: Purpose;
  /** As SQS and SNS count them: one for each 64 KB. */
  readonly requests: number;
  readonly tableWrites: number;
  readonly indexWrites: number;
  readonly reads: number;
}

type Body = Readonly<Record<string, unknown>>;
type SqsMessage = { readonly MessageId: string; readonly ReceiptHandle: string; readonly Body: string };

const indexKey = (
  tableDefinition.GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === dueIndex)?.KeySchema ?? []
).map(({ AttributeName }) => AttributeName);

/** Reads calls into entries. It knows every item that was written through it, for a write costs by its size before too. */
export class Ledger {
  readonly #items = new Map<string, WireItem>();
  /** Message ids, and then handles, of messages that only report the state of a bind. */
  readonly #reports = new Set<string>();
  #entries: Entry[] = [];
  #messageCalls = 0;

  /** How many calls about messages there have been. */
  get messageCalls(): number {
    return this.#messageCalls;
  }

  record(exchange: Exchange): void {
    const entry = this.#read(exchange);
    if (entry.purpose === 'message') this.#messageCalls += 1;
    this.#entries.push(entry);
  }

  /** The entries since the last time. */
  take(): readonly Entry[] {
    const taken = this.#entries;
    this.#entries = [];
    return taken;
  }

  /** Bytes of the items that are there, on average by kind. */
  itemSizes(): ReadonlyMap<string, number> {
    const byKind = Map.groupBy(this.#items.values(), (item) => kindOf(item));
    return new Map(
      [...byKind].map(([kind, items]) => [kind, items.reduce((sum, item) => sum + itemBytes(item), 0) / items.length]),
    );
  }

  #read(exchange: Exchange): Entry {
    const [prefix = '', operation = ''] = String(exchange.headers['x-amz-target'] ?? '').split('.');
    if (prefix === 'AmazonSQS') return this.#sqs(operation, exchange);
    return prefix.startsWith('DynamoDB_') ? this.#dynamoDb(operation, exchange) : snsEntry(exchange);
  }

  #sqs(operation: string, { request, response }: Exchange): Entry {
    const asked = JSON.parse(request) as Body;
    const answered = JSON.parse(response || '{}') as Body;
    const queue = String(asked.QueueUrl).split('/').at(-1) ?? '';
    const messages = (answered.Messages ?? []) as readonly SqsMessage[];
    const payload = operation === 'SendMessage' ? String(asked.MessageBody) : messages.map(({ Body }) => Body).join('');
    return {
      service: queue.endsWith('.fifo') ? 'SQS FIFO' : 'SQS standard',
      operation,
      target: queue.replace(/^smpp-gateway-|\.fifo$/g, ''),
      purpose: this.#isStanding(operation, asked, answered) ? 'standing' : 'message',
      requests: requestsOf(payload),
      ...noUnits,
    };
  }

  #isStanding(operation: string, asked: Body, answered: Body): boolean {
    const reports = this.#reports;
    switch (operation) {
      case 'SendMessage':
        if (isReport(String(asked.MessageBody))) reports.add(String(answered.MessageId));
        return reports.has(String(answered.MessageId));
      case 'ReceiveMessage': {
        const messages = (answered.Messages ?? []) as readonly SqsMessage[];
        const standing = messages.every(({ MessageId }) => reports.has(MessageId));
        if (standing) for (const { ReceiptHandle } of messages) reports.add(ReceiptHandle);
        return standing;
      }
      case 'DeleteMessageBatch': {
        const entries = (asked.Entries ?? []) as readonly { readonly ReceiptHandle: string }[];
        return entries.every(({ ReceiptHandle }) => reports.has(ReceiptHandle));
      }
      default:
        return operation === 'GetQueueAttributes';
    }
  }

  #dynamoDb(operation: string, { request, response, status }: Exchange): Entry {
    const asked = JSON.parse(request) as Body;
    const answered = JSON.parse(response || '{}') as Body;
    const key = (asked.Key ?? asked.Item) as WireItem | undefined;
    const target = key ? kindOf(key) : queryTarget(asked);
    const standing = target === 'bind' || target === `index ${dueIndex}`;
    const entry = {
      service: 'DynamoDB',
      operation,
      target,
      purpose: standing ? 'standing' : 'message',
      requests: 1,
    } as const;
    if (key === undefined || operation === 'GetItem') {
      const items = (answered.Items ?? [answered.Item ?? {}]) as readonly WireItem[];
      const bytes = items.reduce((sum, item) => sum + itemBytes(item), 0);
      return { ...entry, ...noUnits, reads: readUnits(bytes, asked.ConsistentRead === true) };
    }
    const id = JSON.stringify([key.pk, key.sk]);
    const before = this.#items.get(id);
    const after = status === 200 ? ((asked.Item ?? answered.Attributes) as WireItem) : before;
    if (after !== undefined) this.#items.set(id, after);
    const { table, index } = writeUnits(before, after, indexKey);
    return { ...entry, tableWrites: table, indexWrites: index, reads: 0 };
  }
}

const noUnits = { tableWrites: 0, indexWrites: 0, reads: 0 };

function snsEntry({ request }: Exchange): Entry {
  const form = new URLSearchParams(request);
  const payload = [...form].filter(([name]) => /Message$/.test(name)).map(([, value]) => value);
  return {
    service: 'SNS',
    operation: form.get('Action') ?? 'unknown',
    target: form.get('TopicArn')?.split('-').at(-1) ?? 'unknown',
    purpose: 'message',
    requests: requestsOf(payload.join('')),
    ...noUnits,
  };
}

function requestsOf(payload: string): number {
  return Math.max(1, Math.ceil(Buffer.byteLength(payload) / 65_536));
}

/** Whether a message of the events queue tells nothing but the state of a bind. */
export function isReport(body: string): boolean {
  const { events = [] } = JSON.parse(body) as { readonly events?: readonly { readonly type: string }[] };
  return events.length > 0 && events.every(({ type }) => type === 'carrier-state');
}

/** By the sort key (`contract/table.ts`): row, event, join, bind, claim. */
function kindOf({ sk }: WireItem): string {
  return String(sk?.S).split('#')[0] ?? '';
}

function queryTarget({ IndexName }: Body): string {
  return IndexName === undefined ? 'partition' : `index ${String(IndexName)}`;
}
