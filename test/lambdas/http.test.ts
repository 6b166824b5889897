import { clientOf, headerValues, httpHandler, jsonAnswer, readJsonBody } from '../../lambdas/http.ts';
import { apiEvent } from '../support/factories.ts';
import { testLog } from '../support/lambda-ports.ts';

async function answerTo(event: ReturnType<typeof apiEvent>, answer = (given: typeof event) => readJsonBody(given)) {
  const { log, logged } = testLog();
  const { body, ...rest } = await httpHandler(log, async (given) => jsonAnswer(200, answer(given)))(event);
  return { ...rest, body: JSON.parse(body), logged };
}

test.each(['application/json', 'Application/JSON', 'application/json; charset=utf-8'])('%s is taken', async (type) => {
  expect(await answerTo(apiEvent({ body: { a: 1 }, headers: { 'CONTENT-TYPE': type } }))).toMatchObject({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: { a: 1 },
  });
});

test.each([{}, { 'content-type': 'text/plain' }, { 'content-type': 'application/jsonp' }, { 'content-type': '' }])(
  'a body under %j is refused as a media type that is not supported',
  async (headers) => {
    expect(await answerTo(apiEvent({ body: {}, headers }))).toMatchObject({
      statusCode: 415,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        type: 'urn:aws-smpp-gateway:problem:unsupported-media-type',
        title: 'content-type must be application/json',
        status: 415,
        code: 'unsupported-media-type',
      },
    });
  },
);

test.each(['', ' ', '{', '{"to":', 'undefined', "{'a':1}", '{"a":1}{', '\ufeff{}'])('%j is no JSON', async (body) => {
  expect(await answerTo(apiEvent({ body }))).toMatchObject({ statusCode: 400, body: { code: 'invalid-json' } });
});

test('no body at all is no JSON', async () => {
  expect(await answerTo(apiEvent())).toMatchObject({ statusCode: 400, body: { code: 'invalid-json' } });
});

test('a body in base64 is read', async () => {
  const body = Buffer.from('{"text":"grüße 😀"}').toString('base64');
  expect(await answerTo({ ...apiEvent({ body }), isBase64Encoded: true })).toMatchObject({
    body: { text: 'grüße 😀' },
  });
});

test('a body that is no UTF-8 is refused', async () => {
  const body = Buffer.from([0x22, 0xc3, 0x28, 0x22]).toString('base64');
  expect(await answerTo({ ...apiEvent({ body }), isBase64Encoded: true })).toMatchObject({ statusCode: 400 });
});

test('JSON nested a million levels deep is refused, and stops nobody', async () => {
  const body = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
  expect(await answerTo(apiEvent({ body }))).toMatchObject({
    statusCode: 400,
    body: { code: 'invalid-request', errors: [{ field: 'body', message: 'must not be nested deeper than 32 levels' }] },
  });
});

test('of a header that is sent more than once all values are known', () => {
  const event = { ...apiEvent({ headers: { 'X-One': 'b' } }), multiValueHeaders: { 'X-One': ['a', 'b'] } };
  expect(headerValues(event, 'x-one')).toEqual(['a', 'b']);
  expect(headerValues(apiEvent({ headers: { 'X-One': 'b' } }), 'x-one')).toEqual(['b']);
  expect(headerValues(event, 'x-two')).toEqual([]);
});

test('an error that nobody foresaw is a 500, told to the log without cause and numbers, to the client not at all', async () => {
  const event = apiEvent({ body: {} });
  const answer = await answerTo(event, () => {
    throw new TypeError('cannot send to +447700900123', { cause: new Error('Secret text') });
  });
  expect(answer).toMatchObject({ statusCode: 500, body: { code: 'internal-error', status: 500 } });
  expect(answer.logged).toEqual([expect.stringContaining('cannot send to +…23')]);
  expect(JSON.stringify(answer)).not.toMatch(/447700900123|Secret text/);
});

test('an AWS service that fails is a 503 that says when to come again', async () => {
  const answer = await answerTo(apiEvent({ body: {} }), () => {
    throw Object.assign(new Error('slow down'), { name: 'ThrottlingException', $metadata: {} });
  });
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' }, body: { code: 'unavailable' } });
});

test.each([
  [{ apiKeyId: 'key-1' }, 'key-1'],
  [{ apiKeyId: null, userArn: 'arn:aws:iam::1:user/ann' }, 'arn:aws:iam::1:user/ann'],
  [{ apiKeyId: null, userArn: 'arn:aws:sts::1:assumed-role/app/i-0123' }, 'arn:aws:sts::1:assumed-role/app'],
])('the client of %j is %s', (call, client) => {
  expect(clientOf(apiEvent(call))).toBe(client);
});

test('a call by nobody is forbidden', async () => {
  expect(await answerTo(apiEvent({ apiKeyId: null }), clientOf)).toMatchObject({
    statusCode: 403,
    body: { code: 'forbidden' },
  });
});
