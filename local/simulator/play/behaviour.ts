import { z } from 'zod';
import { inWords } from '#contract/config/form.ts';
import { commandStatus, statusOf } from '../command-status.ts';
import { hexOfAtMost } from '../hex.ts';

/**
 * All that can be set about how the simulated SMSC behaves. What is not set is what a friendly SMSC does; a
 * scenario is a name for some of it (`scenarios.ts`). The numbers of quirks are those of `docs/simulator.md`.
 */

const longestMs = 7 * 24 * 3_600_000;
const ms = z.int().min(0).max(longestMs);
const count = z.int().min(1).max(1_000_000);
const share = z.number().min(0).max(1);
/** Far more than any SMSC sends, and little enough to fit with all the rest. */
const maxExtraOctets = 1_000;
const hex = hexOfAtMost(maxExtraOctets);
/** TLVs by their tag, `0x1400`; values are octets in hexadecimal. */
const tlvs = z
  .record(z.string().regex(/^0x[0-9a-f]{4}$/i, 'must be a tag such as 0x1400'), hex)
  .refine((all) => Object.keys(all).length <= 20, 'must be at most 20 TLVs');
const octet = z.int().min(0).max(0xff);

/** The command_status of a refusal, by its name or as a number. */
const status = z
  .union([z.int().min(0).max(0xffff_ffff), z.string()])
  .transform((value, context) => {
    const number = typeof value === 'number' ? value : statusOf(value);
    if (number !== undefined) return number;
    context.addIssue(`must be a name such as ESME_RTHROTTLED or a number, got ${JSON.stringify(value)}`);
    return z.NEVER;
  })
  .refine((number) => number !== commandStatus.ok, 'must be a refusal, not ESME_ROK');

/** A fixed time, or any between two. */
const delay = z.union([
  ms.transform((fixed) => ({ min: fixed, max: fixed })),
  z.strictObject({ min: ms, max: ms }).refine(({ min, max }) => min <= max, 'min must not be more than max'),
]);
export type Delay = z.output<typeof delay>;

/** Any time of the delay; `random` is asked only if there are several. */
export function chosenMs({ min, max }: Delay, random: () => number): number {
  return max > min ? min + Math.floor(random() * (max - min + 1)) : min;
}

/** How the SMSC ends a session. */
export const endBy = z.enum(['unbind', 'FIN', 'RST', 'freeze']);
export type EndBy = z.output<typeof endBy>;

const connections = z.strictObject({
  greeting: z
    .enum(['none', 'enquire_link', 'outbind', 'http', 'amqp', 'tls'])
    .default('none')
    .describe('written as soon as a connection is there, before any bind; the last three are of other protocols'),
  service: z
    .enum(['normal', 'drop', 'freeze'])
    .default('normal')
    .describe('`drop` resets every connection at once, `freeze` keeps them and neither reads nor writes'),
  end: z
    .strictObject({
      by: endBy,
      afterMs: ms.optional(),
      afterSubmits: count.optional(),
    })
    .refine(({ afterMs, afterSubmits }) => afterMs !== undefined || afterSubmits !== undefined, {
      message: 'needs afterMs or afterSubmits',
    })
    .nullable()
    .default(null)
    .describe('ends each session so long, or so many submit_sm, after its bind (or after this was set)'),
  speaksAfterUnbind: z
    .boolean()
    .default(false)
    .describe('after the unbind that it sent, the SMSC goes on with an enquire_link'),
  idleMs: ms.nullable().default(null).describe('a session from which nothing came for so long is closed'),
  enquireLinkEveryMs: ms.min(1).nullable().default(null).describe('how often the SMSC sends enquire_link; null: never'),
  answersEnquireLink: z.boolean().default(true).describe("whether the ESME's enquire_link is answered"),
  maintenance: z
    .strictObject({ everyMs: ms.min(1) })
    .nullable()
    .default(null)
    .describe('of several hosts each in turn is away for so long; a single one comes and goes'),
});

const bindMode = z.enum(['transceiver', 'transmitter', 'receiver']);

