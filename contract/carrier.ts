import { z } from 'zod';
import { isCodeOrName, senderForms } from './sender.ts';

/**
 * Everything that differs between SMSCs, as data. The same schema checks `gateway.config.json`
 * at synth, in the connector's task and locally. Every default works with a standard SMPP 3.4 SMSC.
 */

const octet = z.int().min(0).max(0xff);
/** A command_status that refuses: any but ESME_ROK. */
const refusal = z.int().min(1, 'must not be 0, which is ESME_ROK').max(0xffffffff);
const milliseconds = z.int().min(1).max(3_600_000);
/** A C-octet string's content: a NUL would end it early and shift every field behind it. */
const ascii = z
  .string()
  .regex(/^[\x20-\x7e]*$/, 'must be printable ASCII')
  .max(64, 'must be at most 64 characters');

/** What is submitted as it stands when a message names no sender. */
const sender = z.string().refine((given) => isCodeOrName(given) || /^\+[1-9]\d{6,14}$/.test(given), {
  error: `must be a phone number in E.164 with "+", ${senderForms}`,
});

const host = z.strictObject({
  /** Name or address of the SMSC. */
  host: z.string().regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an IP address, without scheme and port'),
  /** TCP port. @default 2775 */
  port: z.int().min(1).max(65_535).default(2775),
});

/**
 * Where the bind's password comes from. Never the password itself: a config file is read, copied and
 * committed by many. `env` and `file` serve the gateway that runs locally, `secretArn` the one in AWS.
 */
const passwordSource = z.union(
  [
    z.strictObject({ /** Name of an environment variable. */ env: z.string().min(1) }),
    z.strictObject({ /** Path of a file; one trailing line break is dropped. */ file: z.string().min(1) }),
    z.strictObject({
      /** A secret in Secrets Manager; one trailing line break is dropped. */
      secretArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+$/, 'must be the ARN of a secret'),
    }),
  ],
  {
    error:
      'must be {"env": "VARIABLE"}, {"file": "path"} or {"secretArn": "arn:..."}; a password must not stand in a config file',
  },
);

const enquireLink = z.strictObject({
  /** Silence after which the link is probed, in ms. @default 20000 */
  idleMs: milliseconds.default(20_000),
  /** Silence after the probe after which the link counts as dead, in ms. @default 10000 */
  timeoutMs: milliseconds.default(10_000),
});

const reconnect = z.strictObject({
  /** Ceiling of the first delay, in ms; it doubles with every failure. @default 250 */
  firstDelayMs: milliseconds.default(250),
  /** Highest ceiling, in ms. @default 8000 */
  maxDelayMs: milliseconds.default(8_000),
  /** A session that lasted this long ends the run of failures, in ms. @default 10000 */
  healthyAfterMs: milliseconds.default(10_000),
});

export const carrierName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and "-", beginning with a letter');

export const carrierProfile = z.strictObject({
  name: carrierName,
  /** Tried in order. */
  hosts: z.array(host).min(1),
  systemId: ascii.min(1),
  /** @default in AWS a secret that the stack makes, empty until you put the password into it; locally there is no default */
  password: passwordSource.optional(),
  /** Tasks of this carrier, each with one bind, at the most as many as the account allows. @default 1 */
  binds: z.int().min(1).max(100).default(1),
  /** CPU units of each task in AWS, of which 1024 are a vCPU. @default 256 */
  taskCpu: z.literal([256, 512, 1024, 2048, 4096]).default(256),
  /** Memory of each task in AWS, in MiB; Fargate has a range for each `taskCpu`. @default 512 */
  taskMemoryMiB: z.int().min(512).max(30_720).default(512),
  /** @default "" */
  systemType: ascii.default(''),
  /** interface_version of the bind. @default 0x34 (SMPP 3.4; quirk 45) */
  interfaceVersion: octet.default(0x34),
  /** address_range, addr_ton and addr_npi of the bind (quirk 63). @default "" and 0 */
  addressRange: ascii.default(''),
  bindTon: octet.default(0),
  bindNpi: octet.default(0),
  /** Recipients, as the leading digits of E.164 without "+", that go to this carrier; the longest match wins. @default all */
  prefixes: z.array(z.string().regex(/^\d{1,15}$/, 'must be 1 to 15 digits without "+"')).default([]),
  /** Sender of messages that name none. @default none: the SMSC puts its own */
  defaultSender: sender.optional(),
  /** Requests awaiting a response at once. @default 10 (quirk 60) */
  window: z.int().min(1).max(1_000).default(10),
  /** One deadline over connecting and binding, in ms. @default 15000 */
  bindTimeoutMs: milliseconds.default(15_000),
  /** How long a submit_sm may stay unanswered, in ms. @default 30000 */
  responseTimeoutMs: milliseconds.default(30_000),
  enquireLink: enquireLink.prefault({}),
  reconnect: reconnect.prefault({}),
  /** command_status values of a submit_sm_resp that mean "later". @default ESME_RMSGQFUL 0x14 and ESME_RTHROTTLED 0x58 */
  throttleStatuses: z.array(refusal).default([0x14, 0x58]),
  /** command_status of a deliver_sm_resp for what cannot be stored now. @default ESME_RTHROTTLED 0x58 (quirk 61) */
  deliverRetryStatus: refusal.default(0x58),
});

export type CarrierProfile = z.output<typeof carrierProfile>;
/** A profile as a user writes it, before the defaults. */
export type CarrierProfileInput = z.input<typeof carrierProfile>;
