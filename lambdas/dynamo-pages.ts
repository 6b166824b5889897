import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Pages } from './ports.ts';

/** Pages over DynamoDB. */
export function dynamoPages(client: DynamoDBDocumentClient, tableName: string): Pages {
  return {
    async page(pk, { after, before, limit, where }) {
      const filters = Object.keys(where);
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          TableName: tableName,
          // Both ends are of it: a range cannot leave them out.
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :after AND :before',
          ...(filters.length > 0 && {
            FilterExpression: filters.map((name) => `#${name} = :${name}Value`).join(' AND '),
            ExpressionAttributeNames: Object.fromEntries(filters.map((name) => [`#${name}`, name])),
          }),
          ExpressionAttributeValues: {
            ':pk': pk,
            ':after': after,
            ':before': before,
            ...Object.fromEntries(filters.map((name) => [`:${name}Value`, where[name]])),
          },
          ScanIndexForward: false,
          Limit: limit,
        }),
      );
      const within = (items as Item[]).filter(({ sk }) => sk > after && sk < before);
      return { items: within, ...(last !== undefined && { last: String(last.sk) }) };
    },
  };
}