const binds = z.strictObject({
  refuse: z
    .strictObject({ status: status, times: count.nullable().default(null) })
    .nullable()
    .default(null)
    .describe('refuses every bind, or the next so many'),
  answer: z
    .enum(['normal', 'none', 'generic_nack', 'wrong-sequence', 'other-command'])
    .default('normal')
    .describe(
      'how a bind is answered: not at all, by a generic_nack, with another sequence number, by enquire_link_resp',
    ),
  delayMs: ms.default(0).describe('until a bind is answered'),
  limit: count.nullable().default(null).describe("binds at once per account, instead of the account's own limit"),
  staleMs: ms.default(0).describe('a session that ended without unbind counts as bound for so long'),
  rebindAfterMs: ms
    .default(0)
    .describe("a bind that comes sooner after the end of the account's last session is refused"),
  modes: z
    .array(bindMode)
    .min(1)
    .default(['transceiver', 'transmitter', 'receiver'])
    .describe('other binds are refused'),
  interfaceVersions: z.array(octet).nullable().default(null).describe('interface_version that is accepted; null: any'),
  requires: z
    .array(z.enum(['system_type', 'address_range', 'addr_ton', 'addr_npi']))
    .default([])
    .describe('fields of the bind that may be neither empty nor 0'),
  systemId: z.string().max(64).default('simulator').describe("the SMSC's own, in its response"),
  statuses: z
    .strictObject({
      wrongSystemId: status
        .default(commandStatus.invalidSystemId)
        .describe('of a bind by an account that there is not'),
      wrongPassword: status.default(commandStatus.invalidPassword).describe('of a bind with a wrong password'),
      tooMany: status.default(commandStatus.alreadyBound).describe('of a bind beyond the limit of its account'),
      tooSoon: status.default(commandStatus.bindFailed).describe('of a bind within rebindAfterMs'),
      wrongMode: status.default(commandStatus.bindFailed).describe('of a bind in another mode than `modes`'),
      wrongVersion: status
        .default(commandStatus.bindFailed)
        .describe('of a bind with another version than `interfaceVersions`'),
      missingField: status.default(commandStatus.bindFailed).describe('of a bind without a field that it `requires`'),
    })
    .prefault({}),
});

const requestCommand = z.enum(['submit_sm', 'data_sm', 'query_sm', 'cancel_sm']);

const responses = z.strictObject({
  delayMs: delay.prefault(0).describe('until a submit_sm, data_sm, query_sm or cancel_sm is answered'),
  missing: share.default(0).describe('share of them that is never answered, though it is done'),
  repeat: z.int().min(0).max(100).default(0).describe('how often each of these responses comes again'),
  errorBody: z
    .enum(['none', 'empty-id', 'id-without-nul'])
    .default('none')
    .describe('the body of a response that refuses'),
  refusals: z.enum(['response', 'generic_nack']).default('response').describe('what a status is sent as'),
  strays: z
    .array(z.enum(['generic_nack', 'submit_sm_resp', 'other-command']))
    .default([])
    .describe(
      'sent before each of these responses: a nack with sequence number 0, a response to nothing, an enquire_link_resp with the sequence number of the request',
    ),
  tlvs: tlvs.default({}).describe('in each submit_sm_resp'),
  unsupported: z.array(requestCommand).default([]).describe('answered by a generic_nack with ESME_RINVCMDID'),
});

