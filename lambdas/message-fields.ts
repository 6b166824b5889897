import * as z from 'zod';
import { addressing, guarantees, priorities } from '#contract/outbound-sms.ts';
import { parseE164 } from '#contract/phone-number.ts';
import { isCodeOrName, senderForms } from '#contract/sender.ts';
import { metadata, reference } from './client-data.ts';
import { refuse, shorten, show } from './faults.ts';
import { givenTlvs } from './message-tlvs.ts';

const maxValiditySeconds = 3 * 86_400;

export interface Recipient {
  /** E.164 with "+". */
  readonly number: string;
  /** As the client wrote it. */
  readonly given: string;
}

const recipient = z.string().transform((given, context): Recipient => {
  const number = parseE164(given);
  if (number !== undefined) return { number, given };
  return refuse(context, `must be a phone number in E.164, such as +447700900123, got ${show(given)}`);
});

/** A number of up to 8 digits is a short code; of E.164 numbers with a "+" any length is one. */
const sender = z.string().transform((given, context) => {
  if (isCodeOrName(given)) return given;
  const number = parseE164(given);
  if (number !== undefined) return number;
  return refuse(context, `must be a phone number in E.164, ${senderForms}, got ${show(given)}`);
});

const text = z.string().transform((given, context) => {
  const fault = faultOfText(given);
  return fault === undefined ? given : refuse(context, fault);
});

/** Other control characters may be meant (line breaks are): they are for the SMSC and the handset to judge. */
function faultOfText(given: string): string | undefined {
  if (given === '') return 'must not be empty';
  if (!given.isWellFormed()) return 'must be well-formed Unicode, has a surrogate without its other half';
  if (given.includes('\0')) return 'must not contain NUL (U+0000)';
  return undefined;
}

const validityFault = {
  error: ({ input }: z.core.$ZodRawIssue) =>
    `must be a whole number of seconds, 1 to ${maxValiditySeconds}, got ${show(input)}`,
};
const validity = z
  .number(validityFault)
  .refine((given) => Number.isInteger(given) && given >= 1 && given <= maxValiditySeconds, validityFault);

const tonAndNpi = z.unknown().transform((given, context) => {
  const { shape } = addressing;
  const { data } = z.strictObject(shape).safeParse(given);
  if (data !== undefined) return data;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return refuse(context, `must be an object of "ton" and "npi", got ${show(given)}`);
  }
  const fields: Readonly<Record<string, unknown>> = { ...given };
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(shape, name)) refuse(context, 'is not known; allowed: ton, npi', [shorten(name)]);
  }
  for (const [name, part] of Object.entries(shape)) {
    if (part.safeParse(fields[name]).success) continue;
    refuse(context, `must be a whole number, 0 to ${part.maxValue}, got ${show(fields[name])}`, [name]);
  }
  return z.NEVER;
});

/** What POST /v1/messages takes, as far as it can be looked at without knowing the carrier. */
export const messageFields = z.strictObject({
  to: recipient,
  from: sender.optional(),
  text,
  smart: z.boolean().default(false),
  carrier: z.string().optional(),
  priority: z.enum(priorities).default('normal'),
  guarantee: z.enum(guarantees).default('at-least-once'),
  validitySeconds: validity.optional(),
  receipt: z.boolean().default(true),
  reference: reference.optional(),
  metadata: metadata.optional(),
  toAddressing: tonAndNpi.optional(),
  fromAddressing: tonAndNpi.optional(),
  tlvs: givenTlvs.optional(),
});
