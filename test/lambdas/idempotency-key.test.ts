import fc from 'fast-check';
import { hashOfBody, idempotencyKeyOf } from '../../lambdas/idempotency-key.ts';
import { apiEvent } from '../support/factories.ts';

function keyIn(values: readonly string[]) {
  return idempotencyKeyOf({ ...apiEvent(), multiValueHeaders: { 'IDEMPOTENCY-key': [...values] } });
}

test('a request without the header has no key', () => {
  expect(idempotencyKeyOf(apiEvent())).toBeUndefined();
});

test.each(['1', 'order 7, attempt 2', '"quoted"', 'x'.repeat(255)])('%s is a key', (key) => {
  expect(keyIn([key])).toBe(key);
  expect(idempotencyKeyOf(apiEvent({ headers: { 'Idempotency-Key': key } }))).toBe(key);
});

test.each([
  [[''], '""'],
  [['x'.repeat(256)], `"${'x'.repeat(59)}…`],
  [['a\tb'], '"a\\tb"'],
  [['schlüssel'], '"schlüssel"'],
  [['a\0'], '"a\\u0000"'],
  [['1', '1'], '2 values'],
  [['1', '2', '3'], '3 values'],
])('%j is no key', (values, got) => {
  const message = `must be one value of 1 to 255 printable ASCII characters, got ${got}`;
  expect(() => keyIn(values)).toThrow(
    expect.objectContaining({ code: 'invalid-request', errors: [{ field: 'Idempotency-Key', message }] }),
  );
});

test('a body has one hash, in whatever order its keys are, and another body another', () => {
  const hash = hashOfBody({ to: '1', metadata: { a: '1', b: '2' } });
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOfBody({ metadata: { b: '2', a: '1' }, to: '1' })).toBe(hash);
  expect(hashOfBody({ metadata: { b: '1', a: '2' }, to: '1' })).not.toBe(hash);
});

test('bodies that are not the same have not the same hash', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
      expect(hashOfBody(a) === hashOfBody(b)).toBe(same);
    }),
  );
});

/** Objects as lists of their entries in order, so that their order counts no more. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return ['array', ...value.map(sorted)];
  if (typeof value !== 'object' || value === null) return value;
  return Object.keys(value)
    .sort()
    .map((key) => [key, sorted((value as Record<string, unknown>)[key])]);
}
