import { randomUUID } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { gatewayResponses, type ProblemKind, problemContentType, problemJson } from '#contract/gateway-responses.ts';
import { toError } from '#contract/to-error.ts';
import type { Clock } from '../../connector/clock.ts';
import { limit } from '../limit.ts';
import { readBody } from './body.ts';
import { lambdaContext, toProxyEvent } from './event.ts';
import { GatewayFault } from './gateway-fault.ts';
import { integrationTimeoutMs, invoke, type ProxyResult } from './integration.ts';
import { type ApiRoute, matchRoute } from './routes.ts';
import type { UsagePlan } from './usage-plan.ts';

/** API Gateway takes no more: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const maxPayloadBytes = 10_485_760;

/**
 * Functions and emulators share one thread here. With hundreds of calls at once each would be so slow that the
 * functions' own time-outs strike; Lambda has a concurrency limit as well.
 */
const atOnce = limit(50);

export interface ApiOptions {
  readonly routes: readonly ApiRoute[];
  readonly usagePlan: UsagePlan;
  readonly clock: Clock;
  /** A function has answered. */
  readonly onAnswer?: (event: APIGatewayProxyEvent, result: ProxyResult) => void;
  /** A function failed, or what it answered is no response. */
  readonly onError: (what: string, error: Error) => void;
}

/** Serves one request as a REST API in front of the functions does. Never rejects. */
export async function serveApi(options: ApiOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  response.setHeader('x-amzn-RequestId', requestId);
  try {
    const result = await answer(options, request, requestId);
    send(response, result);
  } catch (cause) {
    // A client that broke off gets no answer, and a response that is half out no second one.
    if (request.errored !== null || response.headersSent) response.destroy();
    else sendFault(options, response, cause);
  }
}

async function answer(options: ApiOptions, request: IncomingMessage, requestId: string): Promise<ProxyResult> {
  const { routes, usagePlan, clock } = options;
  const [path = '', query = ''] = splitOnce(request.url ?? '', '?');
  const match = matchRoute(routes, request.method ?? '', path);
  if (match === undefined) throw new GatewayFault('MISSING_AUTHENTICATION_TOKEN');
  const admission = usagePlan.admit(headerOf(request, 'x-api-key'));
  if (admission.kind === 'forbidden') throw new GatewayFault('INVALID_API_KEY');
  if (admission.kind === 'throttled') throw new GatewayFault('THROTTLED');
  const body = await readBody(request, maxPayloadBytes);
  if (body === 'too-large') throw new GatewayFault('REQUEST_TOO_LARGE');
  const now = clock.now();
  const event = toProxyEvent({ ...admission, request, path, query, body, match, requestId, now });
  const context = lambdaContext(match.route.functionName, requestId, now + integrationTimeoutMs, () => clock.now());
  const result = await atOnce(() => invoke(match.route.handler, event, context, clock));
  options.onAnswer?.(event, result);
  return result;
}

function send(response: ServerResponse, result: ProxyResult): void {
  const headers: OutgoingHttpHeaders = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(result.headers ?? {})) headers[name.toLowerCase()] = String(value);
  for (const [name, values] of Object.entries(result.multiValueHeaders ?? {})) {
    headers[name.toLowerCase()] = values.map(String);
  }
  const body = Buffer.from(result.body ?? '', result.isBase64Encoded === true ? 'base64' : 'utf8');
  response.writeHead(result.statusCode, headers);
  response.end(body);
}

/** The answer that API Gateway would give itself. Whatever is not a `GatewayFault` is the function's fault. */
function sendFault(options: ApiOptions, response: ServerResponse, cause: unknown): void {
  const fault = cause instanceof GatewayFault ? cause : new GatewayFault('DEFAULT_5XX', { cause });
  const kind: ProblemKind = gatewayResponses[fault.type];
  if (kind.status === 504) options.onError('a function did not answer in time', fault);
  if (kind.status === 502) options.onError('a function failed', toError(fault.cause));
  if (kind.retryAfterSeconds !== undefined) response.setHeader('retry-after', kind.retryAfterSeconds);
  response.writeHead(kind.status, { 'content-type': problemContentType, 'x-amzn-ErrorType': fault.type });
  response.end(problemJson(kind));
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
