import { createServer } from 'node:http';
import {
  APIGatewayClient,
  type UsagePlan as DeployedPlan,
  type GatewayResponse,
  GetApiKeyCommand,
  GetGatewayResponsesCommand,
  GetResourcesCommand,
  GetStagesCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  type Method,
  type Stage,
} from '@aws-sdk/client-api-gateway';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { systemClock } from '../../../connector/clock.ts';
import { serveApi } from '../../../local/api/api.ts';
import type { ApiRoute } from '../../../local/api/routes.ts';
import { UsagePlan } from '../../../local/api/usage-plan.ts';
import { accountId, clientOptions, region } from '../../../local/aws.ts';
import { closeServer, listenOnLoopback } from '../../../local/loopback.ts';
import type { ApiAt } from '../../support/api.ts';
import { DeployedFunction } from './deployed-function.ts';
import type { DeployedStack } from './deployed-stack.ts';
import { deployment } from './deployment.ts';
import { mayCall } from './may-call.ts';

export interface DeployedMethod {
  /** `/v1/messages/{id}`. */
  readonly resource: string;
  readonly method: Method;
}

export interface DeployedKey {
  readonly id: string;
  readonly value: string;
}

/** The REST API, as API Gateway tells of it. */
export interface ApiDefinition {
  readonly id: string;
  readonly stage: Stage;
  readonly methods: readonly DeployedMethod[];
  readonly gatewayResponses: readonly GatewayResponse[];
  readonly usagePlan: DeployedPlan;
  readonly keys: readonly DeployedKey[];
}

export async function readApiDefinition(stack: DeployedStack): Promise<ApiDefinition> {
  const client = new APIGatewayClient(clientOptions(deployment().awsEndpoint));
  const restApiId = stack.only('AWS::ApiGateway::RestApi');
  const [resources, stages, gatewayResponses, usagePlans] = await Promise.all([
    client.send(new GetResourcesCommand({ restApiId, embed: ['methods'], limit: 500 })),
    client.send(new GetStagesCommand({ restApiId })),
    client.send(new GetGatewayResponsesCommand({ restApiId, limit: 500 })),
    client.send(new GetUsagePlansCommand({})),
  ]);
  const methods = (resources.items ?? []).flatMap(({ path = '', resourceMethods = {} }) =>
    Object.values(resourceMethods).map((method) => ({ resource: path, method })),
  );
  const stage = the('stage', stages.item);
  const usagePlan = the('usage plan', usagePlans.items);
  const { items: planKeys = [] } = await client.send(new GetUsagePlanKeysCommand({ usagePlanId: usagePlan.id }));
  const keys = await Promise.all(
    planKeys.map(async ({ id = '' }) => {
      const { value = '' } = await client.send(new GetApiKeyCommand({ apiKey: id, includeValue: true }));
      return { id, value };
    }),
  );
  client.destroy();
  return { id: restApiId, stage, methods, gatewayResponses: gatewayResponses.items ?? [], usagePlan, keys };
}

export interface ServedApi extends ApiAt {
  stop(): Promise<void>;
}

/** Serves the deployed API on loopback: its routes, keys and throttle, in front of the deployed functions. */
export async function serveDeployedApi(definition: ApiDefinition): Promise<ServedApi> {
  const functions: DeployedFunction[] = [];
  const routes = await Promise.all(
    definition.methods.map(async ({ resource, method }): Promise<ApiRoute> => {
      const deployed = await DeployedFunction.download(functionArnOf(method));
      functions.push(deployed);
      await assertMayCall(definition, { resource, method }, deployed.settings.arn);
      return {
        method: method.httpMethod as ApiRoute['method'],
        resource,
        functionName: deployed.settings.name,
        handler: async (event) => (await deployed.invoke(event)) as APIGatewayProxyResult,
      };
    }),
  );
  const { rateLimit = 0, burstLimit = 0 } = definition.usagePlan.throttle ?? {};
  const keys = new Map(definition.keys.map(({ id, value }) => [value, id]));
  const usagePlan = new UsagePlan(keys, { ratePerSecond: rateLimit, burst: burstLimit }, systemClock);
  const onError = (what: string, { message }: Error) => process.stderr.write(`${what}: ${message}\n`);
  const base = `/${definition.stage.stageName}`;
  const server = createServer((request, response) => {
    // The stage is in the path of a call, and not in that of the event.
    request.url = request.url?.startsWith(`${base}/`) ? request.url.slice(base.length) : '/outside-of-the-stage';
    void serveApi({ routes, usagePlan, clock: systemClock, onError }, request, response);
  });
  const port = await listenOnLoopback(server, 0);
  return {
    apiUrl: `http://127.0.0.1:${port}${base}`,
    apiKey: definition.keys[0]?.value ?? '',
    stop: async () => {
      await closeServer(server);
      await Promise.all(functions.map((each) => each.stop()));
    },
  };
}

/** `arn:aws:apigateway:…:lambda:path/2015-03-31/functions/ARN/invocations`. */
function functionArnOf({ httpMethod, methodIntegration }: Method): string {
  const [, arn] = /functions\/(.+)\/invocations$/.exec(methodIntegration?.uri ?? '') ?? [];
  if (arn === undefined || methodIntegration?.type !== 'AWS_PROXY') {
    throw new Error(`${httpMethod} is not integrated with a function: ${JSON.stringify(methodIntegration)}`);
  }
  return arn;
}

async function assertMayCall(api: ApiDefinition, { resource, method }: DeployedMethod, arn: string): Promise<void> {
  const path = `${method.httpMethod}${resource.replace(/\{[^}]+\}/g, '*')}`;
  const source = `arn:aws:execute-api:${region}:${accountId}:${api.id}/${api.stage.stageName}/${path}`;
  if (await mayCall(arn, 'apigateway.amazonaws.com', source)) return;
  throw new Error(`${arn} does not let API Gateway call it for ${source}`);
}

function the<Item>(what: string, items: readonly Item[] = []): Item {
  const [item, ...more] = items;
  if (item === undefined || more.length > 0) throw new Error(`expected one ${what}, found ${items.length}`);
  return item;
}
