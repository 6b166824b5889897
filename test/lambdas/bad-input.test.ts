import { APIGatewayProxyEventSchema } from '@aws-lambda-powertools/parser/schemas/api-gateway';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type LambdaEnvironment, startLambdaEnvironment } from '../support/lambda-environment.ts';
import { restEvent } from '../support/rest-event.ts';

/** What clients send, and what must come of it, by the handler itself. Nothing of it may leave a trace. */

let lambda: LambdaEnvironment;

beforeAll(async () => {
  lambda = await startLambdaEnvironment();
});
afterAll(() => lambda.stop());

afterEach(async () => {
  expect(await lambda.table.all()).toEqual([]);
});

const secret = 'Your code is 4711';
const good = { to: '+447700900123', text: secret };

async function problemOf(event: APIGatewayProxyEvent) {
  const { handler } = await import('../../lambdas/send-message.ts');
  const { statusCode, headers, body } = await handler(event);
  expect(headers).toMatchObject({ 'content-type': 'application/problem+json' });
  expect(body).not.toContain(secret);
  expect(body.length).toBeLessThan(5_000);
  const problem = JSON.parse(body);
  expect(problem).toMatchObject({ status: statusCode, type: `urn:aws-smpp-gateway:problem:${problem.code}` });
  return problem;
}

function withBody(body: string) {
  return restEvent({ body });
}

test('the event of these tests is one that API Gateway could send', () => {
  expect(APIGatewayProxyEventSchema.safeParse(withBody(JSON.stringify(good))).error).toBeUndefined();
});

test.each([
  ['no body', null],
  ['an empty body', ''],
  ['no JSON', 'to=+447700900123&text=Hello'],
  ['JSON that breaks off', '{"to":"+447700900123","text":"Your code is 4711"'],
  ['JSON that goes on', '{"to":"+447700900123"} {}'],
  ['single quotes', "{'to':'+447700900123'}"],
  ['a comment', '{"to":"+447700900123" /* me */}'],
  ['a trailing comma', '{"to":"+447700900123",}'],
  ['NaN', '{"validitySeconds":NaN}'],
  ['a NUL that is not escaped', '{"text":"a\0b"}'],
  ['a line break that is not escaped', '{"text":"a\nb"}'],
  ['a byte order mark', '\ufeff{}'],
])('%s is no JSON', async (_, body) => {
  expect(await problemOf(restEvent({ body }))).toMatchObject({ status: 400, code: 'invalid-json' });
});

test.each([
  ['invalid UTF-8', [0x7b, 0x22, 0x74, 0x6f, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d]],
  ['UTF-16', [...Buffer.from('{"to":"1"}', 'utf16le')]],
  ['gzip', [0x1f, 0x8b, 0x08, 0x00]],
])('%s in base64 is no JSON', async (_, octets) => {
  const event = restEvent({ body: Buffer.from(octets).toString('base64'), isBase64Encoded: true });
  expect(await problemOf(event)).toMatchObject({ status: 400, code: 'invalid-json' });
});

test('a body in base64 is read like any other', async () => {
  const body = Buffer.from(JSON.stringify({ ...good, to: 'grüße' })).toString('base64');
  expect(await problemOf(restEvent({ body, isBase64Encoded: true }))).toMatchObject({
    errors: [{ field: 'to', message: expect.stringContaining('"grüße"') }],
  });
});

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  '',
])('the content type "%s" is not supported', async (type) => {
  const event = restEvent({ body: JSON.stringify(good), headers: { 'Content-Type': type } });
  expect(await problemOf(event)).toMatchObject({ status: 415, code: 'unsupported-media-type' });
});

test('a missing content type is not supported', async () => {
  const event = restEvent({ body: JSON.stringify(good), headers: {} });
  expect(await problemOf(event)).toMatchObject({ status: 415 });
});

