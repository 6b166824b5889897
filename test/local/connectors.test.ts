import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CarrierProfile, carrierProfile } from '#contract/carrier.ts';
import { environment } from '#contract/environment.ts';
import { readConfig } from '../../connector/config.ts';
import { type ConnectorsOptions, startConnectors } from '../../local/connectors.ts';
import { Releases } from '../../local/releases.ts';
import { carrierOf } from '../support/config-file.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** It is an ES module to its end, which jest cannot load, and here nothing is bundled. */
jest.mock('../../connector/bundle.ts', () => ({}));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connectors-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** In place of the connector: says which environment it has, and stays until it is stopped. Listens first, as it is stopped once it spoke. */
const fake = `
  process.on('SIGTERM', () => process.exit(0));
  setInterval(() => {}, 1000);
  console.log(JSON.stringify({ level: 'INFO', message: 'bound', env: process.env }));`;

/** Ends once all of `count` were told to stop: each leaves a file to say so. */
const endingTogether = (count: number) => `
  const { mkdirSync, readdirSync, writeFileSync } = require('node:fs');
  const told = __dirname + '/told';
  mkdirSync(told, { recursive: true });
  process.on('SIGTERM', () => writeFileSync(told + '/' + process.pid, ''));
  setInterval(() => readdirSync(told).length === ${count} && process.exit(0), 10);
  console.log(JSON.stringify({ level: 'INFO', message: 'bound' }));`;

function queuesOf({ name }: CarrierProfile) {
  return [name, { urgent: 'q:urgent', normal: 'q:normal', deadLetters: 'q:dead' }] as const;
}

/** Starts connectors of `source`, and stops them when each has said that it is bound. */
async function startAndStop(
  source: string,
  carriers: readonly CarrierProfile[],
  given: Partial<ConnectorsOptions> = {},
): Promise<void> {
  const bundle = join(folder, 'connector.cjs');
  await writeFile(bundle, source);
  const releases = new Releases();
  const options: ConnectorsOptions = {
    bundle,
    carriers,
    resources: {
      ofCarriers: new Map(carriers.map(queuesOf)),
      eventsQueueUrl: 'q:events',
      eventsDeadLetterQueueUrl: 'q:events-dead',
      terminalQueueUrl: 'q:terminal',
      inboundQueueUrl: 'q:inbound',
      inboundTopicArn: 'arn:inbound',
      statusTopicArn: 'arn:status',
      tableName: 'table',
    },
    endpoint: 'http://127.0.0.1:1',
    env: {},
    readyMessage: 'bound',
    onLog: () => {},
    clock: new FakeClock(),
    ...given,
  };
  await startConnectors(options, releases, new AbortController().signal);
  await releases.run();
}

/** The environment that the connector of a carrier with these options gets. */
async function environmentOf(options: object, env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  let found: unknown;
  await startAndStop(fake, [carrierProfile.parse(carrierOf(options))], {
    env,
    onLog: ({ message, fields }) => {
      if (message === 'bound') found = fields.env;
    },
  });
  return found as Record<string, string>;
}

test('all connectors are told to stop at once: none goes on sending while another drains', async () => {
  const carriers = ['one', 'two', 'three'].map((name) => carrierProfile.parse(carrierOf({ name })));
  // Else the first that is told waits for the others for ever.
  await startAndStop(endingTogether(carriers.length), carriers);
});

test('a connector gets the carrier as the config has it, with how the bind is made, and where its secrets are', async () => {
  const options = {
    password: { env: 'ACME_PASSWORD' },
    tls: { servername: 'smsc.example.com', clientCertificate: { file: 'client.pem' } },
    bindMode: 'transmitter-receiver',
    receiver: { hosts: [{ host: 'rx.example.com' }], password: { env: 'RECEIVER_PASSWORD' } },
    reconnect: { minDelayMs: 45_000 },
    maxMessagesPerSession: 1_000,
  };
  const env = await environmentOf(options, { RECEIVER_PASSWORD: 's3cret' });
  expect(readConfig(env).carrier).toEqual(carrierProfile.parse(carrierOf(options)));
  expect(env.RECEIVER_PASSWORD).toBe('s3cret');
});

test('a connector gets nothing of the user’s that leads to a real account', async () => {
  const env = await environmentOf({ password: { env: 'P' } }, { AWS_PROFILE: 'production', AWS_SESSION_TOKEN: 'real' });
  expect(env).not.toHaveProperty('AWS_PROFILE');
  expect(env).not.toHaveProperty('AWS_SESSION_TOKEN');
  expect(env[environment.urgentQueueUrl]).toBe('q:urgent');
});
