import type { APIGatewayProxyEvent } from 'aws-lambda';

interface RestCall {
  readonly body?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isBase64Encoded?: boolean;
}

const json = { 'Content-Type': 'application/json' };

/** A POST /v1/messages as a REST API hands it to its function (payload 1.0), whole: as API Gateway logs it. */
export function restEvent({
  body = null,
  headers = json,
  isBase64Encoded = false,
}: RestCall = {}): APIGatewayProxyEvent {
  const all: Record<string, string> = {
    Accept: '*/*',
    Host: 'abcde12345.execute-api.eu-west-1.amazonaws.com',
    'User-Agent': 'curl/8.5.0',
    'X-Amzn-Trace-Id': 'Root=1-69556f5e-2f1b3c4d5e6f708192a3b4c5',
    'x-api-key': 'a-key-of-twenty-characters',
    'X-Forwarded-For': '203.0.113.7',
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
    ...headers,
  };
  return {
    resource: '/v1/messages',
    path: '/v1/messages',
    httpMethod: 'POST',
    headers: all,
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext,
    body,
    isBase64Encoded,
  };
}

const requestContext: APIGatewayProxyEvent['requestContext'] = {
  resourceId: 'ab12cd',
  authorizer: null,
  resourcePath: '/v1/messages',
  httpMethod: 'POST',
  extendedRequestId: 'WsGhTF1sDoEEXyZ=',
  requestTime: '01/Jan/2026:00:00:00 +0000',
  path: '/prod/v1/messages',
  accountId: '123456789012',
  protocol: 'HTTP/1.1',
  stage: 'prod',
  domainPrefix: 'abcde12345',
  requestTimeEpoch: Date.UTC(2026, 0, 1),
  requestId: '0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f',
  identity: {
    cognitoIdentityPoolId: null,
    accountId: null,
    cognitoIdentityId: null,
    caller: null,
    apiKey: 'a-key-of-twenty-characters',
    apiKeyId: 'k1e2y3i4d5',
    sourceIp: '203.0.113.7',
    principalOrgId: null,
    accessKey: null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn: null,
    userAgent: 'curl/8.5.0',
    user: null,
    clientCert: null,
  },
  domainName: 'abcde12345.execute-api.eu-west-1.amazonaws.com',
  apiId: 'abcde12345',
};
