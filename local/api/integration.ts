import type { APIGatewayProxyEvent, APIGatewayProxyHandler, APIGatewayProxyResult, Context } from 'aws-lambda';
import { z } from 'zod';
import type { Clock } from '../../connector/clock.ts';
import { GatewayFault } from './gateway-fault.ts';

/** API Gateway waits no longer: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export const integrationTimeoutMs = 29_000;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const proxyResult = z.object({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

export type ProxyResult = z.output<typeof proxyResult>;

/**
 * Calls the function as the Lambda proxy integration does. Throws a `GatewayFault` when it throws, answers
 * nothing in time, or answers what is no response; the fault's cause says which.
 */
export async function invoke(
  handler: APIGatewayProxyHandler,
  event: APIGatewayProxyEvent,
  context: Context,
  clock: Pick<Clock, 'after'>,
): Promise<ProxyResult> {
  const result = await withinTime(run(handler, event, context), clock);
  const parsed = proxyResult.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new GatewayFault('DEFAULT_5XX', { cause: parsed.error });
}

async function run(
  handler: APIGatewayProxyHandler,
  event: APIGatewayProxyEvent,
  context: Context,
): Promise<APIGatewayProxyResult | undefined> {
  try {
    return (await handler(event, context, () => undefined)) ?? undefined;
  } catch (cause) {
    throw new GatewayFault('DEFAULT_5XX', { cause });
  }
}

function withinTime<Value>(work: Promise<Value>, clock: Pick<Clock, 'after'>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(integrationTimeoutMs, () => reject(new GatewayFault('INTEGRATION_TIMEOUT')));
    work.then(resolve, reject).finally(cancel);
  });
}
