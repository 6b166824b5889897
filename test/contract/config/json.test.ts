import { parseConfigJson } from '#contract/config/json.ts';
import { InvalidInputError } from '#contract/parse.ts';
import { faultsOf } from '../../support/faults.ts';

test('a byte order mark is not part of the JSON', () => {
  expect(parseConfigJson('\ufeff{"carriers": []}')).toEqual({ carriers: [] });
});

test.each([
  ['nothing', '', 1, 1],
  ['an end too soon', '{"a": [1,\n 2', 2, 3],
  ['a comma before the end', '{\n  "a": [1, 2],\n}', 3, 1],
  ['a comma before the end of a list', '{\n  "a": [1, 2, ]\n}', 2, 15],
  ['single quotes', "{'a': 1}", 1, 2],
  ['a comment', '{\n  // a comment\n  "a": 1\n}', 2, 3],
  ['a comment at the end of a Windows line', '{\r\n  "a": 1, // one\r\n  "b": 2\r\n}', 2, 11],
  ['a password without quotes', '{\n  "password": geheim\n}', 2, 15],
  ['a word that only begins well', '{"a": nul }', 1, 10],
  ['a string without its end', '{"a": "geheim', 1, 14],
  ['a string over two lines', '{"a": "ge\nheim"}', 1, 10],
  ['another value behind the first', '{} {}', 1, 4],
  ['a message that looks like a position', '{"x": at position 3}', 1, 7],
])('%s is told with its line and column', (_, text, line, column) => {
  expect(faultsOf(() => parseConfigJson(text))).toEqual([
    `not JSON at line ${line}, column ${column} (JSON has double quotes only, no comments and no comma before } or ])`,
  ]);
});

test('what is not JSON is quoted nowhere in the error', () => {
  try {
    parseConfigJson('{"password": geheim}');
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({ code: 'invalid-input', message: expect.not.stringContaining('geheim') });
    expect(error).not.toHaveProperty('cause');
  }
  expect.assertions(3);
});
