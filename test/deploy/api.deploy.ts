import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PurgeQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { StatusEvent } from '#contract/cloud-events.ts';
import { environment } from '#contract/environment.ts';
import { gatewayResponses, type ProblemKind, problemContentType, problemJson } from '#contract/gateway-responses.ts';
import { rowKey } from '../../lambdas/messages.ts';
import { clientOptions } from '../../local/aws.ts';
import { Releases } from '../../local/releases.ts';
import { call, send } from '../support/api.ts';
import { QueueReader, sqsAt, subscribe } from '../support/aws.ts';
import { notePersonal } from '../support/log-watch.ts';
import { burst, carrier, requestsPerSecond } from './support/configs.ts';
import { type ApiDefinition, readApiDefinition, type ServedApi, serveDeployedApi } from './support/deployed-api.ts';
import { environmentOf, readTask } from './support/deployed-connector.ts';
import { readSchedule } from './support/deployed-schedule.ts';
import { DeployedStack } from './support/deployed-stack.ts';
import { deployment } from './support/deployment.ts';

/** The API and the functions that were deployed, while no connector takes anything from the lanes. */

let stack: DeployedStack;
let definition: ApiDefinition;
let api: ServedApi;
let sqs: SQSClient;
let normalLane: string;
const releases = new Releases();

beforeAll(async () => {
  stack = await DeployedStack.read();
  definition = await readApiDefinition(stack);
  api = await serveDeployedApi(definition);
  releases.push(() => api.stop());
  sqs = sqsAt(deployment());
  const { container } = await readTask(stack, carrier);
  normalLane = environmentOf(container)[environment.normalQueueUrl] ?? '';
  releases.push(async () => void (await sqs.send(new PurgeQueueCommand({ QueueUrl: normalLane }))));
});

afterAll(() => releases.run());

const text = 'Hello from the deployed API';
let numbers = 0;
function newNumber(): string {
  numbers += 1;
  const number = `+4477009002${String(numbers).padStart(2, '0')}`;
  notePersonal(number, text);
  return number;
}

describe('the deployed API', () => {
  test('has the routes of the gateway, each with a function behind it and a key in front', () => {
    const methods = definition.methods.map(({ resource, method }) => [
      method.httpMethod,
      resource,
      method.apiKeyRequired,
    ]);
    expect(methods.sort()).toEqual([
      ['GET', '/v1/carriers', true],
      ['GET', '/v1/inbound', true],
      ['GET', '/v1/messages/{id}', true],
      ['POST', '/v1/messages', true],
      ['POST', '/v1/messages/preview', true],
    ]);
  });

  test('lets as many requests through as the config says', () => {
    const throttle = { rateLimit: requestsPerSecond, burstLimit: burst };
    expect(definition.usagePlan).toMatchObject({
      throttle,
      apiStages: [{ apiId: definition.id, stage: definition.stage.stageName }],
    });
    expect(definition.stage.methodSettings?.['*/*']).toMatchObject({
      throttlingRateLimit: requestsPerSecond,
      throttlingBurstLimit: burst,
    });
  });

  test('answers by itself what the contract says', () => {
    const answers = definition.gatewayResponses.map(
      ({ responseType, statusCode, responseParameters, responseTemplates }) => [
        responseType,
        { statusCode, responseParameters, responseTemplates },
      ],
    );
    const expected = Object.entries<ProblemKind>(gatewayResponses).map(([type, kind]) => [
      type,
      {
        statusCode: String(kind.status),
        responseParameters: {
          'gatewayresponse.header.Content-Type': `'${problemContentType}'`,
          ...(kind.retryAfterSeconds !== undefined && {
            'gatewayresponse.header.Retry-After': `'${kind.retryAfterSeconds}'`,
          }),
        },
        responseTemplates: { 'application/json': problemJson(kind) },
      },
    ]);
    expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(expected));
  });

  test('is where the outputs say, and so is its key', () => {
    const { id, stage, keys } = definition;
    expect(stack.output('ApiUrl')).toContain(
      `https://${id}.execute-api.${deployment().region}.amazonaws.com/${stage.stageName}/`,
    );
    expect(stack.output('ApiKeyDefault')).toContain(`--api-key ${keys[0]?.id} `);
  });
});

describe('the deployed functions', () => {
  test('take a message into its carrier’s lane, and tell of it', async () => {
    const to = newNumber();
    const accepted = await send(api, { to, text });
    const lane = new QueueReader(sqs, normalLane);
    let waiting: { id?: string };
    do {
      waiting = JSON.parse((await lane.next()).Body ?? '{}');
    } while (waiting.id !== accepted.id);
    expect(waiting).toMatchObject({ id: accepted.id, carrier, to, from: '12345', text });
    const { status, body } = await call(api, 'GET', `/v1/messages/${accepted.id}`);
    expect([status, body]).toMatchObject([200, { id: accepted.id, to, status: 'queued', carrier }]);
  });

  test('say what is wrong with a request', async () => {
    const { status, headers, body } = await call(api, 'POST', '/v1/messages', { to: 'nobody', text: '' });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe(problemContentType);
    expect(body).toMatchObject({ code: 'invalid-request', errors: [{ field: 'to' }, { field: 'text' }] });
  });

  test('tell of the carriers', async () => {
    const { status, body } = await call(api, 'GET', '/v1/carriers');
    expect([status, body]).toMatchObject([200, { carriers: [{ name: carrier }] }]);
  });

  test.each([
    ['without the key', 'wrong', '/v1/carriers', 403, 'invalid-api-key'],
    ['for a route that is not there', undefined, '/v1/nothing', 404, 'route-not-found'],
  ])('are not called %s', async (_, key, path, expected, code) => {
    const { status, body } = await call({ ...api, apiKey: key ?? api.apiKey }, 'GET', path);
    expect([status, body]).toMatchObject([expected, { code }]);
  });
});

describe('the deployed schedule', () => {
  test('calls one function every minute, which lets it', async () => {
    const schedule = await readSchedule(stack);
    expect(schedule).toMatchObject({ expression: 'rate(1 minute)', state: 'ENABLED', isLet: true });
    await schedule.target.stop();
  });

  test('has its function settle what fell due', async () => {
    const to = newNumber();
    const expired = await subscribe<StatusEvent>(deployment(), stack.output('StatusTopicArn'), { to: [to] });
    const { id } = await send(api, { to, text });
    await letTimePass(id);
    const { target } = await readSchedule(stack);
    await target.invoke({ source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} });
    await target.stop();
    await expect(expired.next()).resolves.toMatchObject({ type: 'sms.expired', subject: id });
    const { body } = await call(api, 'GET', `/v1/messages/${id}`);
    expect(body).toMatchObject({ status: 'expired' });
  });
});

/** As if the validity of the message, and all grace, were over. */
async function letTimePass(id: string): Promise<void> {
  const client = new DynamoDBClient(clientOptions(deployment().awsEndpoint));
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: stack.output('TableName'),
      Key: rowKey(id),
      UpdateExpression: 'SET dueAt = :past',
      ConditionExpression: 'attribute_exists(dueShard)',
      ExpressionAttributeValues: { ':past': Date.now() - 1_000 },
    }),
  );
  client.destroy();
}
