import type { SQSEvent } from 'aws-lambda';
import { messageId, submittedEvent } from '../support/factories.ts';
import { type LambdaEnvironment, startLambdaEnvironment } from '../support/lambda-environment.ts';
import { acceptedMessage, testPorts } from '../support/lambda-ports.ts';
import { recordsOf } from '../support/storms.ts';

/** The functions on the events queue and on the schedule, as Lambda loads them. Everything that is not DynamoDB is refused. */

let lambda: LambdaEnvironment;

beforeEach(async () => {
  jest.resetModules();
  lambda = await startLambdaEnvironment();
});

afterEach(() => lambda.stop());

const enoughTime = { getRemainingTimeInMillis: () => 30_000 };

test('track-events names the records that are to come again', async () => {
  const { handler } = await import('../../lambdas/track-events.ts');
  const [good] = recordsOf([submittedEvent()]);
  const records = [
    { ...good, messageId: 'good' },
    { messageId: 'bad', body: 'no list, and no dead-letter queue to take it' },
  ];
  expect(await handler({ Records: records } as SQSEvent)).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
});

test('settle-due runs when nothing is due', async () => {
  const { handler } = await import('../../lambdas/settle-due.ts');
  await expect(handler({}, enoughTime)).resolves.toBeUndefined();
});

test('settle-due fails, for the alarm, when what is due could not be settled', async () => {
  // Accepted months ago, by the clock of these tests; and there is no topic to tell.
  await acceptedMessage(testPorts(lambda.table), messageId);
  const { handler } = await import('../../lambdas/settle-due.ts');
  await expect(handler({}, enoughTime)).rejects.toThrow('1 due items could not be settled, 0 could');
});

test('settle-due begins nothing, and does not fail, when its time is nearly up', async () => {
  await acceptedMessage(testPorts(lambda.table), messageId);
  const { handler } = await import('../../lambdas/settle-due.ts');
  await expect(handler({}, { getRemainingTimeInMillis: () => 10_000 })).resolves.toBeUndefined();
});
