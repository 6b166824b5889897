import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SQSClient } from '@aws-sdk/client-sqs';
import { environment } from '#contract/environment.ts';
import type { RouteInput } from '#contract/routes.ts';
import { clientOptions, region } from '../../local/aws.ts';
import type { Releases } from '../../local/releases.ts';
import { createResources, queuesOf, type Resources } from '../../local/resources.ts';
import { carrier } from './steps.ts';

/** An emulated AWS with what is deployed there, and the environment of a function in it. */
export interface Stage {
  readonly env: (functionName: string) => NodeJS.ProcessEnv;
}

interface Endpoints {
  readonly endpoint: string;
  /** By TLS, as in AWS, or else the same. */
  readonly functionsEndpoint: string;
}

/**
 * With `tls` the first call takes what it takes in AWS; that needs the command `openssl`. With plain HTTP it takes
 * something else: for that the SDK loads `node:http` in a way by which Node loads its `fetch` too.
 */
export async function setStage(directory: string, by: 'tls' | 'plain-http', releases: Releases): Promise<Stage> {
  const tls = by === 'tls';
  const certificate = join(directory, 'certificate.pem');
  const env = tls ? { ...process.env, ...(await makeCertificate(directory, certificate)) } : process.env;
  const emulator = fork(fileURLToPath(new URL('emulator.ts', import.meta.url)), { env, execArgv: [] });
  const ended = once(emulator, 'exit');
  releases.push(async () => {
    if (emulator.connected) emulator.disconnect();
    await ended;
  });
  const [{ endpoint, functionsEndpoint }] = (await once(emulator, 'message')) as [Endpoints];
  const sqs = new SQSClient(clientOptions(endpoint));
  const resources = await createResources(endpoint, sqs, [carrier]);
  sqs.destroy();
  const deployed = deployedEnvironment(resources, functionsEndpoint);
  const trust = tls ? { NODE_EXTRA_CA_CERTS: certificate } : {};
  return { env: (functionName) => ({ ...deployed, ...trust, AWS_LAMBDA_FUNCTION_NAME: functionName }) };
}

async function makeCertificate(directory: string, certificate: string): Promise<NodeJS.ProcessEnv> {
  const key = join(directory, 'key.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', certificate], {
    stdio: 'pipe',
  });
  return { TLS_KEY: await readFile(key, 'utf8'), TLS_CERTIFICATE: await readFile(certificate, 'utf8') };
}

/** What Lambda and `infra/` set, https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, and the endpoint. */
function deployedEnvironment(resources: Resources, endpoint: string): NodeJS.ProcessEnv {
  const { urgent: urgentQueueUrl, normal: normalQueueUrl } = queuesOf(resources, carrier);
  const route: RouteInput = { carrier, urgentQueueUrl, normalQueueUrl, prefixes: [], defaultSender: '12345' };
  return {
    PATH: process.env.PATH,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    HOME: '/nonexistent',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_SESSION_TOKEN: 'bench',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_ENDPOINT_URL: endpoint,
    [environment.tableName]: resources.tableName,
    [environment.routes]: JSON.stringify([route]),
    [environment.maxSegments]: '10',
    [environment.retainTextDays]: '90',
    [environment.statusTopicArn]: resources.statusTopicArn,
    [environment.inboundTopicArn]: resources.inboundTopicArn,
    [environment.eventsDeadLetterQueueUrl]: resources.eventsDeadLetterQueueUrl,
  };
}
