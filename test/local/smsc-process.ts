import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { releaseAfterTest } from '../support/release-after-test.ts';

/** What `--json` prints when it is ready. */
export interface SmscFacts {
  readonly smppPort: number;
  readonly smppPorts: readonly number[];
  readonly httpUrl: string;
  readonly accounts: readonly { readonly systemId: string }[];
  readonly caFile?: string;
}

export interface SmscProcess {
  readonly facts: SmscFacts;
  readonly child: ChildProcess;
  /** Resolves with the first line of the log, of those that are there and those to come, that matches. */
  logLine(pattern: RegExp): Promise<string>;
  /** All lines of its log so far. */
  readonly log: readonly string[];
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<unknown>;
}

/** `npm run smsc -- --json --port 0`, as a program starts it; ended after the test at the latest. */
export async function startSmscProcess(...args: readonly string[]): Promise<SmscProcess> {
  const root = join(__dirname, '../..');
  const child = spawn(process.execPath, ['local/smsc.ts', '--json', '--port', '0', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // Not `close`, which does not come once the channel was closed from here.
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  releaseAfterTest(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const log: string[] = [];
  const lines = createInterface({ input: child.stderr ?? process.stdin }).on('line', (line) => log.push(line));
  const [ready] = await Promise.race([
    once(createInterface({ input: child.stdout ?? process.stdin }), 'line'),
    ended.then((end) => Promise.reject(new Error(`it ended with ${end}:\n${log.join('\n')}`))),
  ]);
  return {
    facts: JSON.parse(String(ready)),
    child,
    log,
    ended,
    async logLine(pattern) {
      while (true) {
        const line = log.find((each) => pattern.test(each));
        if (line !== undefined) return line;
        await once(lines, 'line');
      }
    },
  };
}
