import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { APIGatewayProxyEventSchema } from '@aws-lambda-powertools/parser/schemas/api-gateway';
import type { APIGatewayProxyEvent, APIGatewayProxyHandler } from 'aws-lambda';
import { type ApiOptions, serveApi } from '../../../local/api/api.ts';
import { type Throttle, UsagePlan } from '../../../local/api/usage-plan.ts';
import { closeServer, listenOnLoopback } from '../../../local/loopback.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const apiKey = 'key';
const generous: Throttle = { ratePerSecond: 1_000, burst: 1_000 };
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await closeServer(server);
});

interface Api {
  readonly url: string;
  readonly port: number;
  readonly clock: FakeClock;
  readonly errors: string[];
}

async function startApi(handler: APIGatewayProxyHandler, throttle = generous): Promise<Api> {
  const clock = new FakeClock(Date.UTC(2026, 10, 23, 4, 44, 28));
  const errors: string[] = [];
  const options: ApiOptions = {
    routes: [
      { method: 'POST', resource: '/v1/messages', functionName: 'send', handler },
      { method: 'GET', resource: '/v1/messages/{id}', functionName: 'get', handler },
    ],
    usagePlan: new UsagePlan(new Map([[apiKey, 'key-id']]), throttle, clock),
    clock,
    onError: (what) => errors.push(what),
  };
  const server = createServer((incoming, response) => void serveApi(options, incoming, response));
  servers.push(server);
  const port = await listenOnLoopback(server, 0);
  return { url: `http://127.0.0.1:${port}`, port, clock, errors };
}

/** Keeps the events that it gets and answers with `ok`. */
function recorder(): { handler: APIGatewayProxyHandler; events: APIGatewayProxyEvent[] } {
  const events: APIGatewayProxyEvent[] = [];
  return {
    events,
    handler: async (event) => {
      events.push(event);
      return { statusCode: 200, body: 'ok' };
    },
  };
}

function post(api: Api, body: string, headers: Record<string, string> = { 'x-api-key': apiKey }): Promise<Response> {
  return fetch(`${api.url}/v1/messages`, { method: 'POST', body, headers });
}

async function expectProblem(response: Response, status: number, code: string): Promise<void> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ status, code });
  expect(response.status).toBe(status);
}

describe('the event', () => {
  test('of a POST is what the schema of a REST API event asks for', async () => {
    const { handler, events } = recorder();
    const api = await startApi(handler);
    await post(api, '{"text":"Grüße"}');
    expect(APIGatewayProxyEventSchema.safeParse(events[0]).error).toBeUndefined();
    expect(events[0]).toMatchObject({
      resource: '/v1/messages',
      path: '/v1/messages',
      httpMethod: 'POST',
      body: '{"text":"Grüße"}',
      isBase64Encoded: false,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
    });
  });

  test('of a GET is what the schema of a REST API event asks for', async () => {
    const { handler, events } = recorder();
    const api = await startApi(handler);
    await fetch(`${api.url}/v1/messages/1%202?x=1&x=2&y=%2B+a`, { headers: { 'x-api-key': apiKey } });
    expect(APIGatewayProxyEventSchema.safeParse(events[0]).error).toBeUndefined();
    expect(events[0]).toMatchObject({
      resource: '/v1/messages/{id}',
      path: '/v1/messages/1%202',
      pathParameters: { id: '1 2' },
      queryStringParameters: { x: '2', y: '+ a' },
      multiValueQueryStringParameters: { x: ['1', '2'], y: ['+ a'] },
      body: null,
    });
  });

  test('says who asked, through which stage, and when', async () => {
    const { handler, events } = recorder();
    const api = await startApi(handler);
    await post(api, '{}', { 'x-api-key': apiKey, 'user-agent': 'test' });
    expect(events[0]?.requestContext).toMatchObject({
      stage: 'local',
      path: '/v1/messages',
      resourcePath: '/v1/messages',
      requestTime: '23/Nov/2026:04:44:28 +0000',
      requestTimeEpoch: Date.UTC(2026, 10, 23, 4, 44, 28),
      identity: { apiKey, apiKeyId: 'key-id', sourceIp: '127.0.0.1', userAgent: 'test' },
    });
  });

  test('has the headers as the client wrote them, with the last of those that repeat', async () => {
    const { handler, events } = recorder();
    const api = await startApi(handler);
    const asked = request(`${api.url}/v1/messages/1`, { headers: { 'X-API-Key': apiKey, 'X-Two': ['1', '2'] } }).end();
    const [response] = await once(asked, 'response');
    response.resume();
    expect(events[0]?.headers).toMatchObject({ 'X-API-Key': apiKey, 'X-Two': '2', 'X-Forwarded-Proto': 'http' });
    expect(events[0]?.multiValueHeaders).toMatchObject({ 'X-Two': ['1', '2'] });
    expect(events[0]?.headers).not.toHaveProperty('Connection');
  });
});

