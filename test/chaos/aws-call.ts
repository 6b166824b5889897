import type { IncomingHttpHeaders } from 'node:http';
import { type ConnectorEvent, parseEventList } from '#contract/connector-events.ts';

/** A call to SQS or SNS, as the SDK writes it. */
export interface AwsCall {
  readonly name: string;
  /** SQS speaks JSON, SNS forms and XML. */
  readonly protocol: 'json' | 'form';
  /** Name of the queue; empty where there is none. */
  readonly queue: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout?: number;
}

export function readCall(headers: IncomingHttpHeaders, body: Buffer): AwsCall {
  const target = headers['x-amz-target'];
  if (typeof target !== 'string') {
    const name = new URLSearchParams(body.toString()).get('Action') ?? '';
    return { name, protocol: 'form', queue: '', headers, body };
  }
  const { QueueUrl = '' } = JSON.parse(body.toString()) as { QueueUrl?: string };
  const queue = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
  return { name: target.slice(target.indexOf('.') + 1), protocol: 'json', queue, headers, body };
}

/** A message that is enqueued anew, to be sent later, is to be sent now: its time passes at once. */
export function withoutDelay(call: AwsCall): AwsCall {
  if (call.name !== 'SendMessage' || !call.queue.endsWith('.fifo')) return call;
  const input = JSON.parse(call.body.toString()) as { MessageBody: string };
  const { notBefore, ...sms } = JSON.parse(input.MessageBody) as { notBefore?: string };
  if (notBefore === undefined) return call;
  return { ...call, body: Buffer.from(JSON.stringify({ ...input, MessageBody: JSON.stringify(sms) })) };
}

/** Of a batch call on a queue. */
export function entriesOf({ body }: AwsCall): readonly Entry[] {
  return (JSON.parse(body.toString()) as { Entries?: Entry[] }).Entries ?? [];
}

/** Ids of a batch's entries that took effect. */
export function doneIds(answer: string): ReadonlySet<string> {
  const { Successful = [] } = JSON.parse(answer) as { Successful?: { Id: string }[] };
  return new Set(Successful.map(({ Id }) => Id));
}

/** Of a SendMessage to the events queue. */
export function eventsOf({ body }: AwsCall): readonly ConnectorEvent[] {
  const { MessageBody } = JSON.parse(body.toString()) as { MessageBody: string };
  return parseEventList(MessageBody).map((parsed) => {
    if (parsed.kind === 'event') return parsed.event;
    throw parsed.error;
  });
}

/** The messages in a PublishBatch, as texts. */
export function publicationsOf({ body }: AwsCall): readonly string[] {
  const form = new URLSearchParams(body.toString());
  return [...form]
    .filter(([name]) => /^PublishBatchRequestEntries\.member\.\d+\.Message$/.test(name))
    .map(([, v]) => v);
}

export interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
}

export function receivedIn(answer: string): readonly Received[] {
  return (JSON.parse(answer) as { Messages?: Received[] }).Messages ?? [];
}

/** Of a ReceiveMessage. */
export function visibilityOf({ body }: AwsCall): number {
  return (JSON.parse(body.toString()) as { VisibilityTimeout?: number }).VisibilityTimeout ?? 0;
}

/** A batch but for its last entry; `rest` is undefined when that was the only one. */
export function withoutLastEntry(call: AwsCall): { readonly rest: AwsCall | undefined; readonly id: string } {
  return call.protocol === 'json' ? withoutLastOfList(call) : withoutLastOfForm(call);
}

function withoutLastOfList(call: AwsCall): { readonly rest: AwsCall | undefined; readonly id: string } {
  const request = JSON.parse(call.body.toString()) as { Entries: Entry[] };
  const Entries = request.Entries.slice(0, -1);
  const body = Buffer.from(JSON.stringify({ ...request, Entries }));
  return { rest: Entries.length === 0 ? undefined : { ...call, body }, id: request.Entries.at(-1)?.Id ?? '' };
}

function withoutLastOfForm(call: AwsCall): { readonly rest: AwsCall | undefined; readonly id: string } {
  const form = new URLSearchParams(call.body.toString());
  const ids = [...form.keys()].filter((name) => /^PublishBatchRequestEntries\.member\.\d+\.Id$/.test(name));
  const last = ids.at(-1) ?? '';
  const ofLast = last.slice(0, -'Id'.length);
  const left = new URLSearchParams([...form].filter(([name]) => !name.startsWith(ofLast)));
  const body = Buffer.from(left.toString());
  return { rest: ids.length === 1 ? undefined : { ...call, body }, id: form.get(last) ?? '' };
}
