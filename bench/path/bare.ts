import { awsEnvironment, withoutAws } from '../../local/aws.ts';
import { queuesOf } from '../../local/resources.ts';
import type { BareAnswers } from './bare-process.ts';
import { forkHere } from './child.ts';
import type { Contender } from './contender.ts';
import { carrier } from './messages.ts';
import type { Stage } from './stage.ts';

/** The SDK and nothing else. */
export function startBare({ resources, endpoint }: Stage): Contender {
  const env = { ...withoutAws(process.env), ...awsEnvironment(endpoint) };
  const child = forkHere<BareAnswers>('bare-process.ts', env);
  const queues = { from: queuesOf(resources, carrier).normal, to: resources.eventsQueueUrl };
  const to = { topicArn: resources.inboundTopicArn, queueUrl: resources.eventsQueueUrl };
  // It takes messages only while it is asked to.
  const nothing = async () => {};
  return {
    open: nothing,
    take: (stretch) => child.ask('move', { stretch, queues }),
    bringIn: (order) => child.ask('pass', { order, to }),
    close: nothing,
    usage: () => child.ask('usage'),
    end: () => child.end(),
  };
}
