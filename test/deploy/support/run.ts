import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface RunOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** @default two minutes */
  readonly timeoutMs?: number;
}

/** Resolves with all that the command said; rejects with that when it failed or took too long. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { timeoutMs = 120_000, ...rest } = options;
  const running = promisify(execFile)(command, args, { ...rest, timeout: timeoutMs, maxBuffer: 50_000_000 });
  // A command that asks is answered by the end of its input.
  running.child.stdin?.end();
  try {
    const { stdout, stderr } = await running;
    return stdout + stderr;
  } catch (cause) {
    const { code, signal, stdout = '', stderr = '' } = cause as Partial<Record<string, string>>;
    // The cause has nothing more to say, but says it all again.
    throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}:\n${stdout}${stderr}`);
  }
}
