import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { environment } from '#contract/environment.ts';
import { systemClock } from '../../../connector/clock.ts';
import { awsEnvironment, clientOptions } from '../../../local/aws.ts';
import { closeServer, listenOnLoopback } from '../../../local/loopback.ts';
import { noteLogged } from '../../support/log-watch.ts';
import { Waits } from '../../support/waits.ts';
import { podman, podmanOptions } from './containers.ts';
import type { DeployedStack } from './deployed-stack.ts';
import { type Deployment, deployment, stackName } from './deployment.ts';

/** What ECS is told to run for one carrier. */
export interface DeployedTask {
  readonly definition: TaskDefinition;
  readonly container: ContainerDefinition;
}

/** The task of the service whose connector has the profile of `carrier`. */
export async function readTask(stack: DeployedStack, carrier: string): Promise<DeployedTask> {
  const ecs = new ECSClient(clientOptions(deployment().awsEndpoint));
  const cluster = stack.only('AWS::ECS::Cluster');
  const arns = [...stack.ofType('AWS::ECS::Service')];
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: arns }));
  for (const { taskDefinition } of services) {
    const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    const [container] = described.taskDefinition?.containerDefinitions ?? [];
    if (described.taskDefinition === undefined || container === undefined) continue;
    const profile = environmentOf(container)[environment.carrierProfile] ?? '{}';
    if ((JSON.parse(profile) as { name?: string }).name !== carrier) continue;
    ecs.destroy();
    return { definition: described.taskDefinition, container };
  }
  throw new Error(`no service runs the carrier ${carrier}`);
}

export function environmentOf({ environment: variables = [] }: ContainerDefinition): Record<string, string> {
  return Object.fromEntries(variables.map(({ name = '', value = '' }) => [name, value]));
}

const sayWithinMs = 30_000;

/** A connector that runs as its deployed task definition says. Each is stopped by who started it. */
export class DeployedConnector {
  readonly #terminate: () => void;
  readonly #ended: Promise<number | null>;
  readonly #lines: string[] = [];
  readonly #waits = new Waits();
  #told = false;
  /** Of its container; undefined where it runs without one. */
  readonly container: string | undefined;

  /** In the container of the image that the deploy built, where there is one; else the bundle of that image as a process. */
  static async start(task: DeployedTask): Promise<DeployedConnector> {
    const at = deployment();
    const env = {
      ...environmentOf(task.container),
      // What ECS gives: a region, and credentials of the task's role; and the emulator in place of AWS.
      ...awsEnvironment(at.awsEndpoint),
      // On this machine's network the default port may be somebody else's.
      [environment.healthPort]: String(await freePort()),
    };
    return at.containerStore === undefined ? startProcess(at, env) : startContainer(at.containerStore, task, env);
  }

  constructor(child: ChildProcess, terminate: () => void, container?: string) {
    this.#terminate = terminate;
    this.container = container;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#heard(line));
    }
    this.#ended = once(child, 'close').then(([code]) => {
      this.#waits.stop();
      return code;
    });
  }

  /** The first line of its log, of those there are and those to come, that matches. */
  async logLine(pattern: RegExp): Promise<string> {
    const over = new AbortController();
    const found = this.#waits.until(String(pattern), () => this.#lines.find((line) => pattern.test(line)));
    const late = systemClock.sleep(sayWithinMs, over.signal).then(() => undefined);
    const line = await Promise.race([found.catch(() => undefined), late]);
    over.abort();
    if (line === undefined) throw new Error(`the connector did not say ${pattern}:\n${this.#lines.join('\n')}`);
    return line;
  }

  /** SIGTERM, as ECS stops a task. Resolves with the exit code. May be called again. */
  stop(): Promise<number | null> {
    if (!this.#told) this.#terminate();
    this.#told = true;
    return this.#ended;
  }

  #heard(line: string): void {
    noteLogged(line);
    this.#lines.push(line);
    this.#waits.look();
  }
}

async function startProcess({ assembly }: Deployment, env: NodeJS.ProcessEnv): Promise<DeployedConnector> {
  const child = spawn(process.execPath, [join(await imageContext(assembly), 'connector.cjs')], { env });
  return new DeployedConnector(child, () => child.kill('SIGTERM'));
}

/** Where the assembly has what the image is built of. */
async function imageContext(assembly: string): Promise<string> {
  const assets = JSON.parse(await readFile(join(assembly, `${stackName}.assets.json`), 'utf8')) as {
    readonly dockerImages: Readonly<Record<string, { readonly source: { readonly directory: string } }>>;
  };
  const [image] = Object.values(assets.dockerImages);
  if (image === undefined) throw new Error('the assembly has no image');
  return join(assembly, image.source.directory);
}

function startContainer(store: NodeJS.ProcessEnv, task: DeployedTask, env: NodeJS.ProcessEnv): DeployedConnector {
  const { container } = task;
  const name = `connector-${randomUUID()}`;
  const args = [...podmanOptions, 'run', '--rm', '--name', name, ...containerOptions(task, env), container.image ?? ''];
  const child = spawn('podman', args, { env: { ...process.env, ...store } });
  const stop = ['stop', '--time', String(container.stopTimeout ?? 30), name];
  // Its exit code comes by the process that ran it.
  return new DeployedConnector(child, () => void podman(store, stop).catch(() => child.kill()), name);
}

/** What Fargate would do with the task definition, as far as podman can. */
function containerOptions({ definition, container }: DeployedTask, env: NodeJS.ProcessEnv): readonly string[] {
  const { user, readonlyRootFilesystem, linuxParameters, entryPoint, command } = container;
  if (entryPoint !== undefined || command !== undefined) throw new Error('the image says what runs');
  return [
    // The SMSC and the emulator are on this machine's loopback.
    ...['--network', 'host'],
    ...(user === undefined ? [] : ['--user', user]),
    ...(readonlyRootFilesystem === true ? ['--read-only', '--read-only-tmpfs=false'] : []),
    ...(linuxParameters?.capabilities?.drop ?? []).map((capability) => `--cap-drop=${capability}`),
    ...(definition.memory === undefined ? [] : [`--memory=${definition.memory}m`]),
    // podman's own limits are higher than it may set everywhere.
    ...['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'],
    ...Object.entries(env).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]),
  ];
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server, 0);
  await closeServer(server);
  return port;
}
