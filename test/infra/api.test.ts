import {
  gatewayResponses,
  gatewayResponsesWithIam,
  problemContentType,
  problemJson,
} from '#contract/gateway-responses.ts';
import { templateOf } from '../support/stack.ts';
import { account, region, type Template } from '../support/template.ts';

const template = templateOf();
const signed = templateOf({ auth: 'iam' });
const limited = templateOf({ requestsPerSecond: 7, burst: 9, apiKeys: ['shop', 'clinic'] });

interface Method {
  readonly HttpMethod: string;
  readonly ResourceId: string;
  readonly AuthorizationType: string;
  readonly ApiKeyRequired?: boolean;
  readonly Integration: { readonly Type: string; readonly Uri: string };
}

function methodsOf(of: Template): Method[] {
  return of.all('ApiGateway::Method').map(({ properties }) => properties as unknown as Method);
}

/** `POST /v1/messages`. */
function routeOf(of: Template, { HttpMethod, ResourceId }: Method): string {
  const parts: string[] = [];
  for (let id = ResourceId; !id.startsWith('root of '); ) {
    const resource = of.all('ApiGateway::Resource').find((each) => each.id === id);
    parts.unshift(String(resource?.properties.PathPart));
    id = String(resource?.properties.ParentId);
  }
  return `${HttpMethod} /${parts.join('/')}`;
}

const functions = {
  'POST /v1/messages': 'Gateway/SendMessage',
  'POST /v1/messages/preview': 'Gateway/PreviewMessage',
  'GET /v1/messages/{id}': 'Gateway/GetMessage',
  'GET /v1/carriers': 'Gateway/ListCarriers',
  'GET /v1/inbound': 'Gateway/ListInbound',
};

