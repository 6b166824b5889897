import { textOptions } from '#contract/carrier-text.ts';
import { tlvDefinitions } from '#contract/carrier-tlvs.ts';
import { environment } from '#contract/environment.ts';
import { apiEvent, route } from '../support/factories.ts';
import { type LambdaEnvironment, startLambdaEnvironment } from '../support/lambda-environment.ts';

/** The handler as Lambda loads it. Nothing may be stored, and there is no queue that could be sent to. */

const latin1 = textOptions.parse({ encodings: [{ alphabet: 'latin1', dataCoding: 3 }] });
const required = tlvDefinitions.parse({ dltEntityId: { tag: 0x1400, type: 'cstring', required: true } });
const routes = [
  route(),
  route({ carrier: 'latin', prefixes: ['49'], text: latin1 }),
  route({ carrier: 'india', prefixes: ['91'], tlvs: required }),
];

let lambda: LambdaEnvironment;

beforeAll(async () => {
  lambda = await startLambdaEnvironment({
    [environment.routes]: JSON.stringify(routes),
    [environment.maxSegments]: '3',
  });
});
afterAll(() => lambda.stop());

afterEach(async () => {
  expect(await lambda.table.all()).toEqual([]);
});

async function preview(body: object) {
  const { handler } = await import('../../lambdas/preview-message.ts');
  const answer = await handler(apiEvent({ body }));
  return { status: answer.statusCode, ...JSON.parse(answer.body) };
}

test('a text is told with its encoding, its segments and what forces them', async () => {
  expect(await preview({ to: '+447700900123', text: `It’s ${'x'.repeat(66)}` })).toEqual({
    status: 200,
    carrier: 'acme',
    encoding: 'ucs2',
    segments: 2,
    characters: 71,
    units: 71,
    unitsPerSegment: 67,
    unitsLeft: 63,
    forcing: [{ character: '’', codePoint: 'U+2019', count: 1 }],
    smart: {
      encoding: 'gsm7',
      segments: 1,
      saves: 1,
      replaced: [{ character: '’', by: "'", count: 1 }],
    },
  });
});

test('with "smart" it is about the text as it would be sent, and says what stands in it', async () => {
  expect(await preview({ to: '+447700900123', text: 'It’s', smart: true })).toMatchObject({
    encoding: 'gsm7',
    forcing: [],
    smart: { saves: 0, replaced: [] },
    replaced: [{ character: '’', by: "'", count: 1 }],
  });
});

test('it is about the carrier that the message would go to', async () => {
  expect(await preview({ to: '+4915112345678', text: 'ç' })).toMatchObject({ carrier: 'latin', encoding: 'latin1' });
  expect(await preview({ carrier: 'latin', text: 'ç' })).toMatchObject({ carrier: 'latin', encoding: 'latin1' });
});

test('without recipient and carrier it is about the first', async () => {
  expect(await preview({ text: 'Hello' })).toMatchObject({ status: 200, carrier: 'acme', encoding: 'gsm7' });
});

test('all that a message may have may be there', async () => {
  const body = { to: '+919812345678', from: 'ACME', text: 'Hello', tlvs: { dltEntityId: '11' }, priority: 'urgent' };
  expect(await preview({ ...body, reference: 'x', metadata: {} })).toMatchObject({ status: 200, carrier: 'india' });
});

test.each([
  [{ text: '' }, 'text', 'must not be empty'],
  [{ text: 'x'.repeat(460) }, 'text', 'must fit into 3 segments, takes 4 (gsm7)'],
  [{ text: 'жук', carrier: 'latin' }, 'text', expect.stringMatching(/^must be of characters that carrier latin takes/)],
  [{ text: 'x', to: '12' }, 'to', expect.stringMatching(/^must be a phone number/)],
  [{ text: 'x', carrier: 'other' }, 'carrier', 'must be one of "acme", "latin", "india", got "other"'],
  [{ text: 'x', to: '+919812345678' }, 'tlvs.dltEntityId', 'is missing: carrier india requires it'],
  [{ text: 'x', body: 'x' }, 'body', expect.stringMatching(/^is not known/)],
])('what would be refused when it is sent is refused here: case %#', async (body, field, message) => {
  expect(await preview(body)).toMatchObject({ status: 400, code: 'invalid-request', errors: [{ field, message }] });
});
