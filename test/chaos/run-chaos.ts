import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Result } from './report.ts';

export interface Ended {
  readonly code: number;
  readonly result: Result;
  readonly output: string;
}

const maxOutput = 100_000_000;

/** `npm run chaos` in a process of its own: the emulators are ES modules, and jest is not. */
export function runChaos(args: readonly string[]): Promise<Ended> {
  const root = join(__dirname, '../..');
  return new Promise((resolve, reject) => {
    const options = { cwd: root, maxBuffer: maxOutput };
    const child = execFile(
      process.execPath,
      ['test/chaos/main.ts', '--json', ...args],
      options,
      (_, stdout, stderr) => {
        const last = stdout.trimEnd().split('\n').at(-1) ?? '';
        if (last.startsWith('{')) {
          resolve({ code: child.exitCode ?? 1, result: JSON.parse(last) as Result, output: stdout });
        } else {
          reject(new Error(`chaos gave no result:\n${stdout}${stderr}`));
        }
      },
    );
  });
}
