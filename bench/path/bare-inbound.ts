import { PublishBatchCommand, type SNSClient } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Delivered, DeliveryOrder } from './deliveries.ts';
import { handsetOf, shortMessageOf } from './messages.ts';
import { sharedNow } from './now.ts';

export interface BareIncoming {
  readonly topicArn: string;
  readonly queueUrl: string;
}

interface Clients {
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
}

const tens = 10;

/** Publishes, or sends, in tens; or one at a time where there is one every so often. */
export async function passOn(order: DeliveryOrder, to: BareIncoming, clients: Clients): Promise<Delivered> {
  const startedAt = sharedNow();
  const latenciesMs = new Float64Array(order.count);
  let next = 0;
  const pass = async (count: number): Promise<void> => {
    const first = next;
    next += count;
    const sentAt = sharedNow();
    await (order.kind === 'messages' ? publish : send)(order, { first, count }, to, clients);
    latenciesMs.fill(sharedNow() - sentAt, first, first + count);
  };
  if (order.everyMs === 0) {
    const loop = async () => {
      while (next < order.count) await pass(Math.min(tens, order.count - next));
    };
    await Promise.all(Array.from({ length: order.window / tens }, loop));
  } else {
    await inTime(order, startedAt, () => pass(1));
  }
  return { seconds: (sharedNow() - startedAt) / 1_000, latenciesMs };
}

function inTime({ count, everyMs }: DeliveryOrder, startedAt: number, pass: () => Promise<void>): Promise<void> {
  const passing: Promise<void>[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const next = () => {
    passing.push(pass());
    if (passing.length === count) Promise.all(passing).then(() => resolve(), reject);
    else setTimeout(next, Math.max(0, startedAt + passing.length * everyMs - sharedNow()));
  };
  next();
  return promise;
}

interface Part {
  readonly first: number;
  readonly count: number;
}

type Pass = (order: DeliveryOrder, part: Part, to: BareIncoming, clients: Clients) => Promise<void>;

const publish: Pass = async (order, part, { topicArn }, { sns }) => {
  const PublishBatchRequestEntries = eventsOf(order, part).map((event, index) => ({
    Id: String(index),
    Message: JSON.stringify(event),
    MessageAttributes: Object.fromEntries(
      ['type', 'carrier', 'from', 'to', 'keyword'].map((name) => [
        name,
        { DataType: 'String', StringValue: 'sms.received' },
      ]),
    ),
  }));
  const { Successful } = await sns.send(new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries }));
  if (Successful?.length !== part.count) throw new Error('not all were published');
};

const send: Pass = async (order, part, { queueUrl }, { sqs }) => {
  const Entries = eventsOf(order, part).map((event, index) => ({
    Id: String(index),
    MessageBody: JSON.stringify(event),
  }));
  const { Successful } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  if (Successful?.length !== part.count) throw new Error('not all were sent');
};

function eventsOf({ kind, first }: DeliveryOrder, part: Part): object[] {
  return Array.from({ length: part.count }, (_, index) => {
    const number = first + part.first + index;
    const addresses = { carrier: 'bench', from: `+${handsetOf(number)}`, to: '+447700900000' };
    const text = shortMessageOf(kind, number);
    return kind === 'messages' ? messageEvent(addresses, text) : receiptEvent(addresses, text);
  });
}

interface Addresses {
  readonly carrier: string;
  readonly from: string;
  readonly to: string;
}

const time = '2026-11-23T12:00:00.000Z';

/** As many octets as the connector's. */
function messageEvent(addresses: Addresses, text: string): object {
  return {
    specversion: '1.0',
    id: '019b76da-a800-7000-8000-0123456789ab',
    source: '/carriers/bench',
    type: 'sms.received',
    dataschema: 'urn:aws-smpp-gateway:schema:sms.received:1',
    subject: addresses.to,
    time,
    datacontenttype: 'application/json',
    data: {
      ...addresses,
      text,
      dataCoding: 0,
      octets: Buffer.from(text).toString('base64'),
      fingerprint: '0'.repeat(64),
      possibleDuplicate: false,
      tlvs: {},
    },
  };
}

function receiptEvent(addresses: Addresses, text: string): object {
  return {
    type: 'receipt',
    id: '0'.repeat(64),
    time,
    ...addresses,
    smscMessageId: text.slice(3, 11),
    state: 'delivered',
    stat: 'DELIVRD',
    err: '000',
    submitDate: '2611231200',
    doneDate: '2611231201',
  };
}
