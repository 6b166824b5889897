import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CarrierProfileInput } from '#contract/carrier.ts';
import type { GatewayConfigInput } from '#contract/gateway-config.ts';
import type { Deployment } from './deployment.ts';

/** Files like a user's `gateway.config.json`. */

/** The carrier that is there all the time. */
export const carrier = 'alpha';
/** One that comes and goes, and the recipients that are its own. */
export const visitor = 'beta';
export const visitorPrefix = '49';

export const requestsPerSecond = 70;
export const burst = 140;

type At = Pick<Deployment, 'directory' | 'smsc'>;

export function writeConfig(at: At): Promise<string> {
  return write(at, 'one-carrier', [profile(at, carrier)]);
}

export function writeConfigWithVisitor(at: At): Promise<string> {
  return write(at, 'two-carriers', [profile(at, carrier), { ...profile(at, visitor), prefixes: [visitorPrefix] }]);
}

function profile({ smsc }: At, name: string): CarrierProfileInput {
  const hosts = [{ host: '127.0.0.1', port: smsc.port }];
  return { name, hosts, systemId: smsc.systemId, defaultSender: '12345' };
}

async function write({ directory }: At, name: string, carriers: CarrierProfileInput[]): Promise<string> {
  const config: GatewayConfigInput = { carriers, requestsPerSecond, burst };
  const file = join(directory, `${name}.config.json`);
  await writeFile(file, JSON.stringify(config));
  return file;
}
