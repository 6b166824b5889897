import * as z from 'zod';
import { carrierProfile } from './carrier.ts';
import { describeFaults } from './config/faults.ts';
import { textOfForm } from './config/form.ts';
import { parseConfigJson } from './config/json.ts';
import { optionsOf } from './config/options.ts';
import { brokenRules } from './config/rules.ts';
import { InvalidInputError } from './parse.ts';
import { presetNames, withPresets } from './presets.ts';
import { retentionDays } from './table.ts';

/** What CloudWatch Logs takes. */
const logRetention = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653] as const;

const vpc = z.strictObject({
  vpcId: textOfForm(/^vpc-[0-9a-f]{8,17}$/, 'the id of a VPC, "vpc-..."').describe('Its id.'),
  subnetIds: z
    .array(textOfForm(/^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet, "subnet-..."'))
    .min(1)
    .max(16)
    .describe(
      'Where the tasks run. With `egress` "nat" these route to a NAT gateway or the like, with "public-ip" to an internet gateway.',
    ),
});

/** A carrier as it stands in the file. */
const carrier = carrierProfile.safeExtend({
  preset: z
    .enum(presetNames)
    .optional()
    .describe(
      'What is known of a carrier or a server (see `docs/carriers/`) becomes the default of the other options. Public documents say so; nobody tried it with the live SMSC.',
    ),
});

/**
 * The shape of `gateway.config.json`: the carriers, and what is the same for all of them. What options
 * demand of each other is in `config-rules.ts`; `parseGatewayConfig` checks both.
 */
export const gatewayConfig = z.strictObject({
  $schema: z.string().optional().describe('The JSON Schema of this file, for editors.'),
  stackName: textOfForm(/^[A-Za-z][A-Za-z0-9-]{0,59}$/, '1 to 60 letters, digits and "-", beginning with a letter')
    .default('SmppGateway')
    .describe('Name of the CloudFormation stack. AWS only.'),
  carriers: z.array(carrier).min(1).describe('The accounts through which messages are sent and received.'),
  auth: z
    .enum(['api-key', 'iam'])
    .default('api-key')
    .describe(
      'How callers of the API prove who they are: with a key in the header `x-api-key`, or with a signature of AWS IAM. AWS only.',
    ),
  apiKeys: z
    .array(textOfForm(/^[A-Za-z][A-Za-z0-9-]{0,31}$/, '1 to 32 letters, digits and "-", beginning with a letter'))
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Names, not values, of the API keys; each is a client that sees its own messages only. Without it there is one, "default". Not with `auth` "iam". AWS only.',
    ),
  requestsPerSecond: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('Requests per second to the whole API; more are answered 429. AWS only.'),
  burst: z.int().min(1).max(5_000).default(200).describe('Requests to the whole API at once. AWS only.'),
  maxSegments: z.int().min(1).max(255).default(10).describe('Longest text that the API takes, in segments.'),
  retainTextDays: z
    .int()
    .min(1)
    .max(retentionDays)
    .default(retentionDays)
    .describe(
      `Texts are forgotten so many days after acceptance, but not before there is an outcome; after ${retentionDays} days with the whole message.`,
    ),
  logRetentionDays: z.literal(logRetention).default(30).describe('How long logs are kept, in days. AWS only.'),
  encryptionKeyArn: textOfForm(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-)?[0-9a-f-]+$/,
    'the ARN of a KMS key, "arn:aws:kms:..."',
  )
    .optional()
    .describe(
      "A customer managed KMS key for table, queues, topics and secrets. Without it AWS's own keys are used, without charge. AWS only.",
    ),
  egress: z
    .enum(['nat', 'public-ip'])
    .default('nat')
    .describe(
      'How the tasks reach the SMSC: through a NAT gateway with an Elastic IP, which the carrier can allow-list, or by a public address of each task, which is cheaper and changes with every start. AWS only.',
    ),
  natGateways: z
    .int()
    .min(1)
    .max(2)
    .optional()
    .describe(
      'NAT gateways, each in a zone and with an address of its own; without it there is 1. Not with `vpc` nor with `egress` "public-ip". AWS only.',
    ),
  elasticIpAllocationIds: z
    .array(textOfForm(/^eipalloc-[0-9a-f]{8,17}$/, 'an allocation id, "eipalloc-..."'))
    .optional()
    .describe(
      'Elastic IPs of yours for the NAT gateways, as many as those. Without it the stack makes them, and keeps them when it is deleted. Not with `vpc` nor with `egress` "public-ip". AWS only.',
    ),
  availabilityZones: z
    .array(textOfForm(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'the name of a zone, such as "eu-west-1a"'))
    .min(2)
    .max(2)
    .optional()
    .describe(
      "Zones of the VPC that the stack makes, where the region's first two will not do: some have no NAT gateway, or no Fargate on ARM. Not with `vpc`. AWS only.",
    ),
  vpc: vpc.optional().describe('A VPC of yours. Without it the stack makes one with two zones. AWS only.'),
});

export type GatewayConfig = z.output<typeof gatewayConfig>;
/** A config as a user writes it, before the defaults. */
export type GatewayConfigInput = z.input<typeof gatewayConfig>;

/** Throws `InvalidInputError` with every fault of the file, in the order of the file; none of them quotes a password. */
export function parseGatewayConfig(json: string): GatewayConfig {
  const given = withPresets(parseConfigJson(json));
  const { success, data, error } = gatewayConfig.safeParse(given);
  const broken = brokenRules(given);
  if (success && broken.length === 0) return data;
  const faults = describeFaults({ given, issues: error?.issues ?? [], broken, options: optionsOf(gatewayConfig) });
  throw new InvalidInputError('gateway config', faults);
}
