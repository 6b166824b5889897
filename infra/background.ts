import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { environment } from '#contract/environment.ts';
import { acknowledge } from './acknowledged.ts';
import type { FunctionProps, GatewayFunction } from './gateway-function.ts';
import type { Messaging } from './messaging.ts';
import type { Storage } from './storage.ts';

export interface BackgroundProps {
  readonly storage: Storage;
  readonly messaging: Messaging;
  readonly timeout: Duration;
  readonly retainTextDays: string;
  readonly makeFunction: (id: string, props: FunctionProps) => GatewayFunction;
}

/** The functions that nobody calls. */
export function addBackground(scope: Construct, props: BackgroundProps): void {
  addProjection(props);
  addClock(scope, props);
  addInbox(props);
}

/** Events in; table, status topic, and messages of several parts out. */
function addProjection({ storage, messaging, timeout, makeFunction }: BackgroundProps): void {
  const { events, eventsDeadLetters, statusTopic, inboundTopic } = messaging;
  const trackEvents = makeFunction('TrackEvents', {
    entry: 'track-events',
    description: 'Works the status of messages out from what the connectors tell, and puts parts together',
    timeout,
    environment: {
      [environment.statusTopicArn]: statusTopic.topicArn,
      [environment.inboundTopicArn]: inboundTopic.topicArn,
      [environment.eventsDeadLetterQueueUrl]: eventsDeadLetters.queueUrl,
    },
  });
  storage.grantReadWrite(trackEvents);
  messaging.grantPublish(statusTopic, trackEvents);
  messaging.grantPublish(inboundTopic, trackEvents);
  messaging.grantSend(eventsDeadLetters, trackEvents);
  messaging.grantConsume(events, trackEvents);
  consume(trackEvents, 'EventsSource', { queue: events, maxConcurrency: 5 });
}

/** Time has one owner: what falls due is settled every minute. */
function addClock(scope: Construct, { storage, messaging, timeout, makeFunction }: BackgroundProps): void {
  const { statusTopic, inboundTopic } = messaging;
  const settleDue = makeFunction('SettleDue', {
    entry: 'settle-due',
    description: 'Settles what fell due: validities, receipts that never came, events that were left unpublished',
    timeout,
    environment: {
      [environment.statusTopicArn]: statusTopic.topicArn,
      [environment.inboundTopicArn]: inboundTopic.topicArn,
    },
  });
  storage.grantReadWrite(settleDue);
  storage.grantQueryIndexes(settleDue);
  messaging.grantPublish(statusTopic, settleDue);
  messaging.grantPublish(inboundTopic, settleDue);
  // The next minute does what this one did not. Two limits: of EventBridge that calls, and of Lambda that tries a call again.
  const noRetries = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
  settleDue.configureAsyncInvoke(noRetries);
  acknowledge(settleDue.node.findChild('EventInvokeConfig'), 'no retries');
  const schedule = new Rule(scope, 'EveryMinute', {
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaFunction(settleDue, noRetries)],
  });
  acknowledge(schedule, 'schedule');
}

/** What handsets sent is kept, for GET /v1/inbound. */
function addInbox({ storage, messaging, timeout, retainTextDays, makeFunction }: BackgroundProps): void {
  const keepInbound = makeFunction('KeepInbound', {
    entry: 'keep-inbound',
    description: 'Keeps what the inbound topic publishes, for GET /v1/inbound',
    timeout,
    environment: { [environment.retainTextDays]: retainTextDays },
  });
  storage.grantAdd(keepInbound);
  messaging.grantConsume(messaging.inbound, keepInbound);
  consume(keepInbound, 'InboundSource', { queue: messaging.inbound, maxConcurrency: 2 });
}

interface Source {
  readonly queue: IQueue;
  /** A new account has ten concurrent executions in all: the API must have its share. */
  readonly maxConcurrency: number;
}

/** Not SqsEventSource, whose grants are wider than the poller needs. */
function consume(by: GatewayFunction, id: string, { queue, maxConcurrency }: Source): void {
  const source = by.addEventSourceMapping(id, {
    eventSourceArn: queue.queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
    maxConcurrency,
  });
  acknowledge(source, 'event source');
}
