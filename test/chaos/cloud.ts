import { SQSClient } from '@aws-sdk/client-sqs';
import { environment } from '#contract/environment.ts';
import { awsEnvironment, clientOptions, region } from '../../local/aws.ts';
import { startEmulators } from '../../local/emulators/emulators.ts';
import type { Releases } from '../../local/releases.ts';
import { connectorResources, createResources, queuesOf, type Resources } from '../../local/resources.ts';
import { carrierName, passwordVariable } from './carrier.ts';
import { subscribeQueue } from './queues.ts';

/** SQS and SNS, with what is deployed there. */
export interface Cloud {
  readonly endpoint: string;
  readonly sqs: SQSClient;
  readonly resources: Resources;
  /** Subscribed to the inbound topic. */
  readonly inboundQueueUrl: string;
}

export async function startCloud(releases: Releases): Promise<Cloud> {
  const emulators = await startEmulators({ region });
  releases.push(() => emulators.stop());
  const { endpoint } = emulators;
  const sqs = new SQSClient({ ...clientOptions(endpoint), useQueueUrlAsEndpoint: false });
  releases.push(() => sqs.destroy());
  const resources = await createResources(endpoint, sqs, [carrierName]);
  const inboundQueueUrl = await subscribeQueue(endpoint, sqs, resources.inboundTopicArn);
  return { endpoint, sqs, resources, inboundQueueUrl };
}

/** By the queue's name. */
export function urlsOf(resources: Resources): (queue: string) => string {
  const { urgent, normal } = queuesOf(resources, carrierName);
  return (queue) => (urgent.endsWith(`/${queue}`) ? urgent : normal);
}

/** Of the connector, whose way to AWS is `endpoint`. */
export function environmentOf(endpoint: string, resources: Resources, profile: string): NodeJS.ProcessEnv {
  return {
    ...awsEnvironment(endpoint),
    [passwordVariable]: 'secret',
    [environment.carrierProfile]: profile,
    ...connectorResources(resources, carrierName),
    [environment.healthPort]: '0',
    [environment.pollWaitSeconds]: '1',
    [environment.drainSeconds]: '10',
  };
}
