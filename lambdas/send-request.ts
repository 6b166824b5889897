import * as z from 'zod';
import type { FieldFault } from '#contract/gateway-responses.ts';
import { type Guarantee, guarantees, type Priority, priorities } from '#contract/outbound-sms.ts';
import type { Route } from '#contract/routes.ts';
import { isCodeOrName, senderForms } from '#contract/sender.ts';
import { type Encoding, segmentText } from '#contract/text/segments.ts';
import { type Candidates, candidatesFor } from './choose-carrier.ts';
import { metadata, reference } from './client-data.ts';
import { refuse, shorten, show, typeOf } from './faults.ts';
import { ApiError } from './http.ts';
import { parseE164 } from './phone-number.ts';

/** What a client asks for by POST /v1/messages, checked and completed. */
export interface SendRequest {
  readonly to: string;
  /** Undefined: the carrier's own. */
  readonly from: string | undefined;
  readonly text: string;
  readonly encoding: Encoding;
  readonly segments: number;
  readonly candidates: Candidates;
  readonly priority: Priority;
  readonly guarantee: Guarantee;
  readonly validitySeconds: number;
  readonly receipt: boolean;
  readonly reference: string | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

export const defaultMaxSegments = 10;
const maxValiditySeconds = 3 * 86_400;
const defaultValiditySeconds: Readonly<Record<Priority, number>> = { urgent: 10 * 60, normal: 86_400 };

const recipient = z.string().transform((given, context) => {
  const number = parseE164(given);
  if (number !== undefined) return number;
  return refuse(context, `must be a phone number in E.164, such as +447700900123, got ${show(given)}`);
});

/** A number of up to 8 digits is a short code; of E.164 numbers with a "+" any length is one. */
const sender = z.string().transform((given, context) => {
  if (isCodeOrName(given)) return given;
  const number = parseE164(given);
  if (number !== undefined) return number;
  return refuse(context, `must be a phone number in E.164, ${senderForms}, got ${show(given)}`);
});

const textOf = (maxSegments: number) =>
  z.string().transform((given, context) => {
    const fault = faultOfText(given);
    if (fault !== undefined) return refuse(context, fault);
    const { encoding, segments } = segmentText(given);
    if (segments.length <= maxSegments) return { text: given, encoding, segments: segments.length };
    return refuse(context, `must fit into ${maxSegments} segments, takes ${segments.length} (${encoding})`);
  });

const validityFault = {
  error: ({ input }: z.core.$ZodRawIssue) =>
    `must be a whole number of seconds, 1 to ${maxValiditySeconds}, got ${show(input)}`,
};
const validity = z
  .number(validityFault)
  .refine((given) => Number.isInteger(given) && given >= 1 && given <= maxValiditySeconds, validityFault);

const schemaOf = (maxSegments: number) =>
  z.strictObject({
    to: recipient,
    from: sender.optional(),
    text: textOf(maxSegments),
    carrier: z.string().optional(),
    priority: z.enum(priorities).default('normal'),
    guarantee: z.enum(guarantees).default('at-least-once'),
    validitySeconds: validity.optional(),
    receipt: z.boolean().default(true),
    reference: reference.optional(),
    metadata: metadata.optional(),
  });

const maxFaults = 20;

/** Made once per process. What it gives throws `ApiError` with all faults at once; none quotes the text. */
export function sendRequestParser(
  routes: readonly Route[],
  maxSegments = defaultMaxSegments,
): (body: unknown) => SendRequest {
  const schema = schemaOf(maxSegments);
  return (body) => {
    const parsed = schema.safeParse(body, { error: describe });
    if (!parsed.success) throw invalidRequest(parsed.error.issues.flatMap((issue) => faultsOf(issue, schema)));
    const { from, text, carrier, validitySeconds, reference, metadata, ...rest } = parsed.data;
    return {
      ...rest,
      ...text,
      from,
      candidates: carrier === undefined ? servingRoutes(routes, rest.to) : namedRoute(routes, carrier),
      validitySeconds: validitySeconds ?? defaultValiditySeconds[rest.priority],
      reference,
      metadata,
    };
  };
}

function servingRoutes(routes: readonly Route[], to: string): Candidates {
  const candidates = candidatesFor(routes, to);
  if (candidates !== undefined) return candidates;
  throw invalidRequest([{ field: 'to', message: `no carrier serves ${to}` }]);
}

function namedRoute(routes: readonly Route[], carrier: string): Candidates {
  const named = routes.find((route) => route.carrier === carrier);
  if (named !== undefined) return [named];
  const known = routes.map((route) => JSON.stringify(route.carrier)).join(', ');
  throw invalidRequest([{ field: 'carrier', message: `must be one of ${known}, got ${show(carrier)}` }]);
}

/** Other control characters may be meant (line breaks are): they are for the SMSC and the handset to judge. */
function faultOfText(given: string): string | undefined {
  if (given === '') return 'must not be empty';
  if (!given.isWellFormed()) return 'must be well-formed Unicode, has a surrogate without its other half';
  if (given.includes('\0')) return 'must not contain NUL (U+0000)';
  return undefined;
}

function describe(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be of type ${issue.expected}, got ${typeOf(issue.input)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => show(value)).join(' or ')}, got ${show(issue.input)}`;
    default:
      return undefined;
  }
}

function faultsOf(issue: z.core.$ZodIssue, { shape }: z.ZodObject): FieldFault[] {
  if (issue.code === 'unrecognized_keys') {
    const message = `is not known; allowed: ${Object.keys(shape).join(', ')}`;
    return issue.keys.slice(0, maxFaults).map((key) => ({ field: shorten(key), message }));
  }
  return [{ field: issue.path.length === 0 ? 'body' : shorten(issue.path.join('.')), message: issue.message }];
}

function invalidRequest(faults: readonly FieldFault[]): ApiError {
  return new ApiError('invalid-request', { errors: faults.slice(0, maxFaults) });
}
