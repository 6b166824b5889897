import type { SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { asciiJson } from '#contract/ascii-json.ts';
import { type ConnectorEvent, parseEventList } from '#contract/connector-events.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { systemClock } from '../../connector/clock.ts';
import { type Connector, startConnector } from '../../connector/connector.ts';
import { SqsQueue } from '../../connector/queue/sqs-queue.ts';
import { createQueue, QueueReader, sqsAt } from '../support/aws.ts';
import { profile, recordedLog, sms } from '../support/connector-factories.ts';
import { emulatorVariable } from '../support/emulator.ts';
import { batchAnswer, fakeAws } from '../support/fake-aws.ts';
import { behaviours } from '../support/lane-queue-behaviour.ts';
import { MemorySmsc } from '../support/memory-smsc.ts';
import { releaseAfterTest } from '../support/release-after-test.ts';

/** Lanes in an emulator that gives several messages of a group in one receive, with the real SDK and real time. */

const fifo = { FifoQueue: 'true' };
const alice = '+447700900001';
let sqs: SQSClient;

beforeAll(() => {
  const awsEndpoint = process.env[emulatorVariable];
  if (awsEndpoint === undefined) throw new Error(`${emulatorVariable} must be set: npm run test:moto`);
  sqs = sqsAt({ awsEndpoint, region: 'eu-west-1' });
});
afterAll(() => sqs.destroy());

async function arnOf(queueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  return Attributes?.QueueArn ?? '';
}

test.each(Object.entries(behaviours))(
  '%s',
  async (_, behaves) => {
    const deadLetters = await createQueue(sqs, fifo);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await arnOf(deadLetters), maxReceiveCount: 2 });
    const lane = await createQueue(sqs, { ...fifo, RedrivePolicy });
    await behaves({ lane: new SqsQueue(sqs, lane), deadLetters: new SqsQueue(sqs, deadLetters) });
  },
  20_000,
);

interface Started {
  readonly connector: Connector;
  readonly lane: SqsQueue;
  readonly deadLetters: string;
  enqueue(given: Partial<OutboundSms>): Promise<OutboundSms>;
  /** The next event of this type. */
  event<Type extends ConnectorEvent['type']>(type: Type): Promise<Extract<ConnectorEvent, { type: Type }>>;
  /** Another connector at the same queues. */
  another(): Promise<Connector>;
}

async function start(smsc: MemorySmsc): Promise<Started> {
  const [urgent, normal, deadLetters] = await Promise.all([
    createQueue(sqs, fifo),
    createQueue(sqs, fifo),
    createQueue(sqs, fifo),
  ]);
  const eventsQueue = await createQueue(sqs);
  const reader = new QueueReader(sqs, eventsQueue);
  const lane = new SqsQueue(sqs, normal);
  const another = async () => {
    const connector = await startConnector(
      {
        carrier: profile(),
        urgentQueueUrl: urgent,
        normalQueueUrl: normal,
        outboundDeadLetterQueueUrl: deadLetters,
        eventsQueueUrl: eventsQueue,
        eventsDeadLetterQueueUrl: eventsQueue,
        inboundTopicArn: 'inbound',
        healthPort: 0,
        pollWaitSeconds: 1,
        drainSeconds: 5,
      },
      {
        sqs,
        sns: fakeAws<SNSClient>(() => batchAnswer(1)).client,
        clock: systemClock,
        random: () => 0.5,
        newId: () => crypto.randomUUID(),
        bindId: 'bind',
        log: recordedLog(),
        tellMetrics: () => {},
        connect: () => smsc.connect('a'),
        readPassword: async () => 'secret',
      },
    );
    releaseAfterTest(() => connector.stop());
    return connector;
  };
  const unread: ConnectorEvent[] = [];
  return {
    connector: await another(),
    lane,
    deadLetters,
    another,
    async enqueue(given) {
      const message = sms({ id: crypto.randomUUID(), acceptedAt: now(0), validUntil: now(3_600_000), ...given });
      await lane.send(asciiJson(message), { groupId: 'alice', deduplicationId: message.id });
      return message;
    },
    async event(type) {
      for (;;) {
        const event = unread.shift();
        if (event?.type === type) return event as Extract<ConnectorEvent, { type: typeof type }>;
        if (event === undefined) unread.push(...eventsOf((await reader.next()).Body ?? ''));
      }
    },
  };
}

function now(plusMs: number): string {
  return new Date(systemClock.now() + plusMs).toISOString();
}

function eventsOf(body: string): ConnectorEvent[] {
  return parseEventList(body).flatMap((parsed) => (parsed.kind === 'event' ? [parsed.event] : []));
}

/** Resolves when the SMSC has got so many submit_sm. */
function arrivals(smsc: MemorySmsc, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  smsc.onSubmit = () => smsc.arrivals.length === count && resolve();
  return promise;
}

describe('a connector at lanes of an emulator', () => {
  test('sends what comes of one recipient in one receive one after the other', async () => {
    const smsc = new MemorySmsc();
    smsc.answer = () => 'hold';
    const { enqueue, event } = await start(smsc);
    const texts = ['one', 'two', 'three'];
    const first = arrivals(smsc, 1);
    for (const text of texts) await enqueue({ to: alice, text });
    await first;
    for (const [n] of texts.entries()) {
      expect(smsc.held).toBe(1);
      const next = arrivals(smsc, n + 2);
      smsc.release();
      await event('submitted');
      if (n < 2) await next;
    }
    expect(smsc.arrivals.map(({ text }) => text)).toEqual(texts);
  }, 30_000);

  test('moves what it cannot read to the dead-letter queue, with the reason', async () => {
    const { lane, deadLetters } = await start(new MemorySmsc());
    await lane.send('{"version":1}', { groupId: 'alice', deduplicationId: 'unreadable' });
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deadLetters, WaitTimeSeconds: 10, MessageAttributeNames: ['All'] }),
    );
    expect(Messages?.[0]?.Body).toBe('{"version":1}');
    expect(Messages?.[0]?.MessageAttributes?.reason?.StringValue).toContain('clientId');
  }, 30_000);

  test('gives back what it has when it stops, in its order, and the next one sends it', async () => {
    const smsc = new MemorySmsc();
    smsc.answer = () => 0x58;
    const { enqueue, event, connector, another } = await start(smsc);
    const first = arrivals(smsc, 1);
    for (const text of ['one', 'two', 'three']) await enqueue({ to: alice, text });
    await first;
    await connector.stop();
    const refused = smsc.arrivals.length;
    smsc.answer = () => 0;
    await another();
    for (let n = 0; n < 3; n += 1) await event('submitted');
    expect(smsc.arrivals.slice(refused).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  }, 30_000);

  test('enqueues an at-most-once message anew that was deleted and refused, within the five minutes of its id', async () => {
    const smsc = new MemorySmsc();
    smsc.answer = () => 0x58;
    const { enqueue, event, connector, another } = await start(smsc);
    const first = arrivals(smsc, 1);
    const message = await enqueue({ to: alice, text: 'once', guarantee: 'at-most-once' });
    await first;
    await connector.stop();
    smsc.answer = () => 0;
    await another();
    expect((await event('submitted')).messageId).toBe(message.id);
    expect(smsc.arrivals.filter(({ accepted }) => accepted)).toHaveLength(1);
  }, 30_000);
});
