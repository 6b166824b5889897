import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { asciiJson } from '#contract/ascii-json.ts';
import {
  inboundTopicAttributes,
  snsAttributes,
  statusTopicAttributes,
  type TopicAttributes,
} from '#contract/topic-attributes.ts';
import { dynamoPages } from './dynamo-pages.ts';
import { dynamoTable } from './dynamo-table.ts';
import type { InboundTopic, Pages, Queue, QueueMessage, Table, Topic } from './ports.ts';

/** The real ports. Each function is called once, outside the handler, so that connections are kept. */

/** A call that hangs must fail and be tried again while the function still has time. */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: 3_000,
  // Silence in the middle of an answer.
  socketTimeout: 3_000,
  throwOnRequestTimeout: true,
};

export function openTable(name: string): Table {
  return dynamoTable(openDocuments(), name);
}

export function openPages(name: string): Pages {
  return dynamoPages(openDocuments(), name);
}

function openDocuments(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler }), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

export function openQueue(): Queue {
  // By default the client calls the host in the queue's URL, past an emulator's endpoint.
  const overridden = process.env.AWS_ENDPOINT_URL ?? process.env.AWS_ENDPOINT_URL_SQS;
  const client = new SQSClient({ requestHandler, ...(overridden && { useQueueUrlAsEndpoint: false }) });
  return {
    async send(message) {
      await client.send(new SendMessageCommand(sendMessageInput(message)));
    },
  };
}

function sendMessageInput({ queueUrl, body, attributes = {}, groupId, deduplicationId }: QueueMessage) {
  const entries = Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]);
  return {
    QueueUrl: queueUrl,
    MessageBody: body,
    MessageAttributes: Object.fromEntries(entries),
    MessageGroupId: groupId,
    MessageDeduplicationId: deduplicationId,
  };
}

export function openTopic(topicArn: string): Topic {
  return openTopicOf(topicArn, statusTopicAttributes);
}

export function openInboundTopic(topicArn: string): InboundTopic {
  return openTopicOf(topicArn, inboundTopicAttributes);
}

function openTopicOf<Event>(topicArn: string, attributesOf: (event: Event) => TopicAttributes) {
  const client = new SNSClient({ requestHandler });
  return {
    async publish(event: Event) {
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Message: asciiJson(event),
          MessageAttributes: snsAttributes(attributesOf(event)),
        }),
      );
    },
  };
}