const submits = z.strictObject({
  perSecond: z
    .strictObject({ limit: count, status: status.default(commandStatus.throttled) })
    .nullable()
    .default(null)
    .describe('more submit_sm and data_sm of an account within a second are refused'),
  unanswered: z
    .strictObject({ limit: count, status: status.default(commandStatus.throttled) })
    .nullable()
    .default(null)
    .describe('more without a response at once, per session, are refused'),
  refuse: z
    .strictObject({ share: share.default(1), statuses: z.array(status).min(1) })
    .nullable()
    .default(null)
    .describe('refuses a share of them, with these statuses in turn'),
  refusedDataCodings: z.array(octet).default([]).describe('refused with ESME_RSUBMITFAIL'),
  maxPartOctets: z
    .strictObject({ gsm7: z.int().min(1).max(255).default(255), ucs2: z.int().min(1).max(255).default(255) })
    .prefault({})
    .describe('of a part of a long message, without its UDH; more: ESME_RINVMSGLEN'),
  lengths: z
    .enum(['radio', 'any'])
    .default('radio')
    .describe(
      '`radio`: a short_message of more than 140 octets on the radio, as 160 septets are, is refused with ESME_RINVMSGLEN',
    ),
  sar: z.enum(['joined', 'ignored', 'refused-with-udh']).default('joined').describe('what sar_* TLVs do'),
  payload: z.enum(['taken', 'ignored']).default('taken').describe('what message_payload does'),
  addresses: z
    .enum(['any', 'checked'])
    .default('any')
    .describe(
      '`checked`: TON and NPI must fit (names 5/0, digits up to 8 0/0, 0/1, 3/0 or 6/0, else 1/1 without "+"), or ESME_RINVSRCADR, ESME_RINVDSTADR',
    ),
  schedule: z.enum(['kept', 'ignored', 'refused']).default('kept').describe('what schedule_delivery_time does'),
  validity: z.enum(['kept', 'ignored', 'refused']).default('kept').describe('what validity_period does'),
  statuses: z
    .strictObject({ invalidDestination: status.default(commandStatus.invalidDestination) })
    .prefault({})
    .describe('where the SMSC says something else than SMPP 3.4 would'),
});

const idForm = z.enum(['lower-hex', 'upper-hex', 'decimal', 'zero-padded-hex', 'zero-padded-decimal', 'hex-of-text']);
export type IdForm = z.output<typeof idForm>;

const ids = z
  .strictObject({
    value: z.enum(['32-bit', '64-bit', 'uuid', 'text']).default('64-bit').describe('`text`: hexadecimal in groups'),
    inResponse: idForm.default('upper-hex').describe('how it is written in a submit_sm_resp'),
    inReceipt: idForm.default('upper-hex').describe("`hex-of-text`: the response's characters, each as two digits"),
    differFrom: z.int().min(0).default(0).describe('ids below this number have the same form in both'),
    of: z.enum(['part', 'message']).default('part').describe('whether all parts of a message have one id'),
  })
  .refine(({ value, ...form }) => isNumeric(value) || [form.inResponse, form.inReceipt].every(fitsWords), {
    message: 'a uuid or text has the forms lower-hex, upper-hex and hex-of-text only',
  });

function isNumeric(value: string): boolean {
  return value.endsWith('-bit');
}

function fitsWords(form: IdForm): boolean {
  return form === 'lower-hex' || form === 'upper-hex' || form === 'hex-of-text';
}

export const finalStates = ['delivered', 'undelivered', 'expired', 'rejected', 'deleted'] as const;
const words = z.array(z.string().max(20)).min(1).optional();

