import type { ApiError } from '../../lambdas/http.ts';
import { parseSendRequest } from '../../lambdas/send-request.ts';
import { route } from '../support/factories.ts';

const routes = [route({ carrier: 'acme', defaultSender: '12345' }), route({ carrier: 'beta', prefixes: ['49'] })];
const good = { to: '+447700900123', text: 'Hello' };

function parse(given: object) {
  return parseSendRequest({ ...good, ...given }, routes);
}

function faultsOf(body: unknown) {
  try {
    parseSendRequest(body, routes);
  } catch (error) {
    const { code, errors } = error as ApiError;
    expect(code).toBe('invalid-request');
    return errors;
  }
  throw new Error('accepted');
}

test('a request of recipient and text is completed with the defaults', () => {
  expect(parseSendRequest(good, routes)).toEqual({
    to: '+447700900123',
    from: '12345',
    text: 'Hello',
    encoding: 'gsm7',
    segments: 1,
    route: routes[0],
    priority: 'normal',
    guarantee: 'at-least-once',
    validitySeconds: 86_400,
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
  expect(parse({ text: 'x'.repeat(161) })).toMatchObject({ encoding: 'gsm7', segments: 2 });
  expect(parse({ text: '😀' })).toMatchObject({ encoding: 'ucs2', segments: 1 });
  expect(parse({ text: 'x'.repeat(1_530) })).toMatchObject({ segments: 10 });
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

test.each([
  [{ carrier: 'gamma' }, 'carrier', 'must be one of "acme", "beta", got "gamma"'],
  [{ carrier: 7 }, 'carrier', 'must be of type string, got number'],
  [{ priority: 'high' }, 'priority', 'must be "urgent" or "normal", got "high"'],
  [{ priority: null }, 'priority', 'must be "urgent" or "normal", got null'],
  [{ guarantee: 'twice' }, 'guarantee', 'must be "at-least-once" or "at-most-once", got "twice"'],
  [{ validitySeconds: 0 }, 'validitySeconds', 'must be a whole number of seconds, 1 to 259200, got 0'],
  [{ validitySeconds: 259_201 }, 'validitySeconds', 'must be a whole number of seconds, 1 to 259200, got 259201'],
  [{ validitySeconds: 1.5 }, 'validitySeconds', 'must be a whole number of seconds, 1 to 259200, got 1.5'],
  [{ validitySeconds: 1e300 }, 'validitySeconds', 'must be a whole number of seconds, 1 to 259200, got 1e+300'],
  [{ validitySeconds: '60' }, 'validitySeconds', 'must be a whole number of seconds, 1 to 259200, got "60"'],
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

test('a request of a thousand unknown fields is answered with twenty faults', () => {
  const unknown = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`field${index}`, index]));
  expect(faultsOf({ ...good, ...unknown })).toHaveLength(20);
});

test('a recipient whom no carrier serves is refused', () => {
  expect(() => parseSendRequest(good, [route({ prefixes: ['49'] })])).toThrow(
    expect.objectContaining({ errors: [{ field: 'to', message: 'no carrier serves +447700900123' }] }),
  );
});

test('a carrier that is named is taken though its prefixes do not match', () => {
  expect(parse({ carrier: 'beta' }).route.carrier).toBe('beta');
});
