import fc from 'fast-check';
import type { ApiError } from '../../lambdas/http.ts';
import { sendRequestParser } from '../../lambdas/send-request.ts';
import { route } from '../support/factories.ts';

const routes = [route({ carrier: 'acme', defaultSender: '12345' }), route({ carrier: 'beta', prefixes: ['49'] })];
const good = { to: '+447700900123', text: 'Hello' };

const parseSendRequest = sendRequestParser(routes);

function parse(given: object) {
  return parseSendRequest({ ...good, ...given });
}

function faultsOf(body: unknown) {
  try {
    parseSendRequest(body);
  } catch (error) {
    const { code, errors } = error as ApiError;
    expect(code).toBe('invalid-request');
    return errors;
  }
  throw new Error('accepted');
}

test('a request of recipient and text is completed with the defaults', () => {
  expect(parseSendRequest(good)).toEqual({
    to: '+447700900123',
    from: undefined,
    toAddressing: undefined,
    fromAddressing: undefined,
    candidates: [
      {
        carrier: 'acme',
        route: routes[0],
        text: 'Hello',
        replaced: undefined,
        encoding: 'gsm7',
        segments: 1,
        tlvs: [],
      },
    ],
    priority: 'normal',
    guarantee: 'at-least-once',
    validitySeconds: 86_400,
    receipt: true,
    reference: undefined,
    metadata: undefined,
  });
});

test('an urgent message is valid for ten minutes unless it says otherwise', () => {
  expect(parse({ priority: 'urgent' }).validitySeconds).toBe(600);
  expect(parse({ priority: 'urgent', validitySeconds: 30 }).validitySeconds).toBe(30);
});

test.each([
  ['447700900123', '+447700900123'],
  ['+447700900123', '+447700900123'],
  ['+4407700900123', '+447700900123'],
  ['4915112345678', '+4915112345678'],
])('the recipient %s is %s', (given, to) => {
  expect(parse({ to: given }).to).toBe(to);
});

