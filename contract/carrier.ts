import * as z from 'zod';
import { carrierName, carrierNameForm } from './carrier-name.ts';
import { inWords, textOfForm } from './config/form.ts';
import { taskCpus } from './config/task-sizes.ts';
import { isCodeOrName, senderForms } from './sender.ts';

/**
 * Everything that differs between SMSCs, as data. The same schema checks `gateway.config.json`
 * at synth, in the connector's task and locally. Every default works with a standard SMPP 3.4 SMSC.
 * Descriptions, not comments, for they are part of the JSON Schema and of `docs/configuration.md`.
 */

const octet = z.int().min(0).max(0xff);
/** A command_status that refuses: any but ESME_ROK. */
const refusal = z
  .int()
  .min(1, 'must not be 0, which is ESME_ROK')
  .max(0xffffffff)
  .meta(inWords('a whole number from 1 to 4294967295 (0 is ESME_ROK, which accepts)'));
const milliseconds = z.int().min(1).max(3_600_000);
/** A C-octet string's content: a NUL would end it early and shift every field behind it. */
const ascii = textOfForm(/^[\x20-\x7e]{0,64}$/, 'a string of at most 64 printable ASCII characters');

const senderForm = `a phone number in E.164 with "+", ${senderForms}`;
/** What is submitted as it stands when a message names no sender. */
const sender = z
  .string()
  .refine((given) => isCodeOrName(given) || /^\+[1-9]\d{6,14}$/.test(given), { error: `must be ${senderForm}` })
  .meta(inWords(senderForm));

export const defaultPort = 2775;

/** Digits and dots alone are an IPv4 address, or a slip of one. */
const hostOrAddress = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$|^(?![\d.]+$)[A-Za-z0-9.:_-]{1,253}$/;

const host = z.strictObject({
  host: textOfForm(hostOrAddress, 'a host name or an IP address, without scheme and port').describe(
    'Name or address of the SMSC.',
  ),
  port: z.int().min(1).max(65_535).default(defaultPort).describe('TCP port.'),
});

const passwordForm = '{"secretArn": "arn:..."}, {"env": "VARIABLE"} or {"file": "path"}';

/** Never the password itself: a config file is read, copied and committed by many. */
const passwordSource = z
  .union(
    [
      z.strictObject({
        // Whole, with the suffix that AWS gives it: what the task may read is told by it.
        secretArn: textOfForm(
          /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/,
          'the whole ARN of a secret, "arn:aws:secretsmanager:...-AbCdEf"',
        ).describe('In AWS: a secret of yours in Secrets Manager; one trailing line break is dropped.'),
      }),
      z.strictObject({ env: z.string().min(1).describe('Locally: name of an environment variable.') }),
      z.strictObject({
        file: z.string().min(1).describe('Locally: path of a file; one trailing line break is dropped.'),
      }),
    ],
    { error: `must be ${passwordForm}; a password must not stand in a config file` },
  )
  .meta(inWords(passwordForm));

const enquireLink = z.strictObject({
  idleMs: milliseconds.default(20_000).describe('Silence after which the link is probed, in ms.'),
  timeoutMs: milliseconds
    .default(10_000)
    .describe('Silence after the probe after which the link counts as dead, in ms.'),
});

const reconnect = z.strictObject({
  firstDelayMs: milliseconds.default(250).describe('Ceiling of the first delay, in ms; it doubles with every failure.'),
  maxDelayMs: milliseconds.default(8_000).describe('Highest ceiling, in ms.'),
  healthyAfterMs: milliseconds
    .default(10_000)
    .describe('A session that lasted this long ends the run of failures, in ms.'),
});

export const carrierProfile = z.strictObject({
  name: carrierName.meta(inWords(carrierNameForm)).describe('How messages, events, metrics and logs call the carrier.'),
  hosts: z.array(host).min(1).max(20).describe('Tried in order.'),
  systemId: textOfForm(/^[\x20-\x7e]{1,64}$/, 'a string of 1 to 64 printable ASCII characters').describe(
    'Name of your SMPP account.',
  ),
  password: passwordSource
    .optional()
    .describe(
      'Where the password of the account comes from. Without it, and with `env` or `file`, the stack in AWS makes a secret, into which you put the password. Locally `env` or `file` is needed.',
    ),
  binds: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('Tasks in AWS, each with one bind; at the most as many as the account allows. Locally there is one.'),
  taskCpu: z.literal(taskCpus).default(256).describe('CPU units of each task in AWS, of which 1024 are a vCPU.'),
  taskMemoryMiB: z
    .int()
    .min(512)
    .max(30_720)
    .default(512)
    .describe('Memory of each task in AWS, in MiB; Fargate has a range for each `taskCpu`.'),
  systemType: ascii.default('').describe('system_type of the bind.'),
  // Quirk 45.
  interfaceVersion: octet.default(0x34).describe('interface_version of the bind; 52 (0x34) is SMPP 3.4.'),
  // Quirk 63, as the two after it.
  addressRange: ascii.default('').describe('address_range of the bind.'),
  bindTon: octet.default(0).describe('addr_ton of the bind.'),
  bindNpi: octet.default(0).describe('addr_npi of the bind.'),
  prefixes: z
    .array(textOfForm(/^\d{1,15}$/, 'a string of 1 to 15 digits, without "+"'))
    .default([])
    .describe(
      'Leading digits of the recipients in E.164 that go to this carrier; the longest match wins. An empty list is all recipients.',
    ),
  defaultSender: sender.optional().describe('Sender of messages that name none. Without it the SMSC puts its own.'),
  // Quirk 60.
  window: z.int().min(1).max(1_000).default(10).describe('Requests that may await a response at once.'),
  bindTimeoutMs: milliseconds.default(15_000).describe('One deadline over connecting and binding, in ms.'),
  responseTimeoutMs: milliseconds.default(30_000).describe('How long a submit_sm may stay unanswered, in ms.'),
  enquireLink: enquireLink.prefault({}).describe('How a dead link is noticed.'),
  reconnect: reconnect.prefault({}).describe('How soon a lost or refused bind is tried again.'),
  throttleStatuses: z
    .array(refusal)
    .default([0x14, 0x58])
    .describe(
      'command_status values of a submit_sm_resp that mean "later": ESME_RMSGQFUL (0x14), ESME_RTHROTTLED (0x58).',
    ),
  // Quirk 61.
  deliverRetryStatus: refusal
    .default(0x58)
    .describe('command_status of a deliver_sm_resp for what cannot be stored now: ESME_RTHROTTLED (0x58).'),
});

export type CarrierProfile = z.output<typeof carrierProfile>;
/** A profile as a user writes it, before the defaults. */
export type CarrierProfileInput = z.input<typeof carrierProfile>;
