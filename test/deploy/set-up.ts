import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { region } from '../../local/aws.ts';
import { Releases } from '../../local/releases.ts';
import { Cdk } from './support/cdk.ts';
import { writeConfig } from './support/configs.ts';
import {
  containerStore,
  dockerFor,
  makeBaseImage,
  missingForContainers,
  removeContainers,
} from './support/containers.ts';
import { type Deployment, publishDeployment } from './support/deployment.ts';
import { startEmulator } from './support/emulator.ts';
import { startSmscServer } from './support/smsc-server.ts';

/** Jest's global set-up for `npm run test:deploy`: starts what the stack needs around it, and deploys the stack once. */

/** What `tear-down.ts` is to release. */
export const releases = new Releases();

export default async function setUp(): Promise<void> {
  try {
    publishDeployment(await deploy());
  } catch (cause) {
    await releases.run().catch(() => {});
    throw cause;
  }
}

async function deploy(): Promise<Deployment> {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-deploy-'));
  releases.push(() => rm(directory, { recursive: true, force: true }));
  const smscServer = await startSmscServer(({ message }) => process.stderr.write(`SMSC: ${message}\n`));
  releases.push(() => smscServer.stop());
  const emulator = await startEmulator(join(directory, 'emulator.log'));
  releases.push(() => emulator.stop());
  const { smsc } = smscServer;
  const awsEndpoint = emulator.endpoint;
  const assembly = join(directory, 'assembly');

  const missing = await missingForContainers();
  const store = missing === undefined ? await containerStore(directory) : undefined;
  const docker = dockerFor(store);
  const cdk = new Cdk({ awsEndpoint, directory, docker });
  await Promise.all([
    cdk.bootstrap(),
    cdk.synth(await writeConfig({ directory, smsc }), assembly),
    store && makeBase(store, directory),
  ]);
  await cdk.deploy(assembly);
  return {
    awsEndpoint,
    region,
    directory,
    assembly,
    docker,
    smsc,
    containerStore: store,
    missingForContainers: missing,
  };
}

function makeBase(store: NodeJS.ProcessEnv, directory: string): Promise<void> {
  releases.push(() => removeContainers(store));
  return makeBaseImage(join(__dirname, '../../connector/Dockerfile'), store, directory);
}