test.each([
  '',
  '+',
  '12',
  '+1',
  '+1-800-FLOWERS',
  '+44 7700 900123',
  '+999123456789',
  '+4477009001234567',
  '0447700900123',
  '+44770090012\0',
  '٤٤٧٧٠٠٩٠٠١٢٣',
])('the recipient %j is refused', (to) => {
  expect(faultsOf({ ...good, to })).toEqual([{ field: 'to', message: expect.stringMatching(/E\.164.*, got "/) }]);
});

test.each([
  ['+447700900123', '+447700900123'],
  ['447700900123', '+447700900123'],
  ['123', '123'],
  ['12345678', '12345678'],
  ['ACME', 'ACME'],
  ['Acme Co 24', 'Acme Co 24'],
  ['A2345678901', 'A2345678901'],
])('the sender %s is written %s', (given, from) => {
  expect(parse({ from: given }).from).toBe(from);
});

test.each(['', '12', '+12', ' ', '   ', 'ACMEACMEACME', 'A-Team', 'Zürich', 'A\0B', 'A\nB', '😀', '123456789'])(
  'the sender %j is refused',
  (from) => {
    expect(faultsOf({ ...good, from })).toEqual([{ field: 'from', message: expect.stringContaining('or 1 to 11') }]);
  },
);

test('a text is counted as it will be sent', () => {
  expect(parse({ text: 'x'.repeat(161) }).candidates).toMatchObject([{ encoding: 'gsm7', segments: 2 }]);
  expect(parse({ text: '😀' }).candidates).toMatchObject([{ encoding: 'ucs2', segments: 1 }]);
  expect(parse({ text: 'x'.repeat(1_530) }).candidates).toMatchObject([{ segments: 10 }]);
});

test.each([
  ['empty', '', 'must not be empty'],
  ['half a surrogate pair', 'a\ud800b', 'must be well-formed Unicode, has a surrogate without its other half'],
  ['with a NUL', 'a\0b', 'must not contain NUL (U+0000)'],
  ['one character too long', 'x'.repeat(1_531), 'must fit into 10 segments, takes 11 (gsm7)'],
  ['much too long', 'é😀'.repeat(50_000), 'must fit into 10 segments, takes 2273 (ucs2)'],
  ['a number', 5, 'must be of type string, got number'],
  ['null', null, 'must be of type string, got null'],
  ['an array', ['secret'], 'must be of type string, got array'],
])('a text that is %s is refused without being quoted', (_, text, message) => {
  expect(faultsOf({ ...good, text })).toEqual([{ field: 'text', message }]);
});

test('a body that is a text is refused without being quoted', () => {
  expect(faultsOf('secret')).toEqual([{ field: 'body', message: 'must be of type object, got string' }]);
});

test('the most segments of a text can be set', () => {
  const parseShort = sendRequestParser(routes, 2);
  expect(parseShort({ ...good, text: 'x'.repeat(306) }).candidates).toMatchObject([{ segments: 2 }]);
  expect(() => parseShort({ ...good, text: 'x'.repeat(307) })).toThrow(
    expect.objectContaining({ errors: [{ field: 'text', message: 'must fit into 2 segments, takes 3 (gsm7)' }] }),
  );
});

test.each(['\n\r\t', 'page\fbreak', 'bell \u0007', 'C1 \u0085'])('the text %j is taken: it may be meant', (text) => {
  expect(parse({ text }).candidates).toMatchObject([{ text }]);
});

test('what a client attaches is taken as it is', () => {
  const attached = { receipt: false, reference: 'Bestellung №7', metadata: { 'kampagne.jahr': '2026 😀', leer: '' } };
  expect(parse(attached)).toMatchObject(attached);
  expect(parse({ metadata: {} }).metadata).toEqual({});
  expect(parse({ reference: 'x'.repeat(255) }).reference).toHaveLength(255);
});

const noControls = 'must not contain control characters';
const noSurrogates = 'must be well-formed Unicode, has a surrogate without its other half';

test.each([
  [{ receipt: 'yes' }, 'receipt', 'must be true or false, got "yes"'],
  [{ receipt: null }, 'receipt', 'must be true or false, got null'],
  [{ receipt: [true] }, 'receipt', 'must be true or false, got array'],
  [{ reference: '' }, 'reference', 'must not be empty'],
  [{ reference: 7 }, 'reference', 'must be of type string, got 7'],
  [{ reference: 'x'.repeat(256) }, 'reference', 'must have at most 255 characters, has 256'],
  [{ reference: 'a\0b' }, 'reference', noControls],
  [{ reference: 'a\nb' }, 'reference', noControls],
  [{ reference: 'a\u0085b' }, 'reference', noControls],
  [{ reference: 'a\udc00b' }, 'reference', noSurrogates],
  [{ metadata: null }, 'metadata', 'must be an object of strings, got null'],
  [{ metadata: [] }, 'metadata', 'must be an object of strings, got array'],
  [{ metadata: 'a=b' }, 'metadata', 'must be an object of strings, got "a=b"'],
  [{ metadata: { a: 1 } }, 'metadata.a', 'must be a string, got 1'],
  [{ metadata: { a: null } }, 'metadata.a', 'must be a string, got null'],
  [{ metadata: { a: { b: 'c' } } }, 'metadata.a', 'must be a string, got object'],
  [{ metadata: { a: { toString: 1, valueOf: 1 } } }, 'metadata.a', 'must be a string, got object'],
  [{ metadata: { '': 'x' } }, 'metadata.', 'has an empty key'],
  [{ metadata: { a: 'x'.repeat(513) } }, 'metadata.a', 'must have at most 512 characters, has 513'],
  [{ metadata: { a: 'x\0' } }, 'metadata.a', noControls],
  [{ metadata: { a: '\ud800' } }, 'metadata.a', noSurrogates],
  [{ metadata: { 'a\tb': 'x' } }, 'metadata.a\tb', `its key ${noControls}`],
  [{ metadata: { '\ud800': 'x' } }, 'metadata.\ud800', `its key ${noSurrogates}`],
  [
    { metadata: { ['k'.repeat(65)]: 'x' } },
    expect.stringMatching(/…$/),
    'its key must have at most 64 characters, has 65',
  ],
  [{ metadata: keys(21, 'x') }, 'metadata', 'must have at most 20 keys, has 21'],
  [{ metadata: keys(9, 'x'.repeat(500)) }, 'metadata', 'must be at most 4096 bytes of keys and values, is 4518'],
  [{ metadata: keys(9, '€'.repeat(170)) }, 'metadata', 'must be at most 4096 bytes of keys and values, is 4608'],
  [{ metadata: { a: 'x'.repeat(1_000_000) } }, 'metadata', expect.stringContaining('is 1000001')],
  [JSON.parse('{"metadata":{"__proto__":"x"}}'), 'metadata.__proto__', 'is a key that is not allowed'],
])('attached, case %#, is refused with the field, what is allowed and what was given', (given, field, message) => {
  expect(faultsOf({ ...good, ...given })).toEqual([{ field, message }]);
});

function keys(count: number, value: string) {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]));
}

test.each(['to', 'from', 'carrier', 'priority', 'guarantee', 'reference'])(
  'a NUL or a control character in %s is refused',
  (field) => {
    for (const character of ['\0', '\u0001', '\u001b', '\u007f', '\u009f', '\n']) {
      const value = { to: '+447700900123', from: 'ACME', carrier: 'acme', priority: 'normal' }[field] ?? 'x';
      expect(faultsOf({ ...good, [field]: `${value}${character}` })).toMatchObject([{ field }]);
    }
  },
);

const anAddressing = 'must be an object of "ton" and "npi"';

test.each([
  [{ carrier: 'gamma' }, 'carrier', 'must be one of "acme", "beta", got "gamma"'],
  [{ carrier: 7 }, 'carrier', 'must be of type string, got 7'],
  [{ priority: 'high' }, 'priority', 'must be "urgent" or "normal", got "high"'],
  [{ priority: null }, 'priority', 'must be "urgent" or "normal", got null'],
  [{ guarantee: 'twice' }, 'guarantee', 'must be "at-least-once" or "at-most-once", got "twice"'],
  [{ validitySeconds: 0 }, 'validitySeconds', 'must be a whole number of seconds, 1 to 259200, got 0'],
  [{ validitySeconds: 259_201 }, 'validitySeconds', 'must be a whole number of seconds, 1 to 259200, got 259201'],
  [{ validitySeconds: 1.5 }, 'validitySeconds', 'must be a whole number of seconds, 1 to 259200, got 1.5'],
  [{ validitySeconds: 1e300 }, 'validitySeconds', 'must be a whole number of seconds, 1 to 259200, got 1e+300'],
  [{ validitySeconds: '60' }, 'validitySeconds', 'must be a whole number of seconds, 1 to 259200, got "60"'],
  [{ to: 447700900123 }, 'to', 'must be of type string, got 447700900123'],
  [{ smart: 'y'.repeat(100_000) }, 'smart', `must be true or false, got "${'y'.repeat(59)}…`],
  [{ smart: 1 }, 'smart', 'must be true or false, got 1'],
  [{ toAddressing: { ton: 7, npi: 1 } }, 'toAddressing.ton', 'must be a whole number, 0 to 6, got 7'],
  [{ toAddressing: { ton: 1 } }, 'toAddressing.npi', 'must be a whole number, 0 to 18, got nothing'],
  [{ toAddressing: [] }, 'toAddressing', `${anAddressing}, got array`],
  [{ fromAddressing: { ton: 1, npi: 1, plan: 1 } }, 'fromAddressing.plan', 'is not known; allowed: ton, npi'],
  [{ fromAddressing: '1/1' }, 'fromAddressing', `${anAddressing}, got "1/1"`],
  [{ fromAddressing: null }, 'fromAddressing', `${anAddressing}, got null`],
  [{ tlvs: [] }, 'tlvs', 'must be an object, got array'],
  [{ tlvs: 'x' }, 'tlvs', 'must be an object, got "x"'],
  [{ tlvs: keys(101, 'x') }, 'tlvs', 'must have at most 100 names, has 101'],
  [{ tlvs: { dlt: 'x' } }, 'tlvs.dlt', 'is not known: carrier acme has no TLVs'],
  [JSON.parse('{"tlvs":{"__proto__":"x"}}'), 'tlvs.__proto__', 'is not known: carrier acme has no TLVs'],
  [{ prioritry: 'urgent' }, 'prioritry', expect.stringMatching(/^is not known; allowed: to, from, text/)],
  [{ ['k'.repeat(1_000)]: 1 }, `${'k'.repeat(60)}…`, expect.stringMatching(/^is not known/)],
])('%j is refused with the field, what is allowed and what was given', (given, field, message) => {
  expect(faultsOf({ ...good, ...given })).toEqual([{ field, message }]);
});

test.each([[null], [[]], ['text'], [5], [[[[[]]]]]])('a body that is %j is refused', (body) => {
  expect(faultsOf(body)).toEqual([{ field: 'body', message: expect.stringMatching(/^must be of type object, got /) }]);
});

test('a field named __proto__ is not known', () => {
  const body = JSON.parse('{"to":"+447700900123","text":"Hello","__proto__":{"priority":"urgent"}}');
  expect(faultsOf(body)).toEqual([{ field: '__proto__', message: expect.stringMatching(/^is not known/) }]);
});

test('missing fields are all named at once', () => {
  expect(faultsOf({})).toEqual([
    { field: 'to', message: 'is missing' },
    { field: 'text', message: 'is missing' },
  ]);
});

test('a request of metadata with many faults is answered with twenty', () => {
  expect(faultsOf({ ...good, to: 'x', from: '', reference: '', metadata: keys(20, '\0') })).toHaveLength(20);
});

test('a request of a thousand unknown fields is answered with twenty faults', () => {
  const unknown = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`field${index}`, index]));
  expect(faultsOf({ ...good, ...unknown })).toHaveLength(20);
});

