/**
 * Errors that API Gateway answers by itself, before or instead of a handler, in the form of ours: infra makes
 * a GatewayResponse of each, the local API answers the same.
 * Types: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-responses.html
 */

export const problemContentType = 'application/problem+json';

export interface ProblemKind {
  readonly status: number;
  /** Stable: clients compare this. */
  readonly code: string;
  readonly title: string;
  /** Sent as `Retry-After`, where coming again is of use. */
  readonly retryAfterSeconds?: number;
}

export interface FieldFault {
  readonly field: string;
  /** What is allowed and what was given; never the text of a message. */
  readonly message: string;
}

export interface ProblemDetails {
  readonly detail?: string | undefined;
  readonly errors?: readonly FieldFault[] | undefined;
  /** The message that it is about, where there is one. */
  readonly messageId?: string | undefined;
}

const forbidden = { status: 403, code: 'forbidden', title: 'The caller may not do this' };
const invalidApiKey = { status: 403, code: 'invalid-api-key', title: 'x-api-key is missing or unknown' };
const invalidRequest = { status: 400, code: 'invalid-request', title: 'The request is not valid' };
const routeNotFound = { status: 404, code: 'route-not-found', title: 'There is no such route' };
const throttled = { status: 429, code: 'throttled', title: 'Too many requests', retryAfterSeconds: 1 };
const internalError = { status: 500, code: 'internal-error', title: 'The gateway failed' };
const badGateway = { status: 502, code: 'bad-gateway', title: 'The gateway gave no readable answer' };
const timeout = { status: 504, code: 'timeout', title: 'The gateway did not answer in time' };

export const gatewayResponses = {
  ACCESS_DENIED: forbidden,
  API_CONFIGURATION_ERROR: internalError,
  AUTHORIZER_CONFIGURATION_ERROR: internalError,
  AUTHORIZER_FAILURE: internalError,
  BAD_REQUEST_BODY: invalidRequest,
  BAD_REQUEST_PARAMETERS: invalidRequest,
  DEFAULT_4XX: invalidRequest,
  // Where a Lambda crashed, API Gateway says 502.
  DEFAULT_5XX: badGateway,
  EXPIRED_TOKEN: forbidden,
  INTEGRATION_FAILURE: timeout,
  INTEGRATION_TIMEOUT: timeout,
  INVALID_API_KEY: invalidApiKey,
  INVALID_SIGNATURE: forbidden,
  // What API Gateway says of a path or method that it does not know.
  MISSING_AUTHENTICATION_TOKEN: routeNotFound,
  QUOTA_EXCEEDED: { status: 429, code: 'quota-exceeded', title: 'The quota of this API key is used up' },
  REQUEST_TOO_LARGE: { status: 413, code: 'request-too-large', title: 'The request is larger than 10 MB' },
  RESOURCE_NOT_FOUND: routeNotFound,
  THROTTLED: throttled,
  UNAUTHORIZED: { status: 401, code: 'unauthorized', title: 'The caller is unknown' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported-media-type',
    title: 'content-type must be application/json',
  },
  WAF_FILTERED: forbidden,
} as const satisfies Record<string, ProblemKind>;

/** With `"auth": "iam"`, where API Gateway says the same of a call that is not signed as of one without a route. */
export const gatewayResponsesWithIam = {
  ...gatewayResponses,
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    code: 'unsigned',
    title: 'The call is not signed, or there is no such route',
  },
} as const satisfies Record<string, ProblemKind>;

export type GatewayResponseType = keyof typeof gatewayResponses;

/** The body of an error, as RFC 9457 has it. */
export function problemJson({ status, code, title }: ProblemKind, details: ProblemDetails = {}): string {
  return JSON.stringify({ type: `urn:aws-smpp-gateway:problem:${code}`, title, status, code, ...details });
}
