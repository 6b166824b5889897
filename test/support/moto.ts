import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { accountId } from '../../local/aws.ts';
import { emulatorVariable } from './emulator.ts';

/** Jest's global set-up for `npm run test:moto`: starts moto, and tells the tests where it is. */

const startWithinMs = 30_000;
/** For the teardown, which is a module of its own. */
export const motoPidVariable = 'TEST_MOTO_PID';

export default async function startMoto(): Promise<void> {
  const moto = spawn('python3', ['-u', '-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    env: { ...process.env, MOTO_ACCOUNT_ID: accountId },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  const deadline = setTimeout(() => moto.kill(), startWithinMs);
  const endpoint = await new Promise<string>((resolve, reject) => {
    moto.once('error', reject);
    moto.once('close', () => reject(new Error(`moto did not start (pip install 'moto[server]'):\n${said.join('\n')}`)));
    createInterface({ input: moto.stderr }).on('line', (line) => {
      said.push(line);
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  clearTimeout(deadline);
  process.env[emulatorVariable] = endpoint;
  process.env[motoPidVariable] = String(moto.pid);
}
