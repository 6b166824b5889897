import { z } from 'zod';
import { InvalidInputError, parseAs, parseJsonAs } from '#contract/parse.ts';

const schema = z.object({ name: z.string(), ports: z.array(z.int()) });

function errorOf(run: () => unknown): InvalidInputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error('expected an InvalidInputError');
}

test('what the schema describes is given back', () => {
  expect(parseJsonAs(schema, '{"name":"a","ports":[1],"other":true}', 'thing')).toEqual({ name: 'a', ports: [1] });
});

test('every fault is told, each with its path, and no value', () => {
  const error = errorOf(() => parseAs(schema, { name: 4711, ports: [1, 'secret', 2.5] }, 'thing'));
  expect(error.code).toBe('invalid-input');
  expect(error.faults.map((fault) => fault.split(':')[0])).toEqual(['name', 'ports.1', 'ports.2']);
  expect(error.message).not.toMatch(/4711|secret|2\.5/);
});

test('a value that is wrong as a whole has a fault without a path', () => {
  const { faults } = errorOf(() => parseAs(schema, 'text', 'thing'));
  expect(faults).toEqual([expect.not.stringMatching(/^:/)]);
});

test('text that is not JSON is an invalid input, with the cause', () => {
  const error = errorOf(() => parseJsonAs(schema, '{"name":', 'thing'));
  expect(error.faults).toEqual(['not JSON']);
  expect(error.cause).toBeInstanceOf(SyntaxError);
});
