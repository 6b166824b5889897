import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { dueIndex, type TableKey } from '#contract/table.ts';
import type { Change, Item, Table } from './ports.ts';

/** The table over DynamoDB. A condition that does not hold is a result here, not an error. */
export function dynamoTable(client: DynamoDBDocumentClient, tableName: string): Table {
  return {
    async get({ pk, sk }) {
      const { Item: item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { pk, sk }, ConsistentRead: true }),
      );
      return item as Item | undefined;
    },

    async create(item) {
      const condition = { ConditionExpression: 'attribute_not_exists(pk)' };
      const made = await unlessRefused(client.send(new PutCommand({ TableName: tableName, Item: item, ...condition })));
      return made === 'refused' ? 'exists' : 'created';
    },

    async update({ pk, sk }, change) {
      const input = { TableName: tableName, Key: { pk, sk }, ReturnValues: 'ALL_NEW', ...expressions(change) } as const;
      const updated = await unlessRefused(client.send(new UpdateCommand(input)));
      return updated === 'refused' ? 'refused' : (updated.Attributes as Item);
    },

    async partition(pk) {
      const items: Item[] = [];
      const query = {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
      };
      for await (const page of paginateQuery({ client }, query)) items.push(...((page.Items ?? []) as Item[]));
      return items;
    },

    async *due(shard, until) {
      const query = {
        TableName: tableName,
        IndexName: dueIndex,
        KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
        ExpressionAttributeValues: { ':shard': shard, ':until': until },
        // A page is read when the one before is worked off: the fewer entries, the fewer are out of date.
        Limit: 100,
      };
      for await (const page of paginateQuery({ client }, query)) yield* (page.Items ?? []) as TableKey[];
    },
  };
}

function expressions({ update, condition, names, values }: Change) {
  return {
    UpdateExpression: update,
    ...(condition !== undefined && { ConditionExpression: condition }),
    ...(names !== undefined && { ExpressionAttributeNames: { ...names } }),
    ...(values !== undefined && { ExpressionAttributeValues: { ...values } }),
  };
}

async function unlessRefused<Output>(call: Promise<Output>): Promise<Output | 'refused'> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'refused';
    throw error;
  }
}
