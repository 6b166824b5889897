import { z } from 'zod';
import { carrierProfile } from './carrier.ts';
import { parseJsonAs } from './parse.ts';

/** What CloudWatch Logs takes. */
const logRetention = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653] as const;

const vpc = z.strictObject({
  vpcId: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, 'must be the id of a VPC, "vpc-..."'),
  /** Where the tasks run. With `egress` "nat" these route to a NAT gateway or the like, with "public-ip" to an internet gateway. */
  subnetIds: z
    .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'must be the id of a subnet, "subnet-..."'))
    .min(1)
    .max(16),
});

/** `gateway.config.json`: the carriers, and what is the same for all of them. */
export const gatewayConfig = z
  .strictObject({
    $schema: z.string().optional(),
    /** Name of the CloudFormation stack. @default "SmppGateway" */
    stackName: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,59}$/)
      .default('SmppGateway'),
    carriers: z.array(carrierProfile).min(1),
    /** How callers of the API prove who they are: a key in the header `x-api-key`, or a signature of AWS IAM. @default "api-key" */
    auth: z.enum(['api-key', 'iam']).default('api-key'),
    /** Names of the API keys; each is a client that sees its own messages only. Not with `auth` "iam". @default ["default"] */
    apiKeys: z
      .array(z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,31}$/))
      .min(1)
      .max(100)
      .optional(),
    /** Requests per second to the whole API, and so many at once; more are answered 429. @default 100 and 200 */
    requestsPerSecond: z.int().min(1).max(10_000).default(100),
    burst: z.int().min(1).max(5_000).default(200),
    /** Longest text that the API takes, in segments. @default 10 */
    maxSegments: z.int().min(1).max(255).default(10),
    /** Texts are forgotten so many days after acceptance, but not before there is an outcome. @default 90, with the row */
    retainTextDays: z.int().min(1).max(90).default(90),
    /** How long logs are kept, in days. @default 30 */
    logRetentionDays: z.literal(logRetention).default(30),
    /** A customer managed KMS key for table, queues, topics and secrets. @default AWS's own keys, without charge */
    encryptionKeyArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]+$/, 'must be the ARN of a KMS key')
      .optional(),
    /**
     * How the tasks reach the SMSC: through a NAT gateway with an Elastic IP, which the carrier can allow-list, or by a
     * public address of each task, which is cheaper and changes with every start. @default "nat"
     */
    egress: z.enum(['nat', 'public-ip']).default('nat'),
    /** NAT gateways, each in a zone and with an address of its own. @default 1 */
    natGateways: z.int().min(1).max(2).optional(),
    /** Elastic IPs of yours for the NAT gateways, as many as those. @default the stack makes them, and keeps them when it is deleted */
    elasticIpAllocationIds: z
      .array(z.string().regex(/^eipalloc-[0-9a-f]{8,17}$/, 'must be an allocation id, "eipalloc-..."'))
      .optional(),
    /** A VPC of yours. @default the stack makes one with two zones */
    vpc: vpc.optional(),
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
/** A config as a user writes it, before the defaults. */
export type GatewayConfigInput = z.input<typeof gatewayConfig>;

/** Throws `InvalidInputError` naming every fault of the file. */
export function parseGatewayConfig(json: string): GatewayConfig {
  return parseJsonAs(gatewayConfig, json, 'gateway config');
}