test.each([
  ['+447700900123', 'got "+447700900123"'],
  ['447700900123', 'got "447700900123", which is +447700900123'],
  ['+4407700900123', 'got "+4407700900123", which is +447700900123'],
])('the recipient %s whom no carrier serves is refused with whom they serve, and how it was read', (to, got) => {
  const parseForGermany = sendRequestParser([route({ prefixes: ['49', '4401'] }), route({ prefixes: ['49'] })]);
  const message = `must begin with a prefix that a carrier serves (+49, +4401), ${got}`;
  expect(() => parseForGermany({ ...good, to })).toThrow(
    expect.objectContaining({ errors: [{ field: 'to', message }] }),
  );
});

test('of many prefixes a refusal tells twenty', () => {
  const prefixes = Array.from({ length: 90 }, (_, index) => `49${index + 10}`);
  expect(() => sendRequestParser([route({ prefixes })])(good)).toThrow(
    expect.objectContaining({
      errors: [{ field: 'to', message: expect.stringMatching(/\+4929 and 70 others\), got/) }],
    }),
  );
});

test('TON and NPI that a message has of its own are taken as they are', () => {
  const own = { toAddressing: { ton: 2, npi: 8 }, fromAddressing: { ton: 0, npi: 0 } };
  expect(parse(own)).toMatchObject(own);
});

test('a carrier that is named is taken though its prefixes do not match', () => {
  expect(parse({ carrier: 'beta' }).candidates.map(({ route }) => route)).toEqual([routes[1]]);
});

test('whatever JSON a body is, it is taken or its faults are told', () => {
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom('toString', 'valueOf', '__proto__', 'constructor', 'then', 'length'),
  );
  const any = fc.object({ key, maxDepth: 3 });
  const fields = ['from', 'carrier', 'priority', 'guarantee', 'validitySeconds', 'receipt', 'reference', 'metadata'];
  const ofTheCarrier = ['smart', 'toAddressing', 'fromAddressing', 'tlvs'];
  const field = fc.tuple(
    fc.constantFrom('to', 'text', ...fields, ...ofTheCarrier),
    fc.oneof(any, fc.jsonValue(), fc.string()),
  );
  fc.assert(
    fc.property(fc.array(field, { maxLength: 4 }), (given) => {
      const body = JSON.parse(JSON.stringify({ ...good, ...Object.fromEntries(given) }));
      try {
        expect(parseSendRequest(body)).toHaveProperty('candidates');
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid-request' });
      }
    }),
    { numRuns: 500 },
  );
});
