import { readFile } from 'node:fs/promises';
import { type GatewayConfig, parseGatewayConfig } from '#contract/gateway-config.ts';
import { InvalidInputError } from '#contract/parse.ts';
import { toError } from '#contract/to-error.ts';
import { readPassword } from '../connector/password.ts';
import { StartError } from './start-error.ts';

/** The carriers of a `gateway.config.json`, each with a password that can be read. Throws a `StartError` with every fault. */
export async function readConfig(file: string, env: NodeJS.ProcessEnv): Promise<GatewayConfig> {
  const config = parse(file, await read(file));
  for (const { name, password } of config.carriers) {
    await readPassword(password, env).catch((cause: unknown) => {
      throw new StartError(`${file}: carrier ${name}: ${toError(cause).message}`, { cause });
    });
  }
  return config;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new StartError(`cannot read the config: ${toError(cause).message}`, { cause });
  }
}

function parse(file: string, json: string): GatewayConfig {
  try {
    return parseGatewayConfig(json);
  } catch (cause) {
    if (!(cause instanceof InvalidInputError)) throw cause;
    throw new StartError(`${file}: ${cause.faults.join('; ')}`, { cause });
  }
}
