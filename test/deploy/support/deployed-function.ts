import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type FunctionConfiguration, GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { awsEnvironment, clientOptions } from '../../../local/aws.ts';
import { noteLogged } from '../../support/log-watch.ts';
import { deployment } from './deployment.ts';
import { run } from './run.ts';

export interface Invocation {
  readonly event: unknown;
  readonly context: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

export type Answer = { readonly result: unknown } | { readonly errorType: string; readonly errorMessage: string };

/** What of its deployed configuration a function runs with. */
export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * A deployed function: its code as `GetFunction` gives it, in processes with its deployed environment and nothing of
 * this machine's. Like Lambda it gives a process one event at a time, and ends the process that outlives the timeout.
 */
export class DeployedFunction {
  readonly settings: FunctionSettings;
  readonly #codeDirectory: string;
  readonly #idle: ChildProcess[] = [];
  readonly #all = new Set<ChildProcess>();

  /** Downloads and unpacks the code. */
  static async download(nameOrArn: string): Promise<DeployedFunction> {
    const { awsEndpoint, directory } = deployment();
    const lambda = new LambdaClient(clientOptions(awsEndpoint));
    const { Code, Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: nameOrArn }));
    lambda.destroy();
    if (Configuration?.Runtime !== 'nodejs24.x') throw new Error(`${nameOrArn} runs on ${Configuration?.Runtime}`);
    const zip = Buffer.from(await (await fetch(Code?.Location ?? '')).arrayBuffer());
    const digest = createHash('sha256').update(zip).digest('base64');
    if (digest !== Configuration.CodeSha256)
      throw new Error(`the code of ${nameOrArn} is not the one that was deployed`);
    const codeDirectory = await mkdtemp(join(directory, 'function-'));
    const archive = `${codeDirectory}.zip`;
    await writeFile(archive, zip);
    await run('python3', ['-m', 'zipfile', '-e', archive, codeDirectory], { env: process.env });
    return new DeployedFunction(settingsOf(Configuration), codeDirectory);
  }

  constructor(settings: FunctionSettings, codeDirectory: string) {
    this.settings = settings;
    this.#codeDirectory = codeDirectory;
  }

  /** Resolves with what the handler returned; rejects with its error, or when its time was over. */
  async invoke(event: unknown): Promise<unknown> {
    const environment = this.#idle.pop() ?? this.#start();
    const answer = await this.#ask(environment, event);
    this.#idle.push(environment);
    if ('result' in answer) return answer.result;
    throw new Error(`${this.settings.name}: ${answer.errorType}: ${answer.errorMessage}`);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#all].map((child) => kill(child)));
  }

  async #ask(child: ChildProcess, event: unknown): Promise<Answer> {
    const { name, arn, timeoutSeconds, memoryMiB } = this.settings;
    const timeoutMs = timeoutSeconds * 1_000;
    const context = {
      awsRequestId: randomUUID(),
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: arn,
      memoryLimitInMB: String(memoryMiB),
    };
    const timeout = AbortSignal.timeout(timeoutMs);
    const settled = new AbortController();
    const signal = AbortSignal.any([timeout, settled.signal]);
    const answered = once(child, 'message', { signal }) as Promise<[Answer]>;
    const exited = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`${name}: Runtime.ExitError: exit code ${code}`);
    });
    // Of the one that does not come the wait is broken off.
    for (const either of [answered, exited]) either.catch(() => {});
    const invocation: Invocation = { event, context, deadline: Date.now() + timeoutMs };
    child.send(invocation);
    try {
      const [answer] = await Promise.race([answered, exited]);
      return answer;
    } catch (cause) {
      await kill(child);
      if (timeout.aborted) throw new Error(`${name}: Task timed out after ${timeoutSeconds}.00 seconds`, { cause });
      throw cause;
    } finally {
      settled.abort();
    }
  }

  #start(): ChildProcess {
    const child = fork(join(__dirname, 'function-process.ts'), {
      cwd: this.#codeDirectory,
      env: runtimeEnvironment(this.settings, this.#codeDirectory),
      execArgv: [`--max-old-space-size=${this.settings.memoryMiB}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#all.add(child);
    child.once('exit', () => this.#all.delete(child));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', noteLogged);
    }
    return child;
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function settingsOf(configuration: FunctionConfiguration): FunctionSettings {
  const { FunctionName = '', FunctionArn = '', Handler = '', Timeout = 0, MemorySize = 0, Environment } = configuration;
  const environment = Environment?.Variables ?? {};
  return {
    name: FunctionName,
    arn: FunctionArn,
    handler: Handler,
    timeoutSeconds: Timeout,
    memoryMiB: MemorySize,
    environment,
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, with the emulator in place of AWS. */
function runtimeEnvironment(settings: FunctionSettings, codeDirectory: string): NodeJS.ProcessEnv {
  return {
    ...settings.environment,
    ...awsEnvironment(deployment().awsEndpoint),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMiB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LAMBDA_TASK_ROOT: codeDirectory,
    _HANDLER: settings.handler,
    TZ: ':UTC',
  };
}
