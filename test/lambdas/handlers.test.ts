import type { APIGatewayProxyEvent, APIGatewayProxyResult, SQSEvent } from 'aws-lambda';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { assembledEvents } from '../../lambdas/assembled-event.ts';
import { recordCarrierState } from '../../lambdas/carrier-state.ts';
import { apiEvent, carrierStateEvent, messageId, receiptEvent, submittedEvent } from '../support/factories.ts';
import { type LambdaEnvironment, startLambdaEnvironment } from '../support/lambda-environment.ts';
import { acceptedMessage, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { partEvent } from '../support/parts.ts';

/** The handlers as Lambda loads them: variables first, then the module. Everything that is not DynamoDB is refused. */

let lambda: LambdaEnvironment;
let ports: TestPorts;

beforeAll(async () => {
  lambda = await startLambdaEnvironment();
  ports = testPorts(lambda.table);
});

afterAll(() => lambda.stop());

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
  await acceptedMessage(ports, messageId, { reference: 'order 7', metadata: { campaign: 'x' } });
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
    receipt: true,
    reference: 'order 7',
    metadata: { campaign: 'x' },
    segmentStates: [
      {
        segment: 1,
        status: 'delivered',
        smscMessageId: `smsc-${messageId}-1`,
        stat: 'DELIVRD',
        err: '000',
        time: '2026-01-01T00:00:05.000Z',
      },
    ],
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

test('GET of a path that is for POST alone says so', async () => {
  expect(await call(await import('../../lambdas/get-message.ts'), apiEvent({ id: 'preview' }))).toEqual({
    statusCode: 404,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      type: 'urn:aws-smpp-gateway:problem:route-not-found',
      title: 'There is no such route',
      status: 404,
      code: 'route-not-found',
      detail: 'the method must be POST, got GET',
    },
  });
});

test.each([
  ['POST /v1/messages', () => import('../../lambdas/send-message.ts')],
  ['POST /v1/messages/preview', () => import('../../lambdas/preview-message.ts')],
  ['GET /v1/messages/{id}', () => import('../../lambdas/get-message.ts')],
  ['GET /v1/carriers', () => import('../../lambdas/list-carriers.ts')],
])('%s refuses parameters, for it knows none', async (_, load) => {
  const event = apiEvent({ id: messageId, body: { to: '+447700900123', text: 'Hello' } });
  const multiValueQueryStringParameters = { dryRun: ['true'], ['x'.repeat(1_000)]: ['1', '2'] };
  expect(await call(await load(), { ...event, multiValueQueryStringParameters })).toMatchObject({
    statusCode: 400,
    body: {
      code: 'invalid-request',
      errors: [
        { field: 'dryRun', message: 'is not known; allowed: none' },
        { field: `${'x'.repeat(60)}…`, message: 'is not known; allowed: none' },
      ],
    },
  });
});

test('GET answers 404 for a message of another client, and 200 to its own', async () => {
  const id = messageId.replace(/.$/, '7');
  await acceptedMessage(ports, id);
  const handlers = await import('../../lambdas/get-message.ts');
  expect(await call(handlers, apiEvent({ id }))).toMatchObject({ statusCode: 200, body: { id } });
  expect(await call(handlers, apiEvent({ id, apiKeyId: 'client-2' }))).toMatchObject({
    statusCode: 404,
    body: { code: 'message-not-found' },
  });
});

test('GET /v1/carriers tells the state of each', async () => {
  await recordCarrierState(
    ports,
    carrierStateEvent({
      // The handler's clock is the machine's.
      time: new Date().toISOString(),
    }),
  );
  const answer = await call(await import('../../lambdas/list-carriers.ts'), apiEvent());
  expect(answer).toMatchObject({
    statusCode: 200,
    body: { carriers: [{ name: 'acme', state: 'bound', prefixes: [], binds: [{ id: 'bind-1', state: 'bound' }] }] },
  });
});

test('GET /v1/inbound answers what the inbound queue brought, newest first, and says what is wrong with a question', async () => {
  const { handler: keep } = await import('../../lambdas/keep-inbound.ts');
  const list = await import('../../lambdas/list-inbound.ts');
  const [event] = assembledEvents({ id: 'event-1', possibleDuplicate: false }, [
    partEvent({
      total: 1,
      text: 'YES', // The handler's clock is the machine's.
      time: new Date().toISOString(),
    }),
  ]);
  const bodies = [JSON.stringify(event), '{}'];
  const Records = bodies.map((body, index) => ({ messageId: `record-${index}`, body }));
  expect(await keep({ Records } as SQSEvent)).toEqual({ batchItemFailures: [{ itemIdentifier: 'record-1' }] });
  const answer = await call(list, apiEvent());
  expect(answer).toMatchObject({
    statusCode: 200,
    body: { messages: [{ id: 'event-1', time: event?.time, text: 'YES' }] },
  });
  const refused = await call(list, { ...apiEvent(), multiValueQueryStringParameters: { limit: ['0'] } });
  expect(refused).toMatchObject({ statusCode: 400, body: { code: 'invalid-request', errors: [{ field: 'limit' }] } });
  await expect(call(list, apiEvent({ apiKeyId: null }))).resolves.toMatchObject({ statusCode: 403 });
});
