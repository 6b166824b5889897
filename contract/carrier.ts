import * as z from 'zod';
import { addressRules } from './carrier-addresses.ts';
import { carrierName, carrierNameForm } from './carrier-name.ts';
import { receiptOptions } from './carrier-receipts.ts';
import { textOptions } from './carrier-text.ts';
import { carrierTls } from './carrier-tls.ts';
import { tlvDefinitions } from './carrier-tlvs.ts';
import { inWords, textOfForm } from './config/form.ts';
import { taskCpus } from './config/task-sizes.ts';
import { secretSource } from './secret-source.ts';
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

/** Digits and dots alone are an IPv4 address, or a slip of one; one colon is a port's, more are of an IPv6 address. */
const hostOrAddress =
  /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$|^(?![\d.]+$)[A-Za-z0-9._-]{1,253}$|^[\dA-Fa-f]*:[\dA-Fa-f]*:[\dA-Fa-f:.]*$/;
const hostForm = 'a host name or an IP address, without scheme and port';

const hostName = textOfForm(hostOrAddress, hostForm)
  .refine((given) => !given.includes(':') || URL.canParse(`http://[${given}]`), { error: `must be ${hostForm}` })
  .meta(inWords(hostForm));

const host = z.strictObject({
  host: hostName.describe('Name or address of the SMSC.'),
  port: z.int().min(1).max(65_535).default(defaultPort).describe('TCP port.'),
});

const systemId = textOfForm(/^[\x20-\x7e]{1,64}$/, 'a string of 1 to 64 printable ASCII characters');

const enquireLink = z.strictObject({
  idleMs: milliseconds.default(20_000).describe('Silence after which the link is probed, in ms.'),
  timeoutMs: milliseconds
    .default(10_000)
    .describe('Silence after the probe after which the link counts as dead, in ms.'),
});

/** A delay that may be none at all. */
const delay = z.int().min(0).max(3_600_000);

const reconnect = z.strictObject({
  firstDelayMs: milliseconds
    .default(250)
    .describe('Ceiling of the first delay, in ms; it doubles each time that every host has failed.'),
  maxDelayMs: milliseconds.default(8_000).describe('Highest ceiling, in ms.'),
  // Quirk 53.
  minDelayMs: delay
    .default(0)
    .describe('How long at least a host is left alone after it ended a session or refused a bind, in ms.'),
  healthyAfterMs: milliseconds
    .default(10_000)
    .describe('A session that lasted this long ends the run of failures, in ms.'),
  // Quirk 52.
  alreadyBoundStatuses: z
    .array(refusal)
    .default([0x05])
    .describe('command_status values of a bind_resp that mean "you are bound already": ESME_RALYBND (0x05).'),
  alreadyBoundMaxDelayMs: milliseconds
    .default(30_000)
    .describe('Highest ceiling after those, in ms: how long the SMSC may hold a session that is gone.'),
  // Quirks 46 and 52.
  wrongCredentialsStatuses: z
    .array(refusal)
    .default([0x0e, 0x0f, 0x53])
    .describe(
      'command_status values of a bind_resp that mean "not with these credentials": ESME_RINVPASWD (0x0e), ESME_RINVSYSID (0x0f), ESME_RINVSYSTYP (0x53).',
    ),
  wrongCredentialsDelayMs: milliseconds
    .default(300_000)
    .describe('Delay after those, in ms, lest the SMSC lock the account.'),
  returnAfterMs: delay
    .default(300_000)
    .describe(
      'While a host other than the first serves: how often to check whether the first is back, to return to it, in ms. With 0 only once that session has ended.',
    ),
});

const hosts = z.array(host).min(1).max(20);

/** Of a pair of binds: what the receiver has of its own. */
const receiver = z.strictObject({
  hosts: hosts.optional().describe('Tried in order, the first one preferred. Without it those of the carrier.'),
  systemId: systemId.optional().describe('Without it that of the carrier.'),
  password: secretSource('a password')
    .optional()
    .describe('Where its password comes from, as with `password` of the carrier. Without it that of the carrier.'),
  systemType: ascii.optional().describe('system_type of its bind. Without it that of the carrier.'),
});

/** What can follow a submit_sm. */
export const outcomes = ['sent', 'retry', 'slow-down', 'reject', 'stop-bind'] as const;
export type Outcome = (typeof outcomes)[number];

const retryAfter = milliseconds.optional();

const submitOutcome = z.strictObject({
  statuses: z.array(refusal).min(1).describe('command_status values.'),
  outcome: z
    .enum(outcomes)
    .describe(
      'The segment counts as accepted (`sent`), is sent again (`retry`), is sent again when the carrier, which is paused, goes on (`slow-down`), is never sent again (`reject`), or is sent again over another session (`stop-bind`).',
    ),
  afterMs: retryAfter.describe(
    'With `retry`: after how long, in ms. Without it half a second at the most, doubling with each attempt, and after seven attempts a minute, doubling up to a quarter of an hour.',
  ),
});

