import { parseLogLine } from '../../local/log.ts';

test("a line of the logger's is read into level, message and the rest", () => {
  expect(parseLogLine('{"level":"INFO","message":"bound","carrier":"acme","port":2775}')).toEqual({
    level: 'INFO',
    message: 'bound',
    fields: { carrier: 'acme', port: 2775 },
  });
});

test('a level that is unknown counts as an error, so that it is seen', () => {
  expect(parseLogLine('{"level":"CRITICAL","message":"x"}')?.level).toBe('ERROR');
});

test.each([
  ['a blank line', '  '],
  ['a metric', '{"_aws":{"Timestamp":1},"BoundBinds":1}'],
])('%s is no line of a log', (_what, text) => {
  expect(parseLogLine(text)).toBeUndefined();
});

test.each([
  ['text', 'Error: boom'],
  ['JSON without a message', '{"a":1}'],
  ['JSON that is no object', 'null'],
])('%s is passed on as it is', (_what, text) => {
  expect(parseLogLine(text)).toEqual({ level: 'WARN', message: text, fields: {} });
});