const receipts = z.strictObject({
  delayMs: delay.prefault(200).describe("from the handset's outcome, or from the response if that is later"),
  when: z.enum(['asked', 'always', 'never']).default('asked').describe('`asked`: as registered_delivery says'),
  beforeResponse: z.boolean().default(false).describe('the receipt is written first, the response right after it'),
  segments: z.enum(['each', 'first', 'last']).default('each').describe('of a long message'),
  repeat: z.int().min(0).max(100).default(0).describe('how often each comes again'),
  order: z.enum(['due', 'swapped']).default('due').describe('`swapped`: of each two the later one comes first'),
  enroute: z
    .enum(['none', 'before', 'after'])
    .default('none')
    .describe('a receipt with ENROUTE: right after the response, or right after the final one'),
  via: z
    .array(z.enum(['text', 'tlvs']))
    .min(1)
    .default(['text', 'tlvs'])
    .describe('where a receipt says what it says'),
  tlvs: z
    .array(z.enum(['receipted_message_id', 'message_state', 'network_error_code', 'user_message_reference']))
    .default(['receipted_message_id', 'message_state'])
    .describe('which TLVs those are'),
  networkErrorCode: z.enum(['octets', 'ascii']).default('octets').describe('`ascii`: three digits instead'),
  extraTlvs: tlvs.default({}).describe('in each receipt'),
  command: z.enum(['deliver_sm', 'data_sm']).default('deliver_sm').describe('data_sm has its text in message_payload'),
  textIn: z.enum(['short_message', 'message_payload']).default('short_message').describe('of a deliver_sm'),
  esmClasses: z.array(octet).min(1).default([0x04]).describe('in turn'),
  dataCoding: octet.default(0).describe('the octets are ASCII all the same'),
  textBefore: z
    .string()
    .regex(/^[ -~]*$/, 'must be printable ASCII')
    .max(100)
    .meta(inWords('a string of at most 100 printable ASCII characters'))
    .default('')
    .describe('in front of the receipt'),
  fields: z
    .array(z.enum(['id', 'sub', 'dlvrd', 'submit date', 'done date', 'stat', 'err', 'text']))
    .max(16)
    .default(['id', 'sub', 'dlvrd', 'submit date', 'done date', 'stat', 'err', 'text'])
    .describe('which, and in which order'),
  fieldCase: z.enum(['lower', 'upper']).default('lower').describe('of the names of the fields'),
  words: z
    .strictObject({ enroute: words, ...Object.fromEntries(finalStates.map((state) => [state, words])) } as {
      readonly [State in 'enroute' | (typeof finalStates)[number]]: typeof words;
    })
    .prefault({})
    .describe('for `stat`, in turn, instead of DELIVRD and so on'),
  dates: z
    .array(z.enum(['YYMMDDhhmm', 'YYMMDDhhmmss', 'YYYYMMDDhhmm', 'YYYYMMDDhhmmss', 'YYMMDD', 'zeros', 'empty']))
    .min(1)
    .default(['YYMMDDhhmm'])
    .describe('in turn'),
  utcOffsetMinutes: z.int().min(-720).max(840).default(0).describe('of the dates'),
  errs: z
    .array(z.string().max(20))
    .min(1)
    .nullable()
    .default(null)
    .describe('in turn, whatever happened; null: true to it'),
  over: z
    .enum(['any', 'another-session'])
    .default('any')
    .describe('`another-session`: not over the session of the submit_sm, as long as there is another'),
  true: z.boolean().default(true).describe('false: all say that the message was delivered, at once'),
  strays: z.boolean().default(false).describe('before each comes a receipt with an id that was never given'),
});

const deliveries = z.strictObject({
  window: z.int().min(1).max(10_000).default(100).describe('unanswered deliver_sm and data_sm at once, per session'),
  answerWithinMs: ms.min(1).nullable().default(null).describe('without an answer for so long it is sent again'),
  retryStatuses: z
    .array(status)
    .default([commandStatus.queueFull, commandStatus.throttled, commandStatus.temporaryAppError])
    .describe('after these it is sent again, after any other not'),
  retryAfterMs: ms.default(1_000).describe('until it is sent again'),
  afterRefusal: z
    .enum(['give-up', 'block'])
    .default('give-up')
    .describe('`block`: what was refused is sent again, and nothing else goes before it is accepted'),
  sequenceNumbers: z.enum(['counting', 'high', 'random']).default('counting').describe('`high`: from 0x80000000 up'),
  storedAtBind: z.int().min(0).max(10_000).default(0).describe('so many short messages arrive at each bind at once'),
});

const addressForm = z.enum(['international', 'plus', 'national', 'unknown', 'long']);

