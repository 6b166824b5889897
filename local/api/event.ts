import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { accountId, region } from '../aws.ts';
import type { Match } from './routes.ts';

export const stage = 'local';
const apiId = 'local';

export interface ApiRequest {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly match: Match;
  readonly apiKey: string;
  readonly apiKeyId: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The event of a REST API's Lambda proxy integration (payload 1.0):
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function toProxyEvent(from: ApiRequest): APIGatewayProxyEvent {
  const { request, path, body, match } = from;
  const headers = group(headersOf(request));
  const query = group([...new URLSearchParams(from.query)]);
  return {
    resource: match.route.resource,
    path,
    httpMethod: match.route.method,
    headers: lastOfEach(headers),
    multiValueHeaders: headers,
    queryStringParameters: nullIfEmpty(lastOfEach(query)),
    multiValueQueryStringParameters: nullIfEmpty(query),
    pathParameters: nullIfEmpty({ ...match.pathParameters }),
    stageVariables: null,
    requestContext: toRequestContext(from),
    body: body.length === 0 ? null : body.toString('utf8'),
    isBase64Encoded: false,
  };
}

/** The context object that a function gets beside its event. */
export function lambdaContext(
  functionName: string,
  awsRequestId: string,
  deadline: number,
  now: () => number,
): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
    memoryLimitInMB: '512',
    awsRequestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: stage,
    getRemainingTimeInMillis: () => Math.max(0, deadline - now()),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

function toRequestContext(from: ApiRequest): APIGatewayProxyEvent['requestContext'] {
  const { request, path, match, requestId, now } = from;
  return {
    accountId,
    apiId,
    authorizer: null,
    domainName: request.headers.host ?? '127.0.0.1',
    domainPrefix: apiId,
    extendedRequestId: requestId,
    httpMethod: match.route.method,
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: from.apiKey,
      apiKeyId: from.apiKeyId,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: sourceIpOf(request),
      user: null,
      userAgent: request.headers['user-agent'] ?? null,
      userArn: null,
    },
    // Without the stage, as behind a domain name of one's own.
    path,
    protocol: `HTTP/${request.httpVersion}`,
    requestId,
    requestTime: commonLogTime(now),
    requestTimeEpoch: now,
    resourceId: match.route.resource,
    resourcePath: match.route.resource,
    stage,
  };
}

/** Of one connection only, and so not passed on: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
const hopByHop = new Set(['connection', 'expect', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** With the case as the client wrote it, and with those that API Gateway adds. */
function headersOf(request: IncomingMessage): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(index, index + 2);
    if (!hopByHop.has(name.toLowerCase())) pairs.push([name, value]);
  }
  pairs.push(
    ['X-Forwarded-For', sourceIpOf(request)],
    ['X-Forwarded-Port', String(request.socket.localPort ?? 0)],
    ['X-Forwarded-Proto', 'http'],
  );
  return pairs;
}

function sourceIpOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? '127.0.0.1';
}

function group(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const groups: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs) groups[name] = [...(groups[name] ?? []), value];
  return { ...groups };
}

/** Of a name that occurs more than once the single-value map has the last. */
function lastOfEach(groups: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values.at(-1) ?? '']));
}

function nullIfEmpty<Values extends object>(values: Values): Values | null {
  return Object.keys(values).length === 0 ? null : values;
}

/** Common log format: `23/Nov/2026:04:44:28 +0000`. */
function commonLogTime(now: number): string {
  const [, day, month, year, time] = new Date(now).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
