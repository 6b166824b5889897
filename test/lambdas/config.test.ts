import { readEnvironment, readWholeNumber } from '../../lambdas/config.ts';

test('values are found by their names in the contract', () => {
  expect(readEnvironment(['tableName'], { TABLE_NAME: 'messages', OTHER: 'x' })).toEqual({ tableName: 'messages' });
});

test('all variables that are missing or empty are named at once', () => {
  const read = () => readEnvironment(['tableName', 'routes', 'statusTopicArn'], { ROUTES: '', TABLE_NAME: 't' });
  expect(read).toThrow(
    expect.objectContaining({ code: 'missing-configuration', variables: ['ROUTES', 'STATUS_TOPIC_ARN'] }),
  );
});

describe('a whole number', () => {
  const rule = { otherwise: 10, min: 1, max: 255 };

  test.each([
    [{}, 10],
    [{ MAX_SEGMENTS: '' }, 10],
    [{ MAX_SEGMENTS: '1' }, 1],
    [{ MAX_SEGMENTS: '255' }, 255],
  ])('of %j is %d', (variables, value) => {
    expect(readWholeNumber('maxSegments', rule, variables)).toBe(value);
  });

  test.each(['0', '256', '1.5', 'ten', 'NaN', '0x10x', ' '])('is not "%s"', (given) => {
    expect(() => readWholeNumber('maxSegments', rule, { MAX_SEGMENTS: given })).toThrow(
      `MAX_SEGMENTS must be a whole number, 1 to 255, got "${given}"`,
    );
  });
});
