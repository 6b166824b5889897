import type { Route } from '#contract/routes.ts';
import type { Candidates } from './choose-carrier.ts';
import { type FittingRoute, fittingRoutes } from './fitting-route.ts';
import { messageFields, type Recipient } from './message-fields.ts';
import { parseRequest } from './request-faults.ts';
import { namedRoute, servingRoutes } from './send-request.ts';

const previewFields = messageFields.extend({ to: messageFields.shape.to.optional() });

/**
 * Made once per process. Takes what `sendRequestParser` takes, and refuses what that refuses, so that the answer is true of the same
 * body when it is sent; but a recipient there need not be: without one, and without `carrier`, it is about the first of the routes.
 */
export function previewRequestParser(
  routes: readonly Route[],
  maxSegments: number,
): (body: unknown) => Candidates<FittingRoute> {
  return (body) => {
    const { to, carrier, text, smart, tlvs = new Map() } = parseRequest(previewFields, body);
    return fittingRoutes(servingAny(routes, { to, carrier }), { text, smart, tlvs }, maxSegments);
  };
}

interface Whither {
  readonly to: Recipient | undefined;
  readonly carrier: string | undefined;
}

function servingAny(routes: readonly Route[], { to, carrier }: Whither): Candidates {
  if (carrier !== undefined) return namedRoute(routes, carrier);
  if (to !== undefined) return servingRoutes(routes, to);
  return namedRoute(routes, routes[0]?.carrier ?? '');
}