test('each route calls its function with the whole request', () => {
  const called = methodsOf(template).map((method) => [routeOf(template, method), method.Integration]);
  expect(Object.fromEntries(called)).toEqual(
    Object.fromEntries(
      Object.entries(functions).map(([route, path]) => {
        const uri = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${template.arnAt(path)}/invocations`;
        return [route, { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: uri }];
      }),
    ),
  );
});

test('a function is called by its route in the deployed stage only, not by the console’s test button', () => {
  const api = `arn:aws:execute-api:${region}:${account}:${template.refAt('Gateway/Api/RestApi')}`;
  const permissions = template.all('Lambda::Permission').map(({ properties }) => properties);
  expect(permissions.filter(({ Principal }) => Principal === 'apigateway.amazonaws.com')).toEqual(
    Object.entries(functions).map(([route, path]) => ({
      Action: 'lambda:InvokeFunction',
      FunctionName: template.arnAt(path),
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `${api}/api/${route.replace(' ', '').replace('{id}', '*')}`,
    })),
  );
});

describe('with API keys', () => {
  test('each method asks for one', () => {
    expect(methodsOf(template)).toHaveLength(Object.keys(functions).length);
    for (const method of methodsOf(template)) {
      expect(method).toMatchObject({ ApiKeyRequired: true, AuthorizationType: 'NONE' });
    }
  });

  test('each name in the config is a key of the usage plan', () => {
    const plan = limited.refAt('Gateway/Api/RestApi/UsagePlan');
    const uses = ['shop', 'clinic'].map((name) => ({
      KeyId: limited.refAt(`Gateway/Api/Key-${name}`),
      KeyType: 'API_KEY',
      UsagePlanId: plan,
    }));
    expect(limited.all('ApiGateway::UsagePlanKey').map(({ properties }) => properties)).toEqual(uses);
    expect(limited.all('ApiGateway::ApiKey')).toHaveLength(2);
  });

  test('without names in the config there is one key', () => {
    expect(template.all('ApiGateway::ApiKey').map(({ properties }) => properties.Description)).toEqual(['default']);
  });

  test('the value of a key is AWS’s choice, and not in the template', () => {
    for (const { properties } of template.all('ApiGateway::ApiKey')) expect(properties).not.toHaveProperty('Value');
  });

  test('the usage plan is over the deployed stage', () => {
    expect(template.at('Gateway/Api/RestApi/UsagePlan').properties.ApiStages).toEqual([
      expect.objectContaining({ ApiId: template.refAt('Gateway/Api/RestApi'), Stage: 'api' }),
    ]);
  });
});

describe('with "auth": "iam"', () => {
  test('each method asks for a signature', () => {
    expect(methodsOf(signed)).toHaveLength(Object.keys(functions).length);
    for (const method of methodsOf(signed)) expect(method.AuthorizationType).toBe('AWS_IAM');
  });

  test('no method asks for a key', () => {
    for (const method of methodsOf(signed)) expect(method.ApiKeyRequired ?? false).toBe(false);
  });

  test.each(['ApiKey', 'UsagePlan', 'UsagePlanKey'])('there is no %s', (type) => {
    expect(signed.all(`ApiGateway::${type}`)).toEqual([]);
  });

  test('the stage is throttled all the same', () => {
    const [settings] = signed.at('Gateway/Api/RestApi/DeploymentStage.api').properties.MethodSettings as object[];
    expect(settings).toMatchObject({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 });
  });
});

test('a change of the methods is deployed', () => {
  const deployed = (of: Template) => of.all('ApiGateway::Deployment').map(({ id }) => id);
  expect(deployed(signed)).not.toEqual(deployed(template));
});

test('all methods of the stage share the config’s limits', () => {
  expect(limited.at('Gateway/Api/RestApi/DeploymentStage.api').properties.MethodSettings).toEqual([
    expect.objectContaining({ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 }),
  ]);
});

test('each key has the config’s limits', () => {
  expect(limited.at('Gateway/Api/RestApi/UsagePlan').properties.Throttle).toEqual({ RateLimit: 7, BurstLimit: 9 });
});

describe('the access log', () => {
  const stage = template.at('Gateway/Api/RestApi/DeploymentStage.api').properties;
  const { DestinationArn, Format } = stage.AccessLogSetting as { DestinationArn: string; Format: string };

  test('goes to the log group that forgets', () => {
    expect(DestinationArn).toBe(template.arnAt('Gateway/Api/AccessLog').replace(/:\*$/, ''));
  });

  test('is a line of JSON', () => {
    expect(Format).not.toContain('\n');
    expect(JSON.parse(Format)).toEqual(expect.any(Object));
  });

  test('has neither a body nor a header nor the value of a key', () => {
    const variables = [...Format.matchAll(/\$([\w.]+)/g)].map(([, name]) => name);
    expect(variables.sort()).toEqual([
      'context.error.responseType',
      'context.httpMethod',
      'context.identity.apiKeyId',
      'context.identity.sourceIp',
      'context.identity.userArn',
      'context.integrationErrorMessage',
      'context.integrationLatency',
      'context.path',
      'context.requestId',
      'context.requestTimeEpoch',
      'context.responseLatency',
      'context.status',
    ]);
  });

  test('is the only one: API Gateway writes no execution log, which would have bodies', () => {
    const [settings] = stage.MethodSettings as { LoggingLevel?: string; DataTraceEnabled?: boolean }[];
    expect(settings?.LoggingLevel ?? 'OFF').toBe('OFF');
    expect(settings?.DataTraceEnabled ?? false).toBe(false);
  });
});

describe('what API Gateway answers by itself', () => {
  const made = template.all('ApiGateway::GatewayResponse').map(({ properties }) => properties);

  test.each(Object.entries(gatewayResponses))('is ours for %s', (type, kind) => {
    const retry = 'retryAfterSeconds' in kind && {
      'gatewayresponse.header.Retry-After': `'${kind.retryAfterSeconds}'`,
    };
    expect(made.filter(({ ResponseType }) => ResponseType === type)).toEqual([
      {
        RestApiId: template.refAt('Gateway/Api/RestApi'),
        ResponseType: type,
        StatusCode: String(kind.status),
        ResponseTemplates: { 'application/json': problemJson(kind) },
        ResponseParameters: { 'gatewayresponse.header.Content-Type': `'${problemContentType}'`, ...retry },
      },
    ]);
  });

  test('of a call that is not signed, with "auth": "iam", is not that there is no such route', () => {
    const iam = templateOf({ auth: 'iam' })
      .all('ApiGateway::GatewayResponse')
      .map(({ properties }) => properties);
    const of = (type: string) => iam.find(({ ResponseType }) => ResponseType === type)?.ResponseTemplates;
    const { MISSING_AUTHENTICATION_TOKEN: unsigned, THROTTLED: throttled } = gatewayResponsesWithIam;
    expect(of('MISSING_AUTHENTICATION_TOKEN')).toEqual({ 'application/json': problemJson(unsigned) });
    expect(of('THROTTLED')).toEqual({ 'application/json': problemJson(throttled) });
  });

  test('has no other type', () => {
    expect(made.map(({ ResponseType }) => ResponseType).sort()).toEqual(Object.keys(gatewayResponses).sort());
  });

  test('is text for a mapping template: nothing in it is a variable or a directive of that', () => {
    for (const { ResponseTemplates } of made)
      expect(Object.values(ResponseTemplates as object).join()).not.toMatch(/[$#]/);
  });
});
