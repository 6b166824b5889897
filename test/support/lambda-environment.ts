import { environment } from '#contract/environment.ts';
import { type Dynamo, startDynamo, type TestTable } from './dynamo.ts';
import { route } from './factories.ts';

export interface LambdaEnvironment {
  readonly table: TestTable;
  stop(): Promise<void>;
}

/**
 * The variables that a handler reads when its module is loaded, over a table in an emulator: to be there before
 * that. Every service that is not DynamoDB refuses.
 */
export async function startLambdaEnvironment(more: Readonly<Record<string, string>> = {}): Promise<LambdaEnvironment> {
  const dynamo: Dynamo = await startDynamo();
  const table = await dynamo.newTable();
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: dynamo.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    LOG_LEVEL: 'SILENT',
    [environment.tableName]: table.name,
    [environment.routes]: JSON.stringify([route()]),
    [environment.inboundTopicArn]: 'arn:aws:sns:eu-west-1:000000000000:inbound',
    [environment.statusTopicArn]: 'arn:aws:sns:eu-west-1:000000000000:status',
    [environment.eventsDeadLetterQueueUrl]: `${dynamo.endpoint}/000000000000/events-dead-letters`,
    ...more,
  });
  return {
    table,
    async stop() {
      process.env = before;
      await dynamo.stop();
    },
  };
}
