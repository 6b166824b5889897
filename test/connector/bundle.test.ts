import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { environment } from '#contract/environment.ts';
import { type ScriptedSmsc, startScriptedSmsc } from '../support/scripted-smsc.ts';

/** What the container is: the bundle in a process of its own, which may only read, beside ECS and AWS on loopback. */

const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme-AbCdEf';

let directory: string;
let bundle: string;
let smsc: ScriptedSmsc;
let aws: Server;
const asked: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'connector-'));
  bundle = join(directory, 'connector.cjs');
  const bundling = promisify(execFile)(process.execPath, ['connector/bundle.ts', bundle]);
  smsc = await startScriptedSmsc();
  aws = createServer(async (request, response) => response.end(JSON.stringify(answerTo(request, await text(request)))));
  await once(aws.listen(0, '127.0.0.1'), 'listening');
  await bundling;
}, 30_000);

afterAll(async () => {
  aws.closeAllConnections();
  await Promise.all([smsc.stop(), new Promise((resolve) => aws.close(resolve)), rm(directory, { recursive: true })]);
});

/** ECS gives the task's credentials, Secrets Manager the password; the queues are empty. */
function answerTo({ url, headers }: IncomingMessage, body: string): object {
  const operation = String(headers['x-amz-target'] ?? url).replace(/^.*\./, '');
  const signer = /Credential=(\w+)\//.exec(headers.authorization ?? '')?.[1] ?? 'nobody';
  asked.push(`${operation} by ${signer}`);
  switch (operation) {
    case '/credentials':
      return {
        AccessKeyId: 'OFTHETASK',
        SecretAccessKey: 'test',
        Token: 'test',
        Expiration: new Date(Date.now() + 3_600_000).toISOString(),
      };
    case 'GetSecretValue':
      return JSON.parse(body).SecretId === secretArn ? { SecretString: 's3cret' } : {};
    default:
      return {};
  }
}

test('the bundle binds with the password of its secret, read with the credentials of its task, where it may write no file', async () => {
  const awsUrl = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  const hosts = [{ host: smsc.host, port: smsc.port }];
  const child = spawn(process.execPath, ['--permission', '--allow-fs-read=*', bundle], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      // Whoever runs this may have credentials of their own there.
      HOME: directory,
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: awsUrl,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${awsUrl}/credentials`,
      [environment.carrierProfile]: JSON.stringify({ name: 'acme', hosts, systemId: 'me', password: { secretArn } }),
      [environment.urgentQueueUrl]: `${awsUrl}/urgent`,
      [environment.normalQueueUrl]: `${awsUrl}/normal`,
      [environment.outboundDeadLetterQueueUrl]: `${awsUrl}/dead-letters`,
      [environment.eventsQueueUrl]: `${awsUrl}/events`,
      [environment.eventsDeadLetterQueueUrl]: `${awsUrl}/events-dead-letters`,
      [environment.inboundTopicArn]: 'arn:aws:sns:eu-west-1:123456789012:inbound',
      [environment.healthPort]: '0',
    },
  });
  const ended = once(child, 'exit');
  const log: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => log.push(line));
  const errors = text(child.stderr);

  const bind = await Promise.race([smsc.next('bind_transceiver'), ended]);
  expect(bind).toMatchObject({ system_id: 'me', password: 's3cret' });
  expect(asked).toContain('GetSecretValue by OFTHETASK');

  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(log.join('\n')).not.toContain('s3cret');
  expect(`${await errors}${log.join('\n')}`).not.toContain('ERR_ACCESS_DENIED');
}, 30_000);
