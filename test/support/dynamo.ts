import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { tableDefinition } from '#contract/table.ts';
import { dynamoPages } from '../../lambdas/dynamo-pages.ts';
import { dynamoTable } from '../../lambdas/dynamo-table.ts';
import type { Item, Pages, Table } from '../../lambdas/ports.ts';
import { emulatorVariable } from './emulator.ts';

export interface TestTable extends Table, Pages {
  readonly name: string;
  /** Every item, for a test to look at. */
  all(): Promise<Item[]>;
}

export interface Dynamo {
  readonly endpoint: string;
  newTable(): Promise<TestTable>;
  stop(): Promise<void>;
}

// Ten times what such a test takes: suites share two cores, and an emulator must not be closed under a call.
jest.setTimeout(50_000);

/** A table of its own for each test of this file, made before the test. */
export function useTable(): () => TestTable {
  let dynamo: Dynamo;
  let table: TestTable;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  beforeEach(async () => {
    table = await dynamo.newTable();
  });
  afterAll(() => dynamo.stop());
  return () => table;
}

/** A DynamoDB emulator for this file's tests: dynalite in this process and in memory, unless another is named. */
export async function startDynamo(): Promise<Dynamo> {
  const { endpoint, stop } = await startEmulator();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials });
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    endpoint,
    async newTable() {
      const name = `messages-${randomUUID()}`;
      await client.send(new CreateTableCommand({ ...tableDefinition, TableName: name }));
      const all = async () => {
        const { Items: items = [] } = await documents.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
        return items as Item[];
      };
      return { ...dynamoTable(documents, name), ...dynamoPages(documents, name), name, all };
    },
    async stop() {
      client.destroy();
      await stop();
    },
  };
}

async function startEmulator(): Promise<Pick<Dynamo, 'endpoint' | 'stop'>> {
  const running = process.env[emulatorVariable];
  if (running !== undefined) return { endpoint: running, stop: async () => {} };
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
