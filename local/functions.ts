import type { ScheduledHandler, SQSHandler } from 'aws-lambda';
import type { CarrierProfile } from '#contract/carrier.ts';
import { environment } from '#contract/environment.ts';
import { type RouteInput, routeOf } from '#contract/routes.ts';
import type { ApiRoute } from './api/routes.ts';
import { awsEnvironment } from './aws.ts';
import { queuesOf, type Resources } from './resources.ts';

export interface Functions {
  readonly routes: readonly ApiRoute[];
  readonly trackEvents: SQSHandler;
  readonly keepInbound: SQSHandler;
  readonly settleDue: ScheduledHandler;
}

/** What of a `gateway.config.json` the functions are told. */
export interface FunctionsConfig {
  readonly carriers: readonly CarrierProfile[];
  readonly maxSegments?: number;
  readonly retainTextDays?: number;
}

/** Sets the environment that the functions have in AWS, then loads them: they read it, and make their clients, once. */
export async function loadFunctions(
  { carriers, maxSegments, retainTextDays }: FunctionsConfig,
  resources: Resources,
  endpoint: string,
): Promise<Functions> {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, awsEnvironment(endpoint), {
    [environment.tableName]: resources.tableName,
    [environment.statusTopicArn]: resources.statusTopicArn,
    [environment.inboundTopicArn]: resources.inboundTopicArn,
    [environment.eventsQueueUrl]: resources.eventsQueueUrl,
    [environment.eventsDeadLetterQueueUrl]: resources.eventsDeadLetterQueueUrl,
    [environment.routes]: JSON.stringify(routesOf(carriers, resources)),
    ...(maxSegments !== undefined && { [environment.maxSegments]: String(maxSegments) }),
    ...(retainTextDays !== undefined && { [environment.retainTextDays]: String(retainTextDays) }),
  });
  const [send, preview, get, carriersList, inboundList, trackEvents, keepInbound, settleDue] = await Promise.all([
    import('../lambdas/send-message.ts'),
    import('../lambdas/preview-message.ts'),
    import('../lambdas/get-message.ts'),
    import('../lambdas/list-carriers.ts'),
    import('../lambdas/list-inbound.ts'),
    import('../lambdas/track-events.ts'),
    import('../lambdas/keep-inbound.ts'),
    import('../lambdas/settle-due.ts'),
  ]);
  const routes: readonly ApiRoute[] = [
    { method: 'POST', resource: '/v1/messages', functionName: 'send-message', handler: send.handler },
    { method: 'POST', resource: '/v1/messages/preview', functionName: 'preview-message', handler: preview.handler },
    { method: 'GET', resource: '/v1/messages/{id}', functionName: 'get-message', handler: get.handler },
    { method: 'GET', resource: '/v1/carriers', functionName: 'list-carriers', handler: carriersList.handler },
    { method: 'GET', resource: '/v1/inbound', functionName: 'list-inbound', handler: inboundList.handler },
  ];
  return {
    routes,
    trackEvents: trackEvents.handler,
    keepInbound: keepInbound.handler,
    settleDue: settleDue.handler,
  };
}

function routesOf(carriers: readonly CarrierProfile[], resources: Resources): readonly RouteInput[] {
  return carriers.map((carrier) => routeOf(carrier, queuesOf(resources, carrier.name)));
}
