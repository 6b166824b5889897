import type { CarrierProfileInput } from '#contract/carrier.ts';
import { type GatewayConfigInput, parseGatewayConfig } from '#contract/gateway-config.ts';
import { faultsOf } from './faults.ts';

/** A carrier as a user writes it, with what must be set. */
export function carrierOf(given: object = {}): CarrierProfileInput {
  return { name: 'acme', hosts: [{ host: 'smsc.example.com' }], systemId: 'gateway', ...given };
}

/** A config with that carrier, or with those options too. */
export function configOf(options: object = {}): GatewayConfigInput {
  return { carriers: [carrierOf()], ...options };
}

/** What is found at fault in a file that has `config`, whatever that is. */
export function faultsOfConfig(config: unknown): readonly string[] {
  return faultsOf(() => parseGatewayConfig(JSON.stringify(config)));
}
