import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environment } from '#contract/environment.ts';
import { send } from '../support/api.ts';
import { countMessages, QueueReader, sqsAt } from '../support/aws.ts';
import { notePersonal } from '../support/log-watch.ts';
import { Cdk } from './support/cdk.ts';
import { carrier, visitor, visitorPrefix, writeConfig, writeConfigWithVisitor } from './support/configs.ts';
import { readApiDefinition, serveDeployedApi } from './support/deployed-api.ts';
import { DeployedConnector, environmentOf, readTask } from './support/deployed-connector.ts';
import { DeployedStack } from './support/deployed-stack.ts';
import { deployment, stackName } from './support/deployment.ts';
import { putPassword } from './support/put-password.ts';

/** What `cdk deploy` makes, keeps and takes away. */

const cdk = new Cdk(deployment());

test('every resource of the template is deployed, and nothing else', async () => {
  const template = await readTemplate(deployment().assembly);
  const { resources } = await DeployedStack.read();
  const expected = Object.entries(template.Resources).map(([id, { Type }]) => [id, Type]);
  expect([...resources].map(([id, { type }]) => [id, type]).sort()).toEqual(expected.sort());
  expect([...resources.values()].filter(({ physicalId }) => physicalId === '')).toEqual([]);
});

test('a second deploy, synthesized anew from the same config, changes nothing', async () => {
  const before = await DeployedStack.read();
  const assembly = join(deployment().directory, 'assembly-again');
  await cdk.synth(await writeConfig(deployment()), assembly);
  await expect(cdk.deploy(assembly)).resolves.toContain('(no changes)');
  expect((await DeployedStack.read()).resources).toEqual(before.resources);
});

describe('a carrier that comes and goes', () => {
  let before: DeployedStack;
  let between: DeployedStack;
  let after: DeployedStack;
  let visitorEnvironment: Record<string, string>;
  let exitCode: number | null;
  let messageId: string;

  beforeAll(async () => {
    const { directory, assembly } = deployment();
    const withVisitor = join(directory, 'assembly-with-visitor');
    before = await DeployedStack.read();
    await cdk.synth(await writeConfigWithVisitor(deployment()), withVisitor);
    await cdk.deploy(withVisitor);
    between = await DeployedStack.read();
    visitorEnvironment = environmentOf((await readTask(between, visitor)).container);
    exitCode = await bindOnceThereIsAPassword(between);
    messageId = await sendToVisitor(between);
    await cdk.deploy(assembly);
    after = await DeployedStack.read();
  }, 120_000);

  test('leaves all that there was as it was when it comes', () => {
    for (const [id, resource] of before.resources) expect([id, between.resources.get(id)]).toEqual([id, resource]);
    expect(between.resources.size).toBeGreaterThan(before.resources.size);
  });

  test('binds once the command in the outputs has put its password, for which its task waits', () => {
    expect(exitCode).toBe(0);
  });

  test('is routed to when it comes, and leaves its queues when it goes, with the messages in them', async () => {
    const sqs = sqsAt(deployment());
    const { urgent, normal } = lanesOf(visitorEnvironment);
    const lane = new QueueReader(sqs, normal);
    expect(JSON.parse((await lane.next()).Body ?? '{}')).toMatchObject({ id: messageId, carrier: visitor });
    for (const queue of [urgent, visitorEnvironment[environment.outboundDeadLetterQueueUrl] ?? '']) {
      await expect(countMessages(sqs, queue)).resolves.toEqual({ visible: 0, inFlight: 0 });
    }
    sqs.destroy();
  });

  test('is gone with its tasks when it goes, and with all that nobody needs', async () => {
    expect(after.resources).toEqual(before.resources);
    await expect(readTask(after, visitor)).rejects.toThrow(`no service runs the carrier ${visitor}`);
    const { container } = await readTask(after, carrier);
    expect(lanesOf(environmentOf(container))).toEqual(
      lanesOf(environmentOf((await readTask(before, carrier)).container)),
    );
  });
});

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}

async function readTemplate(assembly: string): Promise<Template> {
  return JSON.parse(await readFile(join(assembly, `${stackName}.template.json`), 'utf8')) as Template;
}

function lanesOf(variables: Readonly<Record<string, string>>): { urgent: string; normal: string } {
  return { urgent: variables[environment.urgentQueueUrl] ?? '', normal: variables[environment.normalQueueUrl] ?? '' };
}

/** Like a first deploy: the tasks are there before the password is. */
async function bindOnceThereIsAPassword(stack: DeployedStack): Promise<number | null> {
  const connector = await DeployedConnector.start(await readTask(stack, visitor));
  try {
    await connector.logLine(/its secret has no value yet/);
    await putPassword(stack, visitor, deployment().smsc.password);
    await connector.logLine(/"message":"bound"/);
  } finally {
    await connector.stop();
  }
  return connector.stop();
}

/** By the functions as they are deployed now. The message's id. */
async function sendToVisitor(stack: DeployedStack): Promise<string> {
  const api = await serveDeployedApi(await readApiDefinition(stack));
  const message = { to: `+${visitorPrefix}1701234567`, text: 'Kept while its carrier goes' };
  notePersonal(message.to, message.text);
  try {
    return (await send(api, message)).id;
  } finally {
    await api.stop();
  }
}
