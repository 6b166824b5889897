import { isDeepStrictEqual } from 'node:util';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { environment } from '#contract/environment.ts';
import { type Priority, priorities } from '#contract/outbound-sms.ts';
import { tableDefinition } from '#contract/table.ts';
import { toError } from '#contract/to-error.ts';
import { accountId, clientOptions, region } from './aws.ts';
import { StartError } from './start-error.ts';

/** What `infra/` deploys to AWS, made in the emulators. Making what is there already changes nothing. */

/** URLs of what a carrier has of its own. */
export type CarrierQueues = Readonly<Record<Priority | 'deadLetters', string>>;

export interface Resources {
  readonly ofCarriers: ReadonlyMap<string, CarrierQueues>;
  readonly eventsQueueUrl: string;
  readonly eventsDeadLetterQueueUrl: string;
  /** Has a copy of what is published to both topics, for the terminal. */
  readonly terminalQueueUrl: string;
  /** Has a copy of what is published to the inbound topic, to be kept. */
  readonly inboundQueueUrl: string;
  readonly inboundTopicArn: string;
  readonly statusTopicArn: string;
  readonly tableName: string;
}

const prefix = 'smpp-gateway';
const tableName = `${prefix}-messages`;

const days = 86_400;
const deadLetters = { MessageRetentionPeriod: String(14 * days) };
const fifo = { FifoQueue: 'true' };
const highThroughput = { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };

export async function createResources(
  endpoint: string,
  sqs: SQSClient,
  carriers: readonly string[],
): Promise<Resources> {
  const eventsDeadLetters = `${prefix}-events-dead-letters`;
  const eventsDeadLetterQueueUrl = await createQueue(sqs, eventsDeadLetters, deadLetters);
  const eventsQueueUrl = await createQueue(sqs, `${prefix}-events`, {
    // Half a minute: who tries a fault out on this machine need not wait as long as in production.
    VisibilityTimeout: '30',
    MessageRetentionPeriod: String(7 * days),
    RedrivePolicy: redrive(eventsDeadLetters, 100),
  });
  const ofCarriers = new Map<string, CarrierQueues>();
  for (const carrier of carriers) ofCarriers.set(carrier, await createCarrierQueues(sqs, carrier));
  await createTable(endpoint);
  return {
    ofCarriers,
    eventsQueueUrl,
    eventsDeadLetterQueueUrl,
    ...(await createTopics(endpoint, sqs)),
    tableName,
  };
}

/** The variables that tell a carrier's connector its queues and topic. */
export function connectorResources(resources: Resources, carrier: string): Record<string, string> {
  const { urgent, normal, deadLetters } = queuesOf(resources, carrier);
  return {
    [environment.urgentQueueUrl]: urgent,
    [environment.normalQueueUrl]: normal,
    [environment.outboundDeadLetterQueueUrl]: deadLetters,
    [environment.eventsQueueUrl]: resources.eventsQueueUrl,
    [environment.eventsDeadLetterQueueUrl]: resources.eventsDeadLetterQueueUrl,
    [environment.inboundTopicArn]: resources.inboundTopicArn,
  };
}

export function queuesOf(resources: Resources, carrier: string): CarrierQueues {
  const queues = resources.ofCarriers.get(carrier);
  if (queues === undefined) throw new Error(`carrier ${carrier} has no queues`);
  return queues;
}

async function createCarrierQueues(sqs: SQSClient, carrier: string): Promise<CarrierQueues> {
  const deadLetterQueue = `${prefix}-${carrier}-dead-letters.fifo`;
  const deadLetterQueueUrl = await createQueue(sqs, deadLetterQueue, { ...deadLetters, ...fifo });
  const entries = priorities.map(async (priority) => {
    const attributes = {
      ...fifo,
      ...highThroughput,
      VisibilityTimeout: '120',
      MessageRetentionPeriod: String(14 * days),
      RedrivePolicy: redrive(deadLetterQueue, 1_000),
    };
    return [priority, await createQueue(sqs, `${prefix}-${carrier}-${priority}.fifo`, attributes)] as const;
  });
  const lanes = Object.fromEntries(await Promise.all(entries)) as Record<Priority, string>;
  return { ...lanes, deadLetters: deadLetterQueueUrl };
}

async function createTopics(
  endpoint: string,
  sqs: SQSClient,
): Promise<Pick<Resources, 'inboundTopicArn' | 'statusTopicArn' | 'terminalQueueUrl' | 'inboundQueueUrl'>> {
  const sns = new SNSClient(clientOptions(endpoint));
  const terminal = `${prefix}-terminal`;
  const terminalQueueUrl = await createQueue(sqs, terminal, { MessageRetentionPeriod: '60' });
  const inbound = `${prefix}-inbound`;
  const inboundDeadLetters = `${inbound}-dead-letters`;
  await createQueue(sqs, inboundDeadLetters, deadLetters);
  const inboundQueueUrl = await createQueue(sqs, inbound, {
    VisibilityTimeout: '30',
    MessageRetentionPeriod: String(14 * days),
    RedrivePolicy: redrive(inboundDeadLetters, 100),
  });
  const createTopic = async (name: string, ...queues: readonly string[]): Promise<string> => {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `${prefix}-${name}` }));
    const Attributes = { RawMessageDelivery: 'true' };
    for (const queue of queues) {
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn(queue), Attributes }));
    }
    return TopicArn;
  };
  const [inboundTopicArn, statusTopicArn] = await Promise.all([
    createTopic('inbound', terminal, inbound),
    createTopic('status', terminal),
  ]);
  sns.destroy();
  return { inboundTopicArn, statusTopicArn, terminalQueueUrl, inboundQueueUrl };
}

async function createTable(endpoint: string): Promise<void> {
  const dynamoDb = new DynamoDBClient(clientOptions(endpoint));
  try {
    await dynamoDb.send(new CreateTableCommand({ ...tableDefinition, TableName: tableName }));
  } catch (cause) {
    if (!(cause instanceof ResourceInUseException)) throw cause;
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: tableName }));
    if (!isDeepStrictEqual(keysOf(Table), keysOf(tableDefinition))) throw otherVersion(`the table ${tableName}`, cause);
  } finally {
    dynamoDb.destroy();
  }
}

function keysOf(table: Pick<TableDescription, 'KeySchema' | 'GlobalSecondaryIndexes'> | undefined): unknown {
  const indexes = table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema }) => [IndexName, KeySchema]);
  return [table?.KeySchema, indexes?.sort()];
}

async function createQueue(sqs: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  try {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    return QueueUrl;
  } catch (caught) {
    const cause = toError(caught);
    // With or without a prefix, by the protocol that the client speaks.
    if (!cause.name.endsWith('QueueNameExists')) throw cause;
    throw otherVersion(`the queue ${name}`, cause);
  }
}

function otherVersion(what: string, cause: Error): StartError {
  return new StartError(
    `${what} in the data directory was made by another version: empty the directory or name another one`,
    { cause },
  );
}

export function queueArn(name: string): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}

function redrive(deadLetterQueue: string, maxReceiveCount: number): string {
  return JSON.stringify({ deadLetterTargetArn: queueArn(deadLetterQueue), maxReceiveCount });
}
