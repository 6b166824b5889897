import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod';
import type { FieldFault } from '#contract/gateway-responses.ts';
import { shorten, show, typeOf } from './faults.ts';
import { ApiError } from './http.ts';

/** What a schema refused, as the client is told: all faults at once, up to twenty. */

const maxFaults = 20;

/** `body` as `schema` describes it. Throws `ApiError` `invalid-request`; no fault quotes a text. */
export function parseRequest<Schema extends z.ZodObject>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body, { error: describe });
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error.issues.flatMap((issue) => faultsOf(issue, schema)));
}

export function invalidRequest(faults: readonly FieldFault[]): ApiError {
  return new ApiError('invalid-request', { errors: faults.slice(0, maxFaults) });
}

/** For what takes no parameters in its query: one that was meant to change what it does must not go unheard. */
export function refuseParameters({ multiValueQueryStringParameters }: APIGatewayProxyEvent): void {
  const names = Object.keys(multiValueQueryStringParameters ?? {});
  if (names.length === 0) return;
  throw invalidRequest(names.map((name) => ({ field: shorten(name), message: 'is not known; allowed: none' })));
}

function describe(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${typeInWords(issue.expected)}, got ${given(issue)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => show(value)).join(' or ')}, got ${show(issue.input)}`;
    default:
      return undefined;
  }
}

function typeInWords(expected: string): string {
  return expected === 'boolean' ? 'true or false' : `of type ${expected}`;
}

/** The body may be what was meant as the text. */
function given({ path = [], input }: z.core.$ZodRawIssue): string {
  return path.length === 0 || path[0] === 'text' ? typeOf(input) : show(input);
}

function faultsOf(issue: z.core.$ZodIssue, { shape }: z.ZodObject): FieldFault[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    const message = `is not known; allowed: ${Object.keys(shape).join(', ')}`;
    return issue.keys.slice(0, maxFaults).map((key) => ({ field: shorten(key), message }));
  }
  return [{ field: issue.path.length === 0 ? 'body' : shorten(issue.path.join('.')), message: issue.message }];
}
