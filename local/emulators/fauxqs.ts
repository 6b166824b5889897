import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BuildAppOptions, buildApp } from 'fauxqs';
import { accountId } from '../aws.ts';
import type { Release } from '../releases.ts';

/*
 * fauxqs's own `startFauxqs` listens on every interface and gives queue URLs with a host that only a
 * wildcard DNS resolves, so its parts are put together here. The package does not export all of them:
 * should a new version move one, the import below fails at once and loudly.
 */

type Stores = NonNullable<BuildAppOptions['stores']>;
type SqsStore = Stores['sqsStore'];

interface Persistence {
  load(sqs: SqsStore, sns: Stores['snsStore'], s3: Stores['s3Store']): void;
  close(): void;
}

export interface SqsSnsEmulator {
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void;
  /** From now on long polls are answered soon, with nothing. */
  readonly endPolls: () => void;
  readonly stop: Release;
}

export interface SqsSnsOptions {
  /** Where clients reach it: queue URLs begin with it. */
  readonly endpoint: string;
  readonly region: string;
  /** Where queues and topics are kept. @default in memory */
  readonly directory: string | undefined;
}

const shortPollMs = 20;

/** SQS and SNS, without a server of its own. */
export async function createSqsSns(options: SqsSnsOptions): Promise<SqsSnsEmulator> {
  const stores: Stores = {
    sqsStore: new (await part<{ SqsStore: new () => SqsStore }>('sqs/sqsStore.js')).SqsStore(),
    snsStore: new (await part<{ SnsStore: new () => Stores['snsStore'] }>('sns/snsStore.js')).SnsStore(),
    s3Store: new (await part<{ S3Store: new () => Stores['s3Store'] }>('s3/s3Store.js')).S3Store(),
  };
  putUrlsUnder(options.endpoint, stores.sqsStore);
  const persistence = options.directory === undefined ? undefined : await restore(options.directory, stores);
  const app = buildApp({ logger: false, defaultRegion: options.region, stores });
  await app.ready();
  let pollEnder: NodeJS.Timeout | undefined;
  return {
    serve: (request, response) => app.server.emit('request', request, response),
    endPolls() {
      pollEnder ??= setInterval(() => stores.sqsStore.shutdown(), shortPollMs);
    },
    async stop() {
      clearInterval(pollEnder);
      await app.close();
      persistence?.close();
    },
  };
}

/** Every queue's URL is one that clients can reach now: also of a queue kept from a run on another port. */
function putUrlsUnder(endpoint: string, store: SqsStore): void {
  const create = store.createQueue.bind(store);
  store.createQueue = (name, _url, ...rest) => create(name, `${endpoint}/${accountId}/${name}`, ...rest);
}

async function restore(directory: string, stores: Stores): Promise<Persistence> {
  const { PersistenceManager } = await part<{
    PersistenceManager: new (directory: string) => Persistence & NonNullable<SqsStore['persistence']>;
  }>('persistence.js');
  const persistence = new PersistenceManager(directory);
  // Loaded before the stores know it, or loading would replace, and so delete, what it reads.
  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  stores.sqsStore.persistence = persistence;
  stores.snsStore.persistence = persistence;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  return persistence;
}

function part<Part>(path: string): Promise<Part> {
  return import(new URL(path, import.meta.resolve('fauxqs')).href);
}