describe('a request is refused before it reaches a function', () => {
  test('without a key', async () => {
    const { handler, events } = recorder();
    const api = await startApi(handler);
    await expectProblem(await post(api, '{}', {}), 403, 'invalid-api-key');
    expect(events).toEqual([]);
  });

  test('with a path or method that nobody serves', async () => {
    const api = await startApi(recorder().handler);
    await expectProblem(await fetch(`${api.url}/v2`), 404, 'route-not-found');
    await expectProblem(await fetch(`${api.url}/v1/messages`, { method: 'PATCH' }), 404, 'route-not-found');
  });

  test('over the rate of its key', async () => {
    const api = await startApi(recorder().handler, { ratePerSecond: 1, burst: 1 });
    expect((await post(api, '{}')).status).toBe(200);
    const refused = await post(api, '{}');
    expect(refused.headers.get('retry-after')).toBe('1');
    await expectProblem(refused, 429, 'throttled');
    await api.clock.advance(1_000);
    expect((await post(api, '{}')).status).toBe(200);
  });

  test('over 10 MB, and its connection serves on', async () => {
    const { handler, events } = recorder();
    const api = await startApi(handler);
    await expectProblem(await post(api, 'x'.repeat(10_485_761)), 413, 'request-too-large');
    expect(events).toEqual([]);
    expect((await post(api, 'x'.repeat(10_485_760))).status).toBe(200);
  });

  test('over 10 MB without saying so, as soon as that shows', async () => {
    const api = await startApi(recorder().handler);
    const upload = request(`${api.url}/v1/messages`, { method: 'POST', headers: { 'x-api-key': apiKey } });
    const answered = once(upload, 'response');
    for (let megabytes = 0; megabytes < 11; megabytes++) upload.write(Buffer.alloc(1_048_576));
    const [response] = await answered;
    expect(response.statusCode).toBe(413);
    response.resume();
    upload.end();
    await once(response, 'end');
  });
});

describe('a function', () => {
  test('that throws gives 502, and the error is reported', async () => {
    const api = await startApi(async () => {
      throw new Error('boom');
    });
    await expectProblem(await post(api, '{}'), 502, 'bad-gateway');
    expect(api.errors).toEqual(['a function failed']);
  });

  test.each([
    ['nothing', undefined],
    ['no status', { body: 'x' }],
    ['a body that is no string', { statusCode: 200, body: {} }],
    ['a header that HTTP does not allow', { statusCode: 200, headers: { 'a b': 'c' }, body: '' }],
  ])('that answers %s gives 502', async (_what, result) => {
    const api = await startApi((async () => result) as unknown as APIGatewayProxyHandler);
    await expectProblem(await post(api, '{}'), 502, 'bad-gateway');
  });

  test('that does not answer within 29 s gives 504', async () => {
    const called = Promise.withResolvers<void>();
    const api = await startApi(() => {
      called.resolve();
      return new Promise(() => undefined);
    });
    const response = post(api, '{}');
    await called.promise;
    await api.clock.advance(29_000);
    await expectProblem(await response, 504, 'timeout');
  });

  test('may answer octets and headers of its own', async () => {
    const api = await startApi(async () => ({
      statusCode: 201,
      headers: { 'Content-Type': 'image/png', 'x-number': 7 },
      multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
      body: Buffer.from([0, 255]).toString('base64'),
      isBase64Encoded: true,
    }));
    const response = await post(api, '{}');
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('x-number')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0, 255]));
  });

  test('is told how long it still has', async () => {
    let remaining = 0;
    const api = await startApi(async (_event, context) => {
      remaining = context.getRemainingTimeInMillis();
      return { statusCode: 200, body: '' };
    });
    await post(api, '{}');
    expect(remaining).toBe(29_000);
  });
});

describe('the server goes on', () => {
  async function write(api: Api, text: string): Promise<Socket> {
    const socket = connect(api.port, '127.0.0.1');
    // Being cut off is what some of these deserve.
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  }

  test.each([
    ['what is not HTTP', 'hello\r\n\r\n'],
    ['a header that is too large', `GET / HTTP/1.1\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`],
    ['an absurd URL', 'GET //%%?&&=%ff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
  ])('after %s', async (_what, text) => {
    const api = await startApi(recorder().handler);
    const socket = await write(api, text);
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve));
    expect((await post(api, '{}')).status).toBe(200);
  });

  test('after a client that broke off in the middle of its body', async () => {
    const { handler, events } = recorder();
    const api = await startApi(handler);
    const arrived = once(servers.at(-1) as Server, 'request');
    const head = `POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${apiKey}\r\ncontent-length: 10\r\n\r\n`;
    const socket = await write(api, `${head}abc`);
    const [incoming] = await arrived;
    socket.destroy();
    await new Promise((resolve) => incoming.on('close', resolve));
    expect(events).toEqual([]);
    expect((await post(api, '{}')).status).toBe(200);
  });
});
