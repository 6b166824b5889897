import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Releases } from '../../local/releases.ts';
import { startEmulator } from '../deploy/support/emulator.ts';
import { emulatorVariable } from './emulator.ts';

/** Jest's global set-up for `npm run test:moto`: starts moto, and tells the tests where it is. */

/** What `moto-stop.ts` is to release. */
export const releases = new Releases();

export default async function startMoto(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-moto-'));
  releases.push(() => rm(directory, { recursive: true, force: true }));
  const emulator = await startEmulator(join(directory, 'emulator.log'));
  releases.push(() => emulator.stop());
  process.env[emulatorVariable] = emulator.endpoint;
}
