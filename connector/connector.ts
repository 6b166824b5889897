import type { Socket } from 'node:net';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ConnectorEvent } from '#contract/connector-events.ts';
import type { BackoffOptions } from './backoff.ts';
import { CarrierState } from './carrier-state.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { startHealth } from './health.ts';
import { Inbound } from './inbound.ts';
import type { Log } from './log.ts';
import { Outbound } from './outbound.ts';
import { EventsPublisher } from './queue/events-publisher.ts';
import { Lane } from './queue/lane.ts';
import { SqsQueue } from './queue/sqs-queue.ts';
import { TopicPublisher } from './queue/topic-publisher.ts';
import { untilDone } from './retry.ts';
import type { Host } from './smpp/open-session.ts';
import { type BindState, Transceiver } from './smpp/transceiver.ts';

export interface ConnectorDeps {
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly log: Log;
  readonly emitBoundBinds: (count: 0 | 1) => void;
  readonly openSocket: (to: Host) => Socket;
  readonly readPassword: () => Promise<string>;
}

export interface Connector {
  /** Drains: nothing new is taken, the window is finished, the rest is given back, then unbind. */
  stop(): Promise<void>;
}

/** How long the window may take to be answered while draining, in ms. */
const drainMs = 15_000;
/** Over the heartbeat's period and the response time-out, so that a held message always has time for a submit. */
const visibilityOverResponseMs = 90_000;
const maxDelivering = 100;
const eventsBackoff: BackoffOptions = { firstDelayMs: 250, maxDelayMs: 10_000 };

/** Bridges one carrier's bind to its queues and topic. Starts before the SMSC is reachable and needs no restart for it. */
export async function startConnector(config: Config, deps: ConnectorDeps): Promise<Connector> {
  const { sqs, clock, log } = deps;
  const { carrier } = config;
  const queue = (url: string) => new SqsQueue(sqs, url);
  const bindId = deps.newId();
  const events = new EventsPublisher({ queue: queue(config.eventsQueueUrl), clock });
  const inboundTopic = new TopicPublisher({ client: deps.sns, topicArn: config.inboundTopicArn, clock });
  const inbound = new Inbound({
    ...deps,
    carrier,
    events,
    inboundTopic,
    deadLetterQueue: queue(config.eventsDeadLetterQueueUrl),
  });
  const state = new CarrierState({
    carrier: carrier.name,
    bindId,
    publish: (event) => events.publish(event),
    emitBoundBinds: deps.emitBoundBinds,
    clock,
    log,
  });
  const transceiver = new Transceiver({
    ...deps,
    profile: carrier,
    link: { idleMs: carrier.enquireLink.idleMs, responseMs: carrier.enquireLink.timeoutMs },
    responseTimeoutMs: carrier.responseTimeoutMs,
    deliverRetryStatus: carrier.deliverRetryStatus,
    maxDelivering,
    onDeliver: (pdu, respond) => inbound.deliver(pdu, respond),
    onOddity: (what, fields) => log.warn(what, fields),
    onState: (bind) => onState(bind),
  });
  const laneQueues = { urgent: queue(config.urgentQueueUrl), normal: queue(config.normalQueueUrl) };
  const givingUp = new AbortController();
  const outbound = new Outbound({
    ...deps,
    carrier,
    transceiver,
    record: (event) => publishUntilDurable(event),
    laneQueue: (lane) => (lane === 'urgent' ? laneQueues.urgent : laneQueues.normal),
    deadLetterQueue: queue(config.outboundDeadLetterQueueUrl),
    givingUp: givingUp.signal,
  });
  const lanes = (['urgent', 'normal'] as const).map(
    (name) =>
      new Lane({
        ...deps,
        name,
        queue: laneQueues[name],
        // Each lane has its own, so that a normal lane that is full leaves room for the urgent one.
        capacity: Math.max(10, 2 * carrier.window),
        waitSeconds: config.pollWaitSeconds,
        visibilitySeconds: Math.ceil((carrier.responseTimeoutMs + visibilityOverResponseMs) / 1_000),
        onMessage: (held) => outbound.take(held),
      }),
  );

  function onState(bind: BindState): void {
    const bound = bind.kind === 'bound';
    const { host, port } = bind.host;
    if (bound) log.info('bound', { host, port });
    else log.warn('unbound', { host, port, reason: bind.reason });
    state.change(bind.kind, bound ? undefined : bind.reason);
    for (const lane of lanes) lane.setOpen(bound);
  }

  async function publishUntilDurable(event: ConnectorEvent): Promise<void> {
    const onFailure = (error: Error, failures: number) =>
      log.error('cannot send an event, its message is held until it is durable', { error: error.message, failures });
    await untilDone(() => events.publish(event), { ...deps, backoff: eventsBackoff, onFailure }, givingUp.signal);
  }

  const health = await startHealth(config.healthPort, () => ({ carrier: carrier.name, bound: transceiver.bound }));
  log.info('health listening', { port: health.port });
  const reporting = state.run();
  for (const lane of lanes) lane.start();
  transceiver.start();

  async function drain(): Promise<void> {
    const cancelDeadline = clock.after(drainMs, () => {
      log.warn('the drain takes too long, what is unanswered is given back');
      givingUp.abort();
      void transceiver.stop();
    });
    const settled = outbound.drain();
    await Promise.all(lanes.map((lane) => lane.stopReceiving()));
    // Once more: the receive that was under way may have brought messages.
    await Promise.all([settled, outbound.drain(), inbound.settled()]);
    cancelDeadline();
  }

  return {
    async stop() {
      log.info('draining');
      await drain();
      await transceiver.stop();
      givingUp.abort();
      await state.stop();
      await reporting;
      await Promise.all([events.close(), inboundTopic.close(), ...lanes.map((lane) => lane.close())]);
      await health.stop();
      log.info('drained');
    },
  };
}
