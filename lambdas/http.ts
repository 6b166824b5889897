import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import {
  type FieldFault,
  gatewayResponses,
  type ProblemKind,
  problemContentType,
  problemJson,
} from '#contract/gateway-responses.ts';
import { toError } from '#contract/to-error.ts';
import { isFromAws } from './aws-faults.ts';
import { describeError } from './log.ts';
import type { Log } from './ports.ts';
import { faultOfJson } from './strict-json.ts';

/** The one table of what goes wrong and what the client is told. Codes are stable; docs/errors.md explains each. */
export const problems = {
  'invalid-json': { status: 400, title: 'The body is not JSON in UTF-8' },
  'invalid-request': { status: 400, title: gatewayResponses.BAD_REQUEST_BODY.title },
  forbidden: gatewayResponses.ACCESS_DENIED,
  /** Where API Gateway takes a path for one that a function serves. */
  'route-not-found': gatewayResponses.MISSING_AUTHENTICATION_TOKEN,
  'message-not-found': { status: 404, title: 'There is no such message' },
  /** While it is, a request takes a moment; after a crash, until its lease has lapsed (`claims.ts`). */
  'idempotency-in-progress': {
    status: 409,
    title: 'The first request with this Idempotency-Key is still being answered',
    retryAfterSeconds: 1,
  },
  'outcome-unknown': { status: 409, title: 'It cannot be known any more whether the message was accepted' },
  'idempotency-key-reused': { status: 422, title: 'This Idempotency-Key was used with another body' },
  'unsupported-media-type': gatewayResponses.UNSUPPORTED_MEDIA_TYPE,
  'internal-error': gatewayResponses.API_CONFIGURATION_ERROR,
  /** A service that we need did not take what we gave it. */
  unavailable: { status: 503, title: 'The gateway cannot take messages now', retryAfterSeconds: 5 },
} as const satisfies Record<string, Omit<ProblemKind, 'code'>>;

export type ProblemCode = keyof typeof problems;

interface ApiErrorOptions extends ErrorOptions {
  readonly detail?: string;
  readonly errors?: readonly FieldFault[];
  readonly messageId?: string;
}

/** Thrown by what a handler calls; becomes the answer that `problems` has for its code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: readonly FieldFault[] | undefined;
  /** The message that it is about, where there is one. */
  readonly messageId: string | undefined;

  constructor(code: ProblemCode, { detail, errors, messageId, ...options }: ApiErrorOptions = {}) {
    super(detail ?? problems[code].title, options);
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.messageId = messageId;
  }
}

type HttpHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** A handler that always answers: with what `answer` gives, or with the problem that it threw. */
export function httpHandler(log: Log, answer: HttpHandler): HttpHandler {
  return async (event) => {
    try {
      return await answer(event);
    } catch (cause) {
      return problemAnswer(apiErrorOf(toError(cause), log));
    }
  };
}

type Headers = Readonly<Record<string, string>>;

export function jsonAnswer(statusCode: number, body: unknown, headers: Headers = {}): APIGatewayProxyResult {
  return jsonTextAnswer(statusCode, JSON.stringify(body), headers);
}

export function jsonTextAnswer(statusCode: number, json: string, headers: Headers = {}): APIGatewayProxyResult {
  return { statusCode, headers: { 'content-type': 'application/json', ...headers }, body: json };
}

/** The JSON value in the body. Throws `ApiError` where there is none. */
export function readJsonBody(event: APIGatewayProxyEvent): unknown {
  const mediaType = headerValues(event, 'content-type').at(-1)?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') throw new ApiError('unsupported-media-type');
  if (event.body === null) throw new ApiError('invalid-json', { detail: 'the body is empty' });
  let json: string;
  let value: unknown;
  try {
    json = event.isBase64Encoded ? decodeUtf8(event.body) : event.body;
    value = JSON.parse(json);
  } catch (cause) {
    throw new ApiError('invalid-json', { cause });
  }
  const fault = faultOfJson(json);
  if (fault !== undefined) throw new ApiError('invalid-request', { errors: [fault] });
  return value;
}

/** What the client sent under this name, in order; of several headers the plain map has only the last. */
export function headerValues({ headers, multiValueHeaders }: APIGatewayProxyEvent, name: string): string[] {
  const entries = Object.entries<string | string[] | undefined>({ ...headers, ...multiValueHeaders });
  const found = entries.find(([given]) => given.toLowerCase() === name.toLowerCase());
  return [found?.[1] ?? []].flat();
}

/**
 * Who calls: the API key, else the IAM principal. Of an assumed role the session's name is cut off, since it
 * differs from one call to the next.
 */
export function clientOf({ requestContext: { identity } }: APIGatewayProxyEvent): string {
  const client = identity.apiKeyId ?? identity.userArn?.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1');
  if (!client) throw new ApiError('forbidden', { detail: 'the call names neither an API key nor an IAM principal' });
  return client;
}

function apiErrorOf(error: Error, log: Log): ApiError {
  if (error instanceof ApiError) return error;
  log.error('a request failed', describeError(error));
  return new ApiError(isFromAws(error) ? 'unavailable' : 'internal-error', { cause: error });
}

function problemAnswer({ code, detail, errors, messageId }: ApiError): APIGatewayProxyResult {
  const { status, title, retryAfterSeconds }: Omit<ProblemKind, 'code'> = problems[code];
  return {
    statusCode: status,
    headers: {
      'content-type': problemContentType,
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
    body: problemJson({ status, code, title }, { detail, errors, messageId }),
  };
}

function decodeUtf8(base64: string): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
}