test.each<[string, string, string[]]>([
  ['no fields', '{}', ['to', 'text']],
  ['null', 'null', ['body']],
  ['an array', '[{"to":"+447700900123","text":"x"}]', ['body']],
  ['a string', '"+447700900123"', ['body']],
  ['an unknown field', bodyWith('txt', 'x'), ['txt']],
  ['a field given twice', '{"to":"+447700900123","text":"x","to":"+447700900124"}', ['to']],
  ['a field given twice, once with an escape', '{"to":"1","t\\u006f":"2","text":"x"}', ['to']],
  ['a key of metadata given twice', '{"to":"1","metadata":{"a":"1","a":"1"}}', ['metadata.a']],
  ['nesting 33 levels deep', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, ['body']],
  ['nesting a million levels deep', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, ['body']],
  ['a million opened levels in a field', `{"to":${'{"a":'.repeat(1_000_000)}1${'}'.repeat(1_000_000)}}`, ['body']],
  ['to with letters', bodyWith('to', '+1-800-FLOWERS'), ['to']],
  ['to as a number', bodyWith('to', 447_700_900_123), ['to']],
  ['to as an object', bodyWith('to', { number: '+447700900123' }), ['to']],
  ['a list of recipients', bodyWith('to', ['+447700900123']), ['to']],
  ['to with a NUL', bodyWith('to', '+447700900123\0'), ['to']],
  ['an empty text', bodyWith('text', ''), ['text']],
  ['a text of 100000 characters', bodyWith('text', 'x'.repeat(100_000)), ['text']],
  ['a text of 100000 emoji', bodyWith('text', '😀'.repeat(100_000)), ['text']],
  ['a text with a high surrogate alone', `{"to":"+447700900123","text":"a\\ud83d"}`, ['text']],
  ['a text with a low surrogate alone', `{"to":"+447700900123","text":"\\ude00a"}`, ['text']],
  ['a text with its surrogates swapped', `{"to":"+447700900123","text":"\\ude00\\ud83d"}`, ['text']],
  ['a text with a NUL', bodyWith('text', 'a\0b'), ['text']],
  ['a text as a number', bodyWith('text', 4_711), ['text']],
  ['a sender with a control character', bodyWith('from', 'AC\u0007ME'), ['from']],
  ['a reference with a control character', bodyWith('reference', 'a\u001b[31m'), ['reference']],
  ['a reference with a lone surrogate', bodyWith('reference', '\ud800'), ['reference']],
  ['metadata of 1 MB', bodyWith('metadata', { blob: 'x'.repeat(1_048_576) }), ['metadata']],
  ['metadata of ten thousand keys', bodyWith('metadata', keys(10_000)), ['metadata']],
  ['metadata with a NUL in a key', bodyWith('metadata', { 'a\0': 'x' }), ['metadata.a\0']],
  ['metadata with a control character in a value', bodyWith('metadata', { a: 'x\n' }), ['metadata.a']],
  [
    'metadata that would change its prototype',
    '{"to":"+447700900123","text":"x","metadata":{"__proto__":"y"}}',
    ['metadata.__proto__'],
  ],
  ['an unknown carrier', bodyWith('carrier', 'nobody'), ['carrier']],
  ['a carrier with a NUL', bodyWith('carrier', 'acme\0'), ['carrier']],
  ['a receipt that is not yes or no', bodyWith('receipt', 1), ['receipt']],
  ['a validity beyond all numbers', '{"to":"+447700900123","text":"x","validitySeconds":1e999}', ['validitySeconds']],
  ['a validity in words', bodyWith('validitySeconds', '1 day'), ['validitySeconds']],
])('a body of %s is refused by the names of its fields', async (_, body, fields) => {
  const problem = await problemOf(withBody(body));
  expect(problem).toMatchObject({ status: 400, code: 'invalid-request' });
  expect(problem.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
});

test('a text that is too long is refused with its count', async () => {
  const { errors } = await problemOf(withBody(bodyWith('text', `${secret} `.repeat(100))));
  expect(errors).toEqual([{ field: 'text', message: 'must fit into 10 segments, takes 12 (gsm7)' }]);
});

test.each(['', 'x'.repeat(256), 'a\u0000b', 'clé'])('the Idempotency-Key %j is refused', async (key) => {
  const headers = { 'Content-Type': 'application/json', 'idempotency-key': key };
  expect(await problemOf(restEvent({ body: JSON.stringify(good), headers }))).toMatchObject({
    status: 400,
    code: 'invalid-request',
    errors: [{ field: 'Idempotency-Key' }],
  });
});

test('a bad request uses up no Idempotency-Key', async () => {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'order-7' };
  // Nothing is in the table afterwards: see above.
  expect(await problemOf(restEvent({ body: '{"to":"me"}', headers }))).toMatchObject({ status: 400 });
});

test('a call by nobody is forbidden, whatever it says', async () => {
  const event = withBody('{');
  const { requestContext } = event;
  const identity = { ...requestContext.identity, apiKeyId: null };
  expect(await problemOf({ ...event, requestContext: { ...requestContext, identity } })).toMatchObject({
    status: 403,
    code: 'forbidden',
  });
});

function bodyWith(field: string, value: unknown): string {
  return JSON.stringify({ ...good, [field]: value });
}

function keys(count: number) {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'x']));
}
