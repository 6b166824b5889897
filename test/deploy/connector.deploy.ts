import { readFile } from 'node:fs/promises';
import { environment } from '#contract/environment.ts';
import { Releases } from '../../local/releases.ts';
import { call, send } from '../support/api.ts';
import { countMessages, sqsAt } from '../support/aws.ts';
import { eventually } from '../support/eventually.ts';
import { notePersonal } from '../support/log-watch.ts';
import { carrier } from './support/configs.ts';
import { podman } from './support/containers.ts';
import { readApiDefinition, type ServedApi, serveDeployedApi } from './support/deployed-api.ts';
import { DeployedConnector, type DeployedTask, environmentOf, readTask } from './support/deployed-connector.ts';
import { runDeployedEventSources } from './support/deployed-event-source.ts';
import { DeployedStack } from './support/deployed-stack.ts';
import { deployment } from './support/deployment.ts';
import { putPassword } from './support/put-password.ts';
import { messagesAfter, messagesSoFar } from './support/smsc.ts';
import { testWithContainers } from './support/test-with-containers.ts';

/** The connector as its deployed task definition has it run. */

let stack: DeployedStack;
let task: DeployedTask;
const releases = new Releases();

beforeAll(async () => {
  stack = await DeployedStack.read();
  await putPassword(stack, carrier, deployment().smsc.password);
  task = await readTask(stack, carrier);
});

afterEach(() => releases.run());

async function startConnector(): Promise<DeployedConnector> {
  const connector = await DeployedConnector.start(task);
  releases.push(async () => void (await connector.stop()));
  await connector.logLine(/"message":"bound"/);
  return connector;
}

function inStore(...args: readonly string[]): Promise<string> {
  return podman(deployment().containerStore ?? {}, args);
}

testWithContainers('the connector is no root, has no capability, and cannot write to its own files', async () => {
  const { container = '' } = await startConnector();
  const pid = await inStore('inspect', '--format', '{{.State.Pid}}', container);
  const status = await readFile(`/proc/${pid.trim()}/status`, 'utf8');
  expect(status).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m);
  expect(status).toMatch(/^Gid:\t1000\t1000\t1000\t1000$/m);
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
    expect(status).toMatch(`${set}:\t0000000000000000\n`);
  for (const file of ['/app/connector.cjs', '/app/file', '/tmp/file', '/file']) {
    const write = `require('fs').writeFileSync(${JSON.stringify(file)}, '')`;
    await expect(inStore('exec', container, 'node', '-e', write)).rejects.toThrow('EROFS');
  }
});

testWithContainers('the connector passes the health check of its task definition, which fails without it', async () => {
  const { container = '' } = await startConnector();
  const [kind, ...command] = task.container.healthCheck?.command ?? [];
  expect(kind).toBe('CMD');
  await inStore('exec', container, ...command);
  const elsewhere = ['exec', '--env', `${environment.healthPort}=1`, container];
  await expect(inStore(...elsewhere, ...command)).rejects.toThrow('ended with 1');
});

test('a burst in the middle of which the connector is told to stop goes on with the next, and no message is lost or doubled', async () => {
  const api = await serveDeployedApi(await readApiDefinition(stack));
  releases.push(() => api.stop());
  const before = (await messagesSoFar()).length;
  const ids = await sendBurst(api);

  const first = await startConnector();
  await messagesAfter(before + 20);
  await expect(first.stop()).resolves.toBe(0);
  const inTime = (await messagesSoFar()).length - before;
  expect(inTime).toBeLessThan(ids.length);
  await expect(inLane()).resolves.toEqual({ visible: ids.length - inTime, inFlight: 0 });

  await startConnector();
  const events = await runDeployedEventSources();
  releases.push(() => events.stop());
  for (const id of ids) await eventually(`receipt of ${id}`, () => delivered(api, id));
  const received = (await messagesSoFar()).slice(before).map(({ text }) => text);
  expect(received.sort()).toEqual(ids.map((_, index) => burstText(index)).sort());
}, 120_000);

/** More than goes out until podman has stopped a container, less than the usage plan's burst. */
const burstSize = 100;

function burstText(index: number): string {
  return `Burst, message ${index}`;
}

/** One to each of as many recipients; their ids. */
async function sendBurst(api: ServedApi): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < burstSize; index += 1) {
    const message = { to: `+44770090${4_000 + index}`, text: burstText(index) };
    notePersonal(message.to, message.text);
    ids.push((await send(api, message)).id);
  }
  return ids;
}

async function inLane(): Promise<{ visible: number; inFlight: number }> {
  const sqs = sqsAt(deployment());
  const count = await countMessages(sqs, environmentOf(task.container)[environment.normalQueueUrl] ?? '');
  sqs.destroy();
  return count;
}

async function delivered(api: ServedApi, id: string): Promise<true | undefined> {
  const { body } = await call(api, 'GET', `/v1/messages/${id}`);
  return (body as { status: string }).status === 'delivered' ? true : undefined;
}
