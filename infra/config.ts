import { readFileSync } from 'node:fs';
import { type GatewayConfig, parseGatewayConfig } from '#contract/gateway-config.ts';
import { InvalidInputError } from '#contract/parse.ts';
import { toError } from '#contract/to-error.ts';

/** Ends the synthesis before anything is made. The message is for the user: the file, and every fault of it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'invalid-config';
}

/** The `gateway.config.json` at `path`. Throws `ConfigError`. */
export function readConfig(path: string): GatewayConfig {
  let json: string;
  try {
    json = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(`cannot read the config: ${toError(cause).message}`, { cause });
  }
  try {
    return parseGatewayConfig(json);
  } catch (cause) {
    if (!(cause instanceof InvalidInputError)) throw cause;
    throw new ConfigError([`${path} has ${count(cause.faults.length)}:`, ...cause.faults].join('\n  '), { cause });
  }
}

function count(faults: number): string {
  return faults === 1 ? 'a fault' : `${faults} faults`;
}
