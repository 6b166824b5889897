import type { IncomingMessage, Server } from 'node:http';
import { join } from 'node:path';
import { closeServer, listenOnLoopback } from '../loopback.ts';
import type { Release } from '../releases.ts';
import { StartError } from '../start-error.ts';
import { occupyDirectory } from './data-directory.ts';
import { createDynamoDb } from './dynalite.ts';
import { createSqsSns } from './fauxqs.ts';

export interface EmulatorOptions {
  readonly region: string;
  /** When it is taken, any free port serves as well. @default any free port */
  readonly preferredPort?: number;
  /** Directory in which queues, topics and tables outlive the process. @default in memory */
  readonly data?: string | undefined;
}

export interface Emulators {
  readonly endpoint: string;
  /** From now on long polls are short: whoever is to stop need not wait them out. */
  readonly endPolls: () => void;
  readonly stop: Release;
}

/** SQS, SNS and DynamoDB in this process, behind one port of 127.0.0.1. */
export async function startEmulators(options: EmulatorOptions): Promise<Emulators> {
  const { data } = options;
  const leaveData = data === undefined ? undefined : occupyDirectory(data);
  const dynamoDb = createDynamoDb(data === undefined ? undefined : join(data, 'dynamodb'));
  const port = await listenOnPreferred(dynamoDb.server, options.preferredPort ?? 0);
  const endpoint = `http://127.0.0.1:${port}`;
  const sqsSns = await createSqsSns({ endpoint, region: options.region, directory: data });
  dynamoDb.server.on('request', (request, response) => {
    if (!isForDynamoDb(request)) return sqsSns.serve(request, response);
    // A request that broke off: nobody waits for an answer.
    dynamoDb.serve(request, response).catch(() => response.destroy());
  });
  return {
    endpoint,
    endPolls: sqsSns.endPolls,
    async stop() {
      await sqsSns.stop();
      await closeServer(dynamoDb.server);
      leaveData?.();
    },
  };
}

async function listenOnPreferred(server: Server, port: number): Promise<number> {
  try {
    return await listenOnLoopback(server, port);
  } catch (error) {
    if (error instanceof StartError) return listenOnLoopback(server, 0);
    throw error;
  }
}

function isForDynamoDb(request: IncomingMessage): boolean {
  return String(request.headers['x-amz-target']).startsWith('DynamoDB_');
}
