import { type Exchange, Ledger } from '../../bench/cost/ledger.ts';

const fifo = 'http://127.0.0.1/000000000000/smpp-gateway-acme-normal.fifo';
const events = 'http://127.0.0.1/000000000000/smpp-gateway-events';

function call(target: string, request: object, response: object, status = 200): Exchange {
  const headers = { 'x-amz-target': target };
  return { headers, request: JSON.stringify(request), status, response: JSON.stringify(response) };
}

const sqs = (operation: string, request: object, response: object = {}) =>
  call(`AmazonSQS.${operation}`, request, response);
const dynamoDb = (operation: string, request: object, response: object = {}, status = 200) =>
  call(`DynamoDB_20120810.${operation}`, request, response, status);

function entriesOf(...exchanges: readonly Exchange[]) {
  const ledger = new Ledger();
  for (const exchange of exchanges) ledger.record(exchange);
  return ledger.take();
}

test('a call of SQS is named by its queue, and a queue by its kind', () => {
  const Messages = [{ MessageId: '1', ReceiptHandle: 'a', Body: '{}' }];
  expect(entriesOf(sqs('ReceiveMessage', { QueueUrl: fifo }, { Messages }))).toMatchObject([
    { service: 'SQS FIFO', operation: 'ReceiveMessage', target: 'acme-normal', requests: 1, purpose: 'message' },
  ]);
});

test('what is longer than 64 KB counts as several requests', () => {
  const MessageBody = JSON.stringify({ text: 'x'.repeat(65_536) });
  expect(entriesOf(sqs('SendMessage', { QueueUrl: events, MessageBody }))).toMatchObject([{ requests: 2 }]);
});

test('a receive that brings nothing, and a count of what waits, are made in any case', () => {
  const entries = entriesOf(
    sqs('ReceiveMessage', { QueueUrl: fifo }),
    sqs('GetQueueAttributes', { QueueUrl: fifo }, { Attributes: {} }),
  );
  expect(entries.map(({ purpose }) => purpose)).toEqual(['standing', 'standing']);
});

test.each([
  ['is none about messages', ['carrier-state'], 'standing'],
  ['counts as one about messages when it tells of one too', ['carrier-state', 'submitted'], 'message'],
])('a report of a bind, from its sending to its delete, %s', (_, types, purpose) => {
  const Body = JSON.stringify({ version: 1, events: types.map((type) => ({ type })) });
  const entries = entriesOf(
    sqs('SendMessage', { QueueUrl: events, MessageBody: Body }, { MessageId: '1' }),
    sqs('ReceiveMessage', { QueueUrl: events }, { Messages: [{ MessageId: '1', ReceiptHandle: 'a', Body }] }),
    sqs('DeleteMessageBatch', { QueueUrl: events, Entries: [{ Id: '0', ReceiptHandle: 'a' }] }),
  );
  expect(entries.map((entry) => entry.purpose)).toEqual([purpose, purpose, purpose]);
});

test('a write is counted in the table and in the index, by what the item was before', () => {
  const key = { pk: { S: 'message#1' }, sk: { S: 'event#1' } };
  const due = { dueShard: { S: '0' }, dueAt: { N: '1' } };
  const entries = entriesOf(
    dynamoDb('PutItem', { Item: { ...key, ...due } }),
    dynamoDb('UpdateItem', { Key: key }, { Attributes: key }),
  );
  expect(entries).toMatchObject([
    { operation: 'PutItem', target: 'event', tableWrites: 1, indexWrites: 1, reads: 0 },
    { operation: 'UpdateItem', target: 'event', tableWrites: 1, indexWrites: 1, reads: 0 },
  ]);
});

test('a write whose condition does not hold costs the table all the same', () => {
  const Item = { pk: { S: 'message#1' }, sk: { S: 'row' }, text: { S: 'x'.repeat(1_500) } };
  const refused = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' };
  const entries = entriesOf(dynamoDb('PutItem', { Item }), dynamoDb('PutItem', { Item }, refused, 400));
  expect(entries[1]).toMatchObject({ tableWrites: 2, indexWrites: 0 });
});

test('a query of a partition is about a message, one of the due index is made in any case', () => {
  const entries = entriesOf(
    dynamoDb('Query', { ConsistentRead: true }, { Items: [] }),
    dynamoDb('Query', { IndexName: 'due' }, { Items: [] }),
  );
  expect(entries).toMatchObject([
    { target: 'partition', reads: 1, purpose: 'message' },
    { target: 'index due', reads: 0.5, purpose: 'standing' },
  ]);
});

test('a publication is named by its topic', () => {
  const request = 'Action=Publish&TopicArn=arn%3Aaws%3Asns%3Ax%3A0%3Asmpp-gateway-status&Message=%7B%7D';
  expect(entriesOf({ headers: {}, request, status: 200, response: '<ok/>' })).toMatchObject([
    { service: 'SNS', operation: 'Publish', target: 'status', requests: 1 },
  ]);
});
