import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Clock } from '../connector/clock.ts';
import { type LogLine, parseLogLine } from './log.ts';

export interface ConnectorProcessOptions {
  /** Path of the bundle. */
  readonly bundle: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onLog: (line: LogLine) => void;
  readonly clock: Clock;
}

/** As long as ECS would give it, and then some. */
const killAfterMs = 25_000;
const restartAfterMs = 1_000;

/**
 * Runs a connector as a process of its own, and again when it ends by itself, like ECS would. Resolves
 * when `stop` aborted and the process, which then drains, has ended.
 */
export async function keepConnectorRunning(options: ConnectorProcessOptions, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const end = await run(options, stop);
    if (stop.aborted) return;
    options.onLog({ level: 'ERROR', message: `connector process ended (${end}), starting it again`, fields: {} });
    await options.clock.sleep(restartAfterMs, stop);
  }
}

/** Resolves with how the process ended: `exit code 1`, `signal SIGKILL`. */
async function run({ bundle, env, onLog, clock }: ConnectorProcessOptions, stop: AbortSignal): Promise<string> {
  const preload = new URL('end-with-parent.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', preload, bundle], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own process group: Ctrl-C in the terminal reaches the gateway alone, which stops things in order.
    detached: true,
  });
  onLog({ level: 'INFO', message: 'connector process started', fields: { pid: child.pid } });
  let cancelKill = () => {};
  const terminate = () => {
    child.kill('SIGTERM');
    cancelKill = clock.after(killAfterMs, () => child.kill('SIGKILL'));
  };
  stop.addEventListener('abort', terminate, { once: true });
  const read = [child.stdout, child.stderr].map((stream) => stream && readLines(stream, onLog));
  const [code, signal] = await once(child, 'close');
  cancelKill();
  stop.removeEventListener('abort', terminate);
  await Promise.all(read);
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

async function readLines(stream: Readable, onLog: (line: LogLine) => void): Promise<void> {
  for await (const text of createInterface({ input: stream })) {
    const line = parseLogLine(text);
    if (line !== undefined) onLog(line);
  }
}
