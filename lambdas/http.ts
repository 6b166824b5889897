import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type FieldFault, gatewayResponses, problemContentType, problemJson } from '#contract/gateway-responses.ts';
import { toError } from '#contract/to-error.ts';
import { isFromAws } from './aws-faults.ts';
import { describeError } from './log.ts';
import type { Log } from './ports.ts';

/** The one table of what goes wrong and what the client is told. Codes are stable. */
const problems = {
  'invalid-json': { status: 400, title: 'The body is not JSON in UTF-8' },
  'invalid-request': { status: 400, title: gatewayResponses.BAD_REQUEST_BODY.title },
  forbidden: gatewayResponses.ACCESS_DENIED,
  'message-not-found': { status: 404, title: 'There is no such message' },
  'unsupported-media-type': gatewayResponses.UNSUPPORTED_MEDIA_TYPE,
  'internal-error': gatewayResponses.API_CONFIGURATION_ERROR,
  /** A service that we need did not take what we gave it. */
  unavailable: { status: 503, title: 'The gateway cannot take messages now', retryAfterSeconds: 5 },
} as const;

export type ProblemCode = keyof typeof problems;

interface ApiErrorOptions extends ErrorOptions {
  readonly detail?: string;
  readonly errors?: readonly FieldFault[];
}

/** Thrown by what a handler calls; becomes the answer that `problems` has for its code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: readonly FieldFault[] | undefined;

  constructor(code: ProblemCode, { detail, errors, ...options }: ApiErrorOptions = {}) {
    super(detail ?? problems[code].title, options);
    this.code = code;
    this.detail = detail;
    this.errors = errors;
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

export function jsonAnswer(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return { statusCode, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The JSON value in the body. Throws `ApiError` where there is none. */
export function readJsonBody(event: APIGatewayProxyEvent): unknown {
  const mediaType = headerOf(event, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') throw new ApiError('unsupported-media-type');
  if (event.body === null) throw new ApiError('invalid-json', { detail: 'the body is empty' });
  try {
    return JSON.parse(event.isBase64Encoded ? decodeUtf8(event.body) : event.body);
  } catch (cause) {
    throw new ApiError('invalid-json', { cause });
  }
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

function problemAnswer({ code, detail, errors }: ApiError): APIGatewayProxyResult {
  const problem = problems[code];
  const retryAfter = 'retryAfterSeconds' in problem ? { 'retry-after': String(problem.retryAfterSeconds) } : {};
  return {
    statusCode: problem.status,
    headers: { 'content-type': problemContentType, ...retryAfter },
    body: problemJson({ status: problem.status, code, title: problem.title }, { detail, errors }),
  };
}

function headerOf({ headers }: APIGatewayProxyEvent, wanted: string): string | undefined {
  const entry = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === wanted);
  return entry?.[1];
}

function decodeUtf8(base64: string): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
}
