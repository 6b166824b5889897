import { readFile } from 'node:fs/promises';
import type { CarrierProfile } from '#contract/carrier.ts';
import { type CarrierSecret, carrierSecrets, secretSourcesOf } from '#contract/carrier-secrets.ts';
import { type GatewayConfig, parseGatewayConfig } from '#contract/gateway-config.ts';
import { InvalidInputError } from '#contract/parse.ts';
import type { SecretSource } from '#contract/secret-source.ts';
import { toError } from '#contract/to-error.ts';
import { readLocalSecret } from '../connector/local-secret.ts';
import { secretKinds } from '../connector/secret-kinds.ts';
import { StartError } from './start-error.ts';

/** The carriers of a `gateway.config.json`, each with secrets that can be read. Throws a `StartError` with every fault. */
export async function readConfig(file: string, env: NodeJS.ProcessEnv): Promise<GatewayConfig> {
  const config = parse(file, await read(file));
  const faults: string[] = [];
  for (const carrier of config.carriers) {
    for (const fault of await faultsOf(carrier, env)) faults.push(`carrier ${carrier.name}: ${fault}`);
  }
  if (faults.length > 0) throw faulty(file, faults);
  return config;
}

async function faultsOf(carrier: CarrierProfile, env: NodeJS.ProcessEnv): Promise<string[]> {
  const sources = Object.entries(secretSourcesOf(carrier)) as [CarrierSecret, SecretSource | undefined][];
  const faults = await Promise.all(sources.map(([secret, source]) => faultOf(secret, source, env)));
  return faults.filter((fault) => fault !== undefined);
}

async function faultOf(
  secret: CarrierSecret,
  source: SecretSource | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  // Without any of the others the carrier has none.
  if (source === undefined && secret !== 'password') return undefined;
  if (source === undefined || 'secretArn' in source) {
    const { option } = carrierSecrets[secret];
    return `running locally needs "${option}": {"env": "VARIABLE"} or {"file": "path"}`;
  }
  const value = await readLocalSecret(source, secretKinds[secret], env).catch(toError);
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
