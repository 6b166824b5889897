import { Stack } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  ApiKey,
  AuthorizationType,
  EndpointType,
  type IApiKey,
  LambdaIntegration,
  LogGroupLogDestination,
  type MethodOptions,
  type Resource,
  ResponseType,
  RestApi,
  type ThrottleSettings,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  gatewayResponses,
  gatewayResponsesWithIam,
  type ProblemKind,
  problemContentType,
  problemJson,
} from '#contract/gateway-responses.ts';
import { acknowledge } from './acknowledged.ts';
import { GatewayLog } from './gateway-log.ts';

export interface ApiProps {
  readonly sendMessage: IFunction;
  readonly previewMessage: IFunction;
  readonly getMessage: IFunction;
  readonly listCarriers: IFunction;
  readonly listInbound: IFunction;
  readonly auth: 'api-key' | 'iam';
  /** Names of the keys that are made; none with `auth` "iam". */
  readonly apiKeys: readonly string[];
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly logRetention: RetentionDays;
}

/** The REST API: who may call, how often, and what it answers by itself. What a request says is the functions' business. */
export class Api extends Construct {
  readonly restApi: RestApi;
  readonly keys: ReadonlyMap<string, IApiKey>;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const throttle = { rateLimit: props.requestsPerSecond, burstLimit: props.burst };
    const accessLog = new GatewayLog(this, 'AccessLog', props.logRetention);
    this.restApi = new RestApi(this, 'RestApi', {
      restApiName: Stack.of(this).stackName,
      description: 'Sends SMS and tells what became of them',
      endpointTypes: [EndpointType.REGIONAL],
      // An account without this role, set once for the region, cannot have access logs.
      cloudWatchRole: true,
      deployOptions: {
        stageName: 'api',
        throttlingRateLimit: throttle.rateLimit,
        throttlingBurstLimit: throttle.burstLimit,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: accessLogFormat(),
      },
    });
    // The stack has an output of its own for it.
    this.restApi.node.tryRemoveChild('Endpoint');
    acknowledge(this.restApi, 'REST API');
    acknowledge(this.restApi.deploymentStage, 'API stage');
    acknowledge(this.restApi.node.findChild('CloudWatchRole'), 'API log role');
    const answers = props.auth === 'iam' ? gatewayResponsesWithIam : gatewayResponses;
    for (const [type, kind] of Object.entries(answers)) this.#answer(type, kind);
    this.#addRoutes(props);
    this.keys = new Map(props.apiKeys.map((name) => [name, new ApiKey(this, `Key-${name}`, { description: name })]));
    if (this.keys.size > 0) this.#addUsagePlan(throttle);
  }

  #addRoutes({ sendMessage, previewMessage, getMessage, listCarriers, listInbound, auth }: ApiProps): void {
    const options: MethodOptions =
      auth === 'iam' ? { authorizationType: AuthorizationType.IAM } : { apiKeyRequired: true };
    const add = (resource: Resource, method: string, handler: IFunction) => {
      // The console's test button calls the function past key and throttle.
      const integration = new LambdaIntegration(handler, { allowTestInvoke: false });
      acknowledge(resource.addMethod(method, integration, options), 'API method');
    };
    const v1 = this.restApi.root.addResource('v1');
    const messages = v1.addResource('messages');
    add(messages, 'POST', sendMessage);
    add(messages.addResource('preview'), 'POST', previewMessage);
    add(messages.addResource('{id}'), 'GET', getMessage);
    add(v1.addResource('carriers'), 'GET', listCarriers);
    add(v1.addResource('inbound'), 'GET', listInbound);
  }

  #addUsagePlan(throttle: ThrottleSettings): void {
    const plan = this.restApi.addUsagePlan('UsagePlan', { throttle });
    plan.addApiStage({ stage: this.restApi.deploymentStage });
    for (const key of this.keys.values()) plan.addApiKey(key);
  }

  #answer(type: string, { status, code, title, retryAfterSeconds }: ProblemKind): void {
    this.restApi.addGatewayResponse(type, {
      type: ResponseType.of(type),
      statusCode: String(status),
      // The template's key chooses by the caller's Accept, for which only this one is always there; the header says what it is.
      templates: { 'application/json': problemJson({ status, code, title }) },
      responseHeaders: {
        'Content-Type': `'${problemContentType}'`,
        ...(retryAfterSeconds !== undefined && { 'Retry-After': `'${retryAfterSeconds}'` }),
      },
    });
  }
}

/** Who asked for what and what came of it. The path has a message's id; numbers and texts are only in bodies. */
function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      time: AccessLogField.contextRequestTimeEpoch(),
      requestId: AccessLogField.contextRequestId(),
      method: AccessLogField.contextHttpMethod(),
      path: AccessLogField.contextPath(),
      status: AccessLogField.contextStatus(),
      error: AccessLogField.contextErrorResponseType(),
      functionError: AccessLogField.contextIntegrationErrorMessage(),
      latencyMs: AccessLogField.contextResponseLatency(),
      functionLatencyMs: AccessLogField.contextIntegrationLatency(),
      apiKeyId: AccessLogField.contextIdentityApiKeyId(),
      caller: AccessLogField.contextIdentityUserArn(),
      sourceIp: AccessLogField.contextIdentitySourceIp(),
    }),
  );
}