const unanswered = z.strictObject({
  outcome: z
    .enum(['retry', 'slow-down', 'stop-bind'])
    .default('retry')
    .describe('As in `submitOutcomes`; the SMSC may have accepted it, so what goes out again is flagged.'),
  afterMs: retryAfter.describe('As in `submitOutcomes`.'),
});

export const carrierProfile = z.strictObject({
  name: carrierName.meta(inWords(carrierNameForm)).describe('How messages, events, metrics and logs call the carrier.'),
  hosts: hosts.describe('Tried in order, the first one preferred.'),
  // Quirk 65.
  tls: carrierTls
    .default(false)
    .describe('Whether the connection is encrypted, and how; `true` is every option at its default.'),
  // Quirk 64.
  bindMode: z
    .enum(['transceiver', 'transmitter-receiver'])
    .default('transceiver')
    .describe('One bind that sends and receives, or a pair of binds.'),
  systemId: systemId.describe('Name of your SMPP account.'),
  password: secretSource('a password')
    .optional()
    .describe(
      'Where the password of the account comes from. Without it, and with `env` or `file`, the stack in AWS makes a secret, into which you put the password. Locally `env` or `file` is needed.',
    ),
  receiver: receiver.optional().describe('With `bindMode` "transmitter-receiver": what the receiver has of its own.'),
  binds: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe(
      'Tasks in AWS, each with one bind, or one pair; at the most as many as the account allows. Locally there is one.',
    ),
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
  // Quirk 59.
  messagesPerSecond: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'submit_sm per second that the account allows, over all its binds: a long message counts once for each segment. Each task keeps to its share, in whole submit_sm. Without it there is no limit but what throttling teaches.',
    ),
  // Quirk 58.
  maxMessagesPerSession: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe('How many submit_sm a session may carry: after them a new one is begun. Without it there is no limit.'),
  bindTimeoutMs: milliseconds
    .default(8_000)
    .describe('One deadline over name resolution, connection, TLS and bind, in ms.'),
  responseTimeoutMs: milliseconds.default(30_000).describe('How long a submit_sm may stay unanswered, in ms.'),
  enquireLink: enquireLink.prefault({}).describe('How a dead link is noticed.'),
  reconnect: reconnect.prefault({}).describe('How soon a lost or refused bind is tried again.'),
  throttleStatuses: z
    .array(refusal)
    .default([0x14, 0x58])
    .describe(
      'command_status values of a submit_sm_resp that mean "later": ESME_RMSGQFUL (0x14), ESME_RTHROTTLED (0x58).',
    ),
  // Quirk 46.
  submitOutcomes: z
    .array(submitOutcome)
    .max(100)
    .default([])
    .describe('What a command_status of a submit_sm_resp means, where it means something else to this SMSC.'),
  unanswered: unanswered
    .prefault({})
    .describe('What follows a submit_sm that was not answered, of a message that may be sent again ("at-least-once").'),
  text: textOptions.prefault({}).describe('How texts are written and read.'),
  receipts: receiptOptions.prefault({}).describe('How receipts are asked for and read.'),
  // Quirk 67.
  addresses: addressRules.describe(
    'How addresses are written, where not as usual. Of the rules that fit an address the first is used. Usual are, as TON/NPI: 0/0 for no sender, 1/1 and digits alone for a number in E.164, 3/0 for a short code, 5/0 for letters.',
  ),
  tlvs: tlvDefinitions.describe('TLVs that this carrier defines, by the name that messages and events call them by.'),
  // Quirk 71.
  validityPeriod: z
    .enum(['relative', 'absolute', 'none'])
    .default('relative')
    .describe('How what is left of the validity is told to the SMSC, in validity_period; with "none" it is not.'),
  userMessageReference: z
    .boolean()
    .default(false)
    .describe(
      'Whether a user_message_reference goes with each submit_sm. An SMSC that repeats it in receipts lets them find a message whose response was lost.',
    ),
  assemblySeconds: z
    .int()
    .min(5)
    .max(172_800)
    .default(600)
    .describe(
      'So long after its last part, in seconds, a long message from a handset is waited for. Then it is published with the parts that came.',
    ),
  // Quirk 61.
  deliverRetryStatus: refusal
    .default(0x58)
    .describe('command_status of a deliver_sm_resp for what cannot be stored now: ESME_RTHROTTLED (0x58).'),
});

export type CarrierProfile = z.output<typeof carrierProfile>;
/** A profile as a user writes it, before the defaults. */
export type CarrierProfileInput = z.input<typeof carrierProfile>;