const mo = z.strictObject({
  gsm7: z
    .enum(['unpacked', 'packed', 'latin1', 'ascii', 'ucs2'])
    .default('unpacked')
    .describe('the octets of what is marked as the default alphabet'),
  gsm7DataCodings: z.array(octet).min(1).default([0]).describe('in turn'),
  ucs2DataCodings: z.array(octet).min(1).default([8]).describe('in turn'),
  long: z
    .enum(['udh8', 'udh16', 'sar', 'udh-and-sar', 'payload', 'pieces'])
    .default('udh8')
    .describe('`pieces`: not joined'),
  maxPartOctets: z
    .strictObject({
      gsm7: z.int().min(1).max(153).default(153).describe('septets of a part of a long message'),
      ucs2: z.int().min(2).max(134).default(134).describe('octets of a part of a long message'),
    })
    .prefault({}),
  splitPairs: z.boolean().default(false).describe('cuts through surrogate pairs where they fall'),
  partOrder: z
    .enum(['first-to-last', 'last-to-first'])
    .default('first-to-last')
    .describe('in which the parts of a long message come'),
  elementsBefore: hexOfAtMost(140)
    .default('')
    .describe('information elements in the UDH in front of the concatenation'),
  textIn: z.enum(['short_message', 'message_payload', 'both']).default('short_message').describe('of a deliver_sm'),
  trailingNul: z.boolean().default(false).describe('one octet more at the end of short_message'),
  command: z.enum(['deliver_sm', 'data_sm']).default('deliver_sm').describe('data_sm has its text in message_payload'),
  senders: z
    .array(addressForm)
    .min(1)
    .default(['international'])
    .describe('in turn: 1/1; with "+"; 2/1 with a 0; 0/0; 1/1 with leading zeros, 30 digits'),
  tlvs: tlvs.default({}).describe('in each of them'),
});

const handsets = z.strictObject({
  gsm7: z
    .enum(['unpacked', 'packed', 'latin1', 'ascii'])
    .default('unpacked')
    .describe('what the network takes data_coding 0 for'),
  swaps: z.record(z.string().length(1), z.string().max(2)).default({}).describe('characters that arrive as others'),
  surrogates: z.enum(['shown', 'lost']).default('shown').describe('`lost`: each half shows as U+FFFD'),
  sender: z.string().max(20).nullable().default(null).describe('what all see as the sender'),
  senderAlphabet: z.enum(['ascii', 'gsm7']).default('ascii').describe('`gsm7`: source_addr is taken for GSM 03.38'),
  maxParts: z.int().min(1).max(255).default(255).describe('longer messages never arrive'),
  parts: z
    .strictObject({ oneSession: z.boolean().default(false), withinMs: ms.min(1).nullable().default(null) })
    .prefault({})
    .describe('what is asked of the parts of a message, or it never arrives'),
});

export const malformedKinds = [
  'length-0',
  'length-3',
  'length-15',
  'length-too-large',
  'length-beyond-end',
  'garbage',
  'http',
  'unknown-command',
  'unknown-response',
  'truncated-body',
  'tlv-beyond-end',
  'empty-int-tlv',
] as const;

const wire = z.strictObject({
  split: z
    .union([z.int().min(1).max(65_535), z.literal('random')])
    .nullable()
    .default(null)
    .describe('PDUs are written in pieces of so many octets'),
  togetherMs: ms.nullable().default(null).describe('what is due within so long goes out in one write'),
  trailing: hex.default('').describe('octets at the end of each PDU, within its command_length'),
  lastNul: z.enum(['kept', 'dropped']).default('kept').describe('of the C-octet string that ends a response'),
  malformed: z
    .strictObject({ every: count.default(1), kinds: z.array(z.enum(malformedKinds)).min(1) })
    .nullable()
    .default(null)
    .describe('before each so many PDUs comes a bad one, of these kinds in turn'),
});

export const behaviourSchema = z.strictObject({
  connections: connections.prefault({}),
  binds: binds.prefault({}),
  responses: responses.prefault({}),
  submits: submits.prefault({}),
  ids: ids.prefault({}),
  receipts: receipts.prefault({}),
  deliveries: deliveries.prefault({}),
  mo: mo.prefault({}),
  handsets: handsets.prefault({}),
  wire: wire.prefault({}),
});

/** How the SMSC behaves, complete. */
export type Behaviour = z.output<typeof behaviourSchema>;
/** What is different about it; the rest is as a friendly SMSC has it. */
export type BehaviourChange = z.input<typeof behaviourSchema>;
