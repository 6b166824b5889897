import type { APIGatewayProxyEvent, APIGatewayProxyResult, SQSEvent } from 'aws-lambda';
import { environment } from '#contract/environment.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { type Dynamo, startDynamo, type TestTable } from '../support/dynamo.ts';
import { apiEvent, messageId, receiptEvent, route, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, type TestPorts, testPorts } from '../support/lambda-ports.ts';

// The package is ESM only, which jest cannot load.
jest.mock('uuid', () => ({ v7: () => '019b76da-a800-7000-8000-00000000beef' }), { virtual: true });

/** The handlers as Lambda loads them: variables first, then the module. Everything that is not DynamoDB is refused. */

let dynamo: Dynamo;
let table: TestTable;
let ports: TestPorts;
const variables = { ...process.env };

beforeAll(async () => {
  dynamo = await startDynamo();
  table = await dynamo.newTable();
  ports = testPorts(table);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: dynamo.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    LOG_LEVEL: 'SILENT',
    [environment.tableName]: table.name,
    [environment.routes]: JSON.stringify([route()]),
    [environment.statusTopicArn]: 'arn:aws:sns:eu-west-1:000000000000:status',
    [environment.eventsDeadLetterQueueUrl]: `${dynamo.endpoint}/000000000000/events-dead-letters`,
  });
});

afterAll(async () => {
  process.env = variables;
  await dynamo.stop();
});

type ApiHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

async function call(module: { handler: ApiHandler }, event: APIGatewayProxyEvent) {
  const { body, ...rest } = await module.handler(event);
  return { ...rest, body: JSON.parse(body) };
}

test('POST answers a bad body with all its faults', async () => {
  const answer = await call(
    await import('../../lambdas/send-message.ts'),
    apiEvent({ body: { to: 'me', txt: 'Hello' } }),
  );
  expect(answer).toMatchObject({ statusCode: 400, headers: { 'content-type': 'application/problem+json' } });
  expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(['to', 'text', 'txt']);
});

test('POST answers 503 when the lane refuses, and GET then shows why the message failed', async () => {
  const body = { to: '+447700900123', text: 'Hello' };
  const posted = await call(await import('../../lambdas/send-message.ts'), apiEvent({ body }));
  expect(posted).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' }, body: { code: 'unavailable' } });
  const [id] = posted.body.detail.match(/[0-9a-f-]{36}/);
  const got = await call(await import('../../lambdas/get-message.ts'), apiEvent({ id }));
  expect(got).toMatchObject({ statusCode: 200, body: { id, status: 'failed' } });
});

test('GET answers status, segments and the history in the words of the SMSC, without the text', async () => {
  await acceptedMessage(ports, messageId);
  await applyEvent(ports, submittedEvent());
  await applyEvent(ports, receiptEvent());
  const { body } = await call(await import('../../lambdas/get-message.ts'), apiEvent({ id: messageId }));
  expect(body).toEqual({
    id: messageId,
    status: 'delivered',
    to: '+447700900123',
    from: 'ACME',
    carrier: 'acme',
    encoding: 'gsm7',
    segments: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    priority: 'normal',
    guarantee: 'at-least-once',
    validUntil: '2026-01-02T00:00:00.000Z',
    history: [
      { type: 'queued', time: '2026-01-01T00:00:00.000Z' },
      {
        type: 'submitted',
        time: '2026-01-01T00:00:02.000Z',
        segment: 1,
        commandStatus: 'ESME_ROK 0x00000000',
        smscMessageId: `smsc-${messageId}-1`,
        possibleDuplicate: false,
      },
      {
        type: 'receipt',
        time: '2026-01-01T00:00:05.000Z',
        segment: 1,
        state: 'delivered',
        stat: 'DELIVRD',
        err: '000',
        smscMessageId: `smsc-${messageId}-1`,
        matchedBy: 'id',
      },
    ],
  });
});

test.each([
  ['of another client', { id: messageId, apiKeyId: 'client-2' }],
  ['that is unknown', { id: messageId.replace(/^0/, '1') }],
  ['that is no UUID', { id: '../../etc/passwd' }],
  ['that is empty', { id: '' }],
  ['that is not there', {}],
])('GET answers an id %s with the same 404', async (_, event) => {
  const answer = await call(await import('../../lambdas/get-message.ts'), apiEvent(event));
  expect(answer).toEqual({
    statusCode: 404,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      type: 'urn:aws-smpp-gateway:problem:message-not-found',
      title: 'There is no such message',
      status: 404,
      code: 'message-not-found',
    },
  });
});

test('track-events names the records that are to come again', async () => {
  const { handler } = await import('../../lambdas/track-events.ts');
  const body = JSON.stringify({ version: 1, events: [submittedEvent({ messageId: messageId.replace(/.$/, 'e') })] });
  const records = [
    { messageId: 'good', body },
    { messageId: 'bad', body: 'no list, and no dead-letter queue to take it' },
  ];
  expect(await handler({ Records: records } as SQSEvent)).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
});

test('settle-due runs when nothing is due', async () => {
  const { handler } = await import('../../lambdas/settle-due.ts');
  await expect(handler()).resolves.toBeUndefined();
});
