import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CarrierProfile } from '#contract/carrier.ts';
import { routeOf } from '#contract/routes.ts';
import { ConfigError } from './config.ts';
import type { CarrierQueues } from './messaging.ts';

export interface RoutedCarrier {
  readonly carrier: CarrierProfile;
  readonly queues: CarrierQueues;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: all variables of a function together, in bytes. */
const environmentLimit = 4_096;
/** For the other variables of the function. */
const reserved = 400;
/** "https://sqs.", the longest region, "amazonaws.com", the account, and a name of 80. */
const longestQueueUrl = 140;

/** The value of `ROUTES`. Throws `ConfigError` when Lambda would not take it. */
export function routesJson(scope: Construct, carriers: readonly RoutedCarrier[]): string {
  const longest = 'x'.repeat(longestQueueUrl);
  const sized = carriers.map(({ carrier }) => routeOf(carrier, { urgent: longest, normal: longest }));
  const bytes = Buffer.byteLength(JSON.stringify(sized));
  if (bytes > environmentLimit - reserved) {
    throw new ConfigError(
      `carriers: names, prefixes, senders, text options and TLVs of all carriers must fit into ${environmentLimit - reserved} bytes together, got ${bytes}: ` +
        'Lambda takes no more; use fewer or shorter prefixes, or a second stack',
    );
  }
  const routes = carriers.map(({ carrier, queues: { lanes } }) =>
    routeOf(carrier, { urgent: lanes.urgent.queueUrl, normal: lanes.normal.queueUrl }),
  );
  return Stack.of(scope).toJsonString(routes);
}
