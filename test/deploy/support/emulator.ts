import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { accountId, awsEnvironment, withoutAws } from '../../../local/aws.ts';

export interface Emulator {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const howToGet = "pip install 'moto[server]==5.2.1'";

/** Starts moto with CloudFormation as in `emulator/`. All that it says goes to `logFile`. */
export async function startEmulator(logFile: string): Promise<Emulator> {
  const variables = { MOTO_ACCOUNT_ID: accountId, PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn('python3', ['-u', join(__dirname, '../emulator/server.py')], {
    env: { ...withoutAws(process.env), ...awsEnvironment('http://its-own.invalid'), ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stderr.pipe(createWriteStream(logFile));
  const ended = once(child, 'close').catch(() => undefined);
  const endpoint = await firstLine(child);
  if (endpoint === undefined) {
    await ended;
    const said = await readFile(logFile, 'utf8');
    throw new Error(`the emulator did not start; is moto there? ${howToGet}\n${said}`);
  }
  return {
    endpoint,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string | undefined> {
  if (stdout === null) return undefined;
  for await (const line of createInterface({ input: stdout })) {
    stdout.resume();
    return line;
  }
  return undefined;
}
