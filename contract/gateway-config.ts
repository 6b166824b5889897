import { z } from 'zod';
import { carrierProfile } from './carrier.ts';
import { parseJsonAs } from './parse.ts';

/** `gateway.config.json`: the carriers, and what is the same for all of them. */
const gatewayConfig = z
  .strictObject({
    $schema: z.string().optional(),
    carriers: z.array(carrierProfile).min(1),
  })
  .superRefine((config, context) => {
    const seen = new Set<string>();
    for (const [index, { name }] of config.carriers.entries()) {
      if (seen.has(name)) {
        context.addIssue({ code: 'custom', path: ['carriers', index, 'name'], message: `"${name}" is used twice` });
      }
      seen.add(name);
    }
  });

export type GatewayConfig = z.output<typeof gatewayConfig>;

/** Throws `InvalidInputError` naming every fault of the file. */
export function parseGatewayConfig(json: string): GatewayConfig {
  return parseJsonAs(gatewayConfig, json, 'gateway config');
}
