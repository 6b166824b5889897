import { readFile } from 'node:fs/promises';
import type { CarrierProfile } from '#contract/carrier.ts';
import { type GatewayConfig, parseGatewayConfig } from '#contract/gateway-config.ts';
import { InvalidInputError } from '#contract/parse.ts';
import { toError } from '#contract/to-error.ts';
import { readPassword } from '../connector/password.ts';
import { StartError } from './start-error.ts';

/** The carriers of a `gateway.config.json`, each with a password that can be read. Throws a `StartError` with every fault. */
export async function readConfig(file: string, env: NodeJS.ProcessEnv): Promise<GatewayConfig> {
  const config = parse(file, await read(file));
  const faults: string[] = [];
  for (const { name, password } of config.carriers) {
    const fault = await faultOf(password, env);
    if (fault !== undefined) faults.push(`carrier ${name}: ${fault}`);
  }
  if (faults.length > 0) throw faulty(file, faults);
  return config;
}

async function faultOf(password: CarrierProfile['password'], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (password === undefined || 'secretArn' in password) {
    return 'running locally needs "password": {"env": "VARIABLE"} or {"file": "path"}';
  }
  const value = await readPassword(password, env).catch(toError);
  return value instanceof Error ? value.message : undefined;
}

/** One fault a line, as soon as there are two. */
function faulty(file: string, faults: readonly string[], options?: ErrorOptions): StartError {
  const separator = faults.length > 1 ? '\n  ' : ' ';
  return new StartError(`${file}:${separator}${faults.join(separator)}`, options);
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
    throw faulty(file, cause.faults, { cause });
  }
}
