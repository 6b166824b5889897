import type { Guarantee, OutboundSms, Priority } from '#contract/outbound-sms.ts';
import type { Route } from '#contract/routes.ts';
import { type Candidates, candidatesFor } from './choose-carrier.ts';
import { show } from './faults.ts';
import { type FittingRoute, fittingRoutes } from './fitting-route.ts';
import { messageFields, type Recipient } from './message-fields.ts';
import { invalidRequest, parseRequest } from './request-faults.ts';

/** What a client asks for by POST /v1/messages, checked and completed. */
export interface SendRequest {
  readonly to: string;
  /** Undefined: the carrier's own. */
  readonly from: string | undefined;
  readonly toAddressing: OutboundSms['toAddressing'];
  readonly fromAddressing: OutboundSms['fromAddressing'];
  /** Each with the message as it is for that carrier. */
  readonly candidates: Candidates<FittingRoute>;
  readonly priority: Priority;
  readonly guarantee: Guarantee;
  readonly validitySeconds: number;
  readonly receipt: boolean;
  readonly reference: string | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

export const defaultMaxSegments = 10;
const defaultValiditySeconds: Readonly<Record<Priority, number>> = { urgent: 10 * 60, normal: 86_400 };

/**
 * Made once per process. What it gives throws `ApiError` with all faults at once, those that depend on the carrier once there are
 * no others; none quotes the text.
 */
export function sendRequestParser(
  routes: readonly Route[],
  maxSegments = defaultMaxSegments,
): (body: unknown) => SendRequest {
  return (body) => {
    const { text, smart, tlvs = new Map(), carrier, to, ...rest } = parseRequest(messageFields, body);
    const { from, toAddressing, fromAddressing, validitySeconds, reference, metadata, ...others } = rest;
    const serving = carrier === undefined ? servingRoutes(routes, to) : namedRoute(routes, carrier);
    return {
      ...others,
      to: to.number,
      from,
      toAddressing,
      fromAddressing,
      candidates: fittingRoutes(serving, { text, smart, tlvs }, maxSegments),
      validitySeconds: validitySeconds ?? defaultValiditySeconds[rest.priority],
      reference,
      metadata,
    };
  };
}

export function servingRoutes(routes: readonly Route[], { number, given }: Recipient): Candidates {
  const candidates = candidatesFor(routes, number);
  if (candidates !== undefined) return candidates;
  const readAs = given === number ? '' : `, which is ${number}`;
  const message = `must begin with a prefix that a carrier serves (${servedPrefixes(routes)}), got ${show(given)}${readAs}`;
  throw invalidRequest([{ field: 'to', message }]);
}

const maxPrefixesTold = 20;

function servedPrefixes(routes: readonly Route[]): string {
  const served = [...new Set(routes.flatMap(({ prefixes }) => prefixes))].map((prefix) => `+${prefix}`);
  const others = served.length > maxPrefixesTold ? ` and ${served.length - maxPrefixesTold} others` : '';
  return `${served.slice(0, maxPrefixesTold).join(', ')}${others}`;
}

export function namedRoute(routes: readonly Route[], carrier: string): Candidates {
  const named = routes.find((route) => route.carrier === carrier);
  if (named !== undefined) return [named];
  const known = routes.map((route) => JSON.stringify(route.carrier)).join(', ');
  throw invalidRequest([{ field: 'carrier', message: `must be one of ${known}, got ${show(carrier)}` }]);
}
