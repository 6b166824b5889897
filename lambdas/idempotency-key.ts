import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { show } from './faults.ts';
import { ApiError, headerValues } from './http.ts';

const header = 'Idempotency-Key';

/** What the client calls this request, so that it may send it again; undefined when it says nothing. */
export function idempotencyKeyOf(event: APIGatewayProxyEvent): string | undefined {
  const values = headerValues(event, header);
  const [key] = values;
  if (key === undefined) return undefined;
  if (values.length === 1 && /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  const got = values.length === 1 ? show(key) : `${values.length} values`;
  const message = `must be one value of 1 to 255 printable ASCII characters, got ${got}`;
  throw new ApiError('invalid-request', { errors: [{ field: header, message }] });
}

/** The same for the same JSON value, in whatever order its keys are. The body's depth is bounded when it gets here. */
export function hashOfBody(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body, sortKeys)).digest('hex');
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
