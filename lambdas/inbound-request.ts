import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod';
import { carrierName } from '#contract/carrier-name.ts';
import { refuse, show } from './faults.ts';
import type { InboundFilter } from './inbound-item.ts';
import { plainAddress } from './owner-of-receipt.ts';
import { invalidRequest, parseRequest } from './request-faults.ts';

/** What a client asks for by GET /v1/inbound, checked and completed. */
export interface InboundRequest {
  readonly where: InboundFilter;
  /** Of these times, without the two themselves, in ISO 8601 and UTC. */
  readonly after: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
  /** Where the page before ended. */
  readonly position: string | undefined;
}

const maxLimit = 100;
const defaultLimit = 20;

const address = z.string().trim().min(1, 'must not be empty').max(64, 'must have at most 64 characters');

const time = z.string().transform((given, context) => {
  const at = z.iso.datetime({ offset: true }).safeParse(given).success ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(at)) return refuse(context, `must be a time such as 2026-01-31T12:00:00Z, got ${show(given)}`);
  return new Date(at).toISOString();
});

const limit = z.string().transform((given, context) => {
  const value = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (value >= 1 && value <= maxLimit) return value;
  return refuse(context, `must be a whole number, 1 to ${maxLimit}, got ${show(given)}`);
});

const positions = /^\d{4}-\d\d-\d\dT(24|\d\d:\d\d:\d\d\.\d{3}Z#.{0,300})$/s;

const cursor = z.string().transform((given, context) => {
  const position = Buffer.from(given.slice(0, 1_000), 'base64url').toString();
  const isOurs = positions.test(position) && writeCursor(position) === given;
  if (isOurs && !Number.isNaN(Date.parse(position.slice(0, 10)))) return position;
  return refuse(context, `must be the cursor of an answer, got ${show(given)}`);
});

const query = z.strictObject({
  from: address.optional(),
  to: address.optional(),
  carrier: carrierName.optional(),
  after: time.optional(),
  before: time.optional(),
  limit: limit.optional(),
  cursor: cursor.optional(),
});

/** Throws `ApiError` `invalid-request`. */
export function parseInboundRequest(event: APIGatewayProxyEvent): InboundRequest {
  const given = Object.entries(event.multiValueQueryStringParameters ?? {});
  const repeated = given.flatMap(([name, values = []]) => (values.length > 1 && name in query.shape ? [name] : []));
  if (repeated.length > 0) {
    throw invalidRequest(repeated.map((field) => ({ field, message: 'must be given once' })));
  }
  const asked = parseRequest(query, Object.fromEntries(given.map(([name, values = []]) => [name, values[0]])));
  const { from, to, carrier, after, before, limit: count = defaultLimit, cursor: position } = asked;
  return {
    where: {
      ...(carrier !== undefined && { carrier }),
      ...(from !== undefined && { sender: plainAddress(from) }),
      ...(to !== undefined && { recipient: plainAddress(to) }),
    },
    after,
    before,
    limit: count,
    position,
  };
}

export function writeCursor(position: string): string {
  return Buffer.from(position).toString('base64url');
}
