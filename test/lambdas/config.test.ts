import { readEnvironment } from '../../lambdas/config.ts';

test('values are found by their names in the contract', () => {
  expect(readEnvironment(['tableName'], { TABLE_NAME: 'messages', OTHER: 'x' })).toEqual({ tableName: 'messages' });
});

test('all variables that are missing or empty are named at once', () => {
  const read = () => readEnvironment(['tableName', 'routes', 'statusTopicArn'], { ROUTES: '', TABLE_NAME: 't' });
  expect(read).toThrow(
    expect.objectContaining({ code: 'missing-configuration', variables: ['ROUTES', 'STATUS_TOPIC_ARN'] }),
  );
});
