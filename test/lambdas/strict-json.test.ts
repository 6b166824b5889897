import fc from 'fast-check';
import { faultOfJson } from '../../lambdas/strict-json.ts';

test.each([
  ['{"a":1,"a":1}', 'a'],
  ['{"a":1,"b":{"c":2,"c":3}}', 'b.c'],
  ['{"to":1,"t\\u006f":2}', 'to'],
  ['{"a":{"a":1},"a":2}', 'a'],
  ['[{"a":1},{"a":1,"a":2}]', '.a'],
  ['{"\\"":1,"\\"":2}', '"'],
  ['{"":1 , "" : 2}', ''],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  [`{"${'k'.repeat(100)}":1,"${'k'.repeat(100)}":2}`, `${'k'.repeat(60)}…`],
])('in %s a key is given twice', (json, field) => {
  expect(faultOfJson(json)).toEqual({ field, message: 'is given twice' });
});

test.each([
  '{"a":"a","b":"a"}',
  '{"a":{"a":{"a":1}}}',
  '[{"a":1},{"a":2}]',
  '{"a":"\\",\\"a\\":","b":"{[","c":"\\\\"}',
  '{"a":["a","a",{"a":[]}],"b":null}',
  '"a"',
  '7',
  '["a:b"]',
])('in %s no key is given twice', (json) => {
  expect(faultOfJson(json)).toBeUndefined();
});

test('32 levels are enough for anybody, and 33 are too many', () => {
  const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}[]${'}]'.repeat(levels / 2)}`;
  expect(faultOfJson(nested(30))).toBeUndefined();
  expect(faultOfJson(nested(32))).toMatchObject({ field: 'body' });
});

test('whatever JSON.stringify writes has no fault, and with a key repeated it has', () => {
  fc.assert(
    fc.property(fc.object({ key: fc.string({ unit: 'binary' }), maxDepth: 5 }), fc.string(), (value, key) => {
      const json = JSON.stringify({ value });
      expect(faultOfJson(json)).toBeUndefined();
      expect(faultOfJson(`{${JSON.stringify(key)}:${json},${JSON.stringify(key)}:${json}}`)).toBeDefined();
    }),
  );
});

test('a body of 10 MB is looked through in no time to speak of', () => {
  const json = JSON.stringify({ text: '\\"'.repeat(2_500_000), more: 'x'.repeat(5_000_000) });
  expect(faultOfJson(json)).toBeUndefined();
});
