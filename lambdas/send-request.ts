import { z } from 'zod';
import type { FieldFault } from '#contract/gateway-responses.ts';
import { type Guarantee, guarantees, type Priority, priorities } from '#contract/outbound-sms.ts';
import type { Route } from '#contract/routes.ts';
import { type Encoding, segmentText } from '#contract/text/segments.ts';
import { chooseCarrier } from './choose-carrier.ts';
import { ApiError } from './http.ts';
import { parseE164 } from './phone-number.ts';

/** What a client asks for by POST /v1/messages, checked and completed. */
export interface SendRequest {
  readonly to: string;
  readonly from: string | undefined;
  readonly text: string;
  readonly encoding: Encoding;
  readonly segments: number;
  readonly route: Route;
  readonly priority: Priority;
  readonly guarantee: Guarantee;
  readonly validitySeconds: number;
}

const maxSegments = 10;
const maxValiditySeconds = 3 * 86_400;
const defaultValiditySeconds: Readonly<Record<Priority, number>> = { urgent: 10 * 60, normal: 86_400 };

const recipient = z.string().transform((given, context) => {
  const number = parseE164(given);
  if (number !== undefined) return number;
  return refuse(context, `must be a phone number in E.164, such as +447700900123, got ${show(given)}`);
});

/** A number of up to 8 digits is a short code; of E.164 numbers with a "+" any length is one. */
const sender = z.string().transform((given, context) => {
  if (/^\d{3,8}$/.test(given) || /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(given)) return given;
  const number = parseE164(given);
  if (number !== undefined) return number;
  const allowed = 'a phone number in E.164, 3 to 8 digits, or 1 to 11 letters, digits and spaces with a letter';
  return refuse(context, `must be ${allowed}, got ${show(given)}`);
});

const text = z.string().transform((given, context) => {
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

const sendRequest = z.strictObject({
  to: recipient,
  from: sender.optional(),
  text,
  carrier: z.string().optional(),
  priority: z.enum(priorities).default('normal'),
  guarantee: z.enum(guarantees).default('at-least-once'),
  validitySeconds: validity.optional(),
});

const fieldNames = Object.keys(sendRequest.shape).join(', ');
const maxFaults = 20;

/** Throws `ApiError` with all faults at once; none quotes the text. */
export function parseSendRequest(body: unknown, routes: readonly Route[]): SendRequest {
  const parsed = sendRequest.safeParse(body, { error: describe });
  if (!parsed.success) throw invalidRequest(parsed.error.issues.flatMap(faultsOf));
  const { to, from, text: content, carrier, priority, guarantee, validitySeconds } = parsed.data;
  const route = routeFor(routes, to, carrier);
  return {
    ...content,
    to,
    from: from ?? route.defaultSender,
    route,
    priority,
    guarantee,
    validitySeconds: validitySeconds ?? defaultValiditySeconds[priority],
  };
}

function routeFor(routes: readonly Route[], to: string, carrier: string | undefined): Route {
  if (carrier === undefined) {
    const chosen = chooseCarrier(routes, to);
    if (chosen === undefined) throw invalidRequest([{ field: 'to', message: `no carrier serves ${to}` }]);
    return chosen;
  }
  const named = routes.find((route) => route.carrier === carrier);
  if (named !== undefined) return named;
  const known = routes.map((route) => JSON.stringify(route.carrier)).join(', ');
  throw invalidRequest([{ field: 'carrier', message: `must be one of ${known}, got ${show(carrier)}` }]);
}

function faultOfText(given: string): string | undefined {
  if (given === '') return 'must not be empty';
  if (!given.isWellFormed()) return 'must be well-formed Unicode, has a surrogate without its other half';
  if (given.includes('\0')) return 'must not contain NUL (U+0000)';
  return undefined;
}

function refuse(context: z.core.$RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
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

function faultsOf(issue: z.core.$ZodIssue): FieldFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: shorten(key), message: `is not known; allowed: ${fieldNames}` }));
  }
  return [{ field: issue.path.length === 0 ? 'body' : issue.path.join('.'), message: issue.message }];
}

function invalidRequest(faults: readonly FieldFault[]): ApiError {
  return new ApiError('invalid-request', { errors: faults.slice(0, maxFaults) });
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** A value as the answer quotes it: short, and never more than one level of it. */
function show(value: unknown): string {
  return typeof value === 'object' ? typeOf(value) : shorten(JSON.stringify(value) ?? 'nothing');
}

function shorten(given: string): string {
  const longest = 60;
  return given.length <= longest ? given : `${given.slice(0, longest).toWellFormed()}…`;
}
