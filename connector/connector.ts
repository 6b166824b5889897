import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ConnectorEvent } from '#contract/connector-events.ts';
import type { Priority } from '#contract/outbound-sms.ts';
import { toError } from '#contract/to-error.ts';
import type { BackoffOptions } from './backoff.ts';
import { BindLog } from './bind-log.ts';
import { type Backlog, CarrierState, type Observed } from './carrier-state.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { type Health, startHealth } from './health.ts';
import { Inbound } from './inbound.ts';
import type { Log } from './log.ts';
import { type Gauges, Meters, type TellMetrics } from './meters.ts';
import { MetricsReport } from './metrics-report.ts';
import { Oddities } from './oddities.ts';
import { Outbound } from './outbound.ts';
import { EventsPublisher } from './queue/events-publisher.ts';
import { Lane } from './queue/lane.ts';
import { SqsQueue } from './queue/sqs-queue.ts';
import { TopicPublisher } from './queue/topic-publisher.ts';
import { untilDone } from './retry.ts';
import type { Role } from './smpp/account.ts';
import type { BindState } from './smpp/kept-bind.ts';
import { sessionEndText } from './smpp/session-end-text.ts';
import { Transceiver, type TransceiverOptions } from './smpp/transceiver.ts';
import { SubmitRate } from './submit-rate.ts';
import { Trouble } from './trouble.ts';

export interface ConnectorDeps extends Pick<TransceiverOptions, 'connect' | 'readPassword'> {
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  /** Names this process among the carrier's tasks. */
  readonly bindId: string;
  readonly log: Log;
  readonly tellMetrics: TellMetrics;
}

/** Over the heartbeat's period and the response time-out, so that a held message always has time for a submit. */
const visibilityOverResponseMs = 90_000;
const maxDelivering = 100;
/**
 * Messages of a lane that may be held beside two windows, one that is sent and one that waits: for those whose events and deletes are
 * on their way. What is sent while AWS takes no events is sent again if the process dies: no more than a lane holds.
 */
const maxSettling = 200;
/** For what is left to tell AWS once the session is over, in ms. With the drain and the unbind it stays below `forcedExitMs`. */
const lastCallsMs = 4_000;
const eventsBackoff: BackoffOptions = { firstDelayMs: 250, maxDelayMs: 10_000 };

const troubles = {
  events: {
    begins: 'events cannot be sent: their messages are held until they are durable',
    ends: 'events can be sent again',
  },
  backlog: {
    level: 'warn',
    begins: 'cannot count what waits in the lanes',
    ends: 'what waits in the lanes can be counted again',
  },
} as const;

/** Starts before the SMSC is reachable, and needs no restart for it. */
export async function startConnector(config: Config, deps: ConnectorDeps): Promise<Connector> {
  const connector = new Connector(config, deps);
  await connector.start();
  return connector;
}

/** Bridges one carrier's bind to its queues and topic: what each part is, and who is told what. */
export class Connector {
  readonly #config: Config;
  readonly #deps: ConnectorDeps;
  readonly #events: EventsPublisher;
  readonly #inboundTopic: TopicPublisher;
  readonly #inbound: Inbound;
  readonly #state: CarrierState;
  readonly #transceiver: Transceiver;
  readonly #outbound: Outbound;
  readonly #lanes: readonly Lane[];
  /** Aborts when calls to the queues are not tried again any more. */
  readonly #givingUp = new AbortController();
  readonly #submitRate: SubmitRate;
  readonly #bindLog: BindLog;
  readonly #meters: Meters;
  readonly #metricsReport: MetricsReport;
  readonly #troubles: Readonly<Record<keyof typeof troubles, Trouble>>;
  readonly #unboundBecause = new Map<Role, string>();
  #health: Health | undefined;
  #reporting: Promise<unknown> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(config: Config, deps: ConnectorDeps) {
    this.#config = config;
    this.#deps = deps;
    const { sqs, sns, clock } = deps;
    this.#submitRate = new SubmitRate(clock);
    this.#meters = new Meters(deps.random);
    this.#troubles = {
      events: new Trouble({ ...deps, ...troubles.events }),
      backlog: new Trouble({ ...deps, ...troubles.backlog }),
    };
    this.#bindLog = new BindLog({ ...deps, carrier: config.carrier, meters: this.#meters });
    const queue = (url: string) => new SqsQueue(sqs, url);
    const laneQueues = { urgent: queue(config.urgentQueueUrl), normal: queue(config.normalQueueUrl) };
    this.#events = new EventsPublisher({ queue: queue(config.eventsQueueUrl), clock });
    this.#inboundTopic = new TopicPublisher({ client: sns, topicArn: config.inboundTopicArn, clock });
    this.#inbound = new Inbound({
      ...deps,
      carrier: config.carrier,
      events: this.#events,
      inboundTopic: this.#inboundTopic,
      meters: this.#meters,
      deadLetterQueue: queue(config.eventsDeadLetterQueueUrl),
    });
    this.#state = new CarrierState({
      ...deps,
      carrier: config.carrier.name,
      publish: (event) => this.#events.publish(event),
      observe: () => this.#observe(),
      countBacklog: () => this.#countBacklog(laneQueues),
    });
    this.#metricsReport = new MetricsReport({
      clock,
      meters: this.#meters,
      gauges: () => this.#gauges(),
      tell: deps.tellMetrics,
    });
    this.#transceiver = this.#createTransceiver();
    this.#outbound = new Outbound({
      ...deps,
      carrier: config.carrier,
      transceiver: this.#transceiver,
      record: (event) => this.#publishUntilDurable(event),
      onAccepted: () => this.#submitRate.count(),
      meters: this.#meters,
      laneQueue: (lane) => (lane === 'urgent' ? laneQueues.urgent : laneQueues.normal),
      deadLetterQueue: queue(config.outboundDeadLetterQueueUrl),
      givingUp: this.#givingUp.signal,
    });
    this.#lanes = [this.#createLane('urgent', laneQueues.urgent), this.#createLane('normal', laneQueues.normal)];
  }

  async start(): Promise<void> {
    const carrier = this.#config.carrier.name;
    this.#health = await startHealth(this.#config.healthPort, () => ({ carrier, bound: this.#transceiver.bound }));
    this.#deps.log.info('health listening', { port: this.#health.port });
    this.#reporting = Promise.all([this.#state.run(), this.#metricsReport.run()]);
    for (const lane of this.#lanes) lane.start();
    this.#transceiver.start();
  }

  /** Drains: nothing new is taken, the window is finished, the rest is given back, then unbind. May be called twice. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { log } = this.#deps;
    log.info('draining');
    if ((await this.#within(this.#config.drainSeconds * 1_000, this.#settle())) === 'too-late') {
      log.warn('the drain takes too long: what is unanswered is given back');
    }
    this.#givingUp.abort();
    await this.#transceiver.stop();
    if ((await this.#within(lastCallsMs, this.#lastCalls())) === 'too-late') {
      log.warn('AWS does not answer: what it was not told is left to the visibility of its messages');
    }
    this.#metricsReport.stop();
    await this.#reporting;
    await this.#health?.stop();
    log.info('drained');
  }

  /** Everything taken so far is settled, and nothing more is taken. */
  async #settle(): Promise<void> {
    const settled = this.#outbound.drain();
    await Promise.all(this.#lanes.map((lane) => lane.stopReceiving()));
    // Once more: the receive that was under way may have brought messages.
    await Promise.all([settled, this.#outbound.drain(), this.#inbound.settled()]);
  }

  /** What the end of the session unsettled is settled too, and every call to AWS has ended. */
  async #lastCalls(): Promise<void> {
    await Promise.all([this.#settle(), this.#state.stop()]);
    await Promise.all([this.#events.close(), this.#inboundTopic.close(), ...this.#lanes.map((lane) => lane.close())]);
  }

  async #within(ms: number, work: Promise<void>): Promise<'done' | 'too-late'> {
    const { promise: late, resolve } = Promise.withResolvers<'too-late'>();
    const cancel = this.#deps.clock.after(ms, () => resolve('too-late'));
    const first = await Promise.race([work.then(() => 'done' as const), late]);
    cancel();
    return first;
  }

  #createTransceiver(): Transceiver {
    const { carrier } = this.#config;
    const oddities = new Oddities(this.#deps.log, this.#meters);
    return new Transceiver({
      ...this.#deps,
      profile: carrier,
      link: { idleMs: carrier.enquireLink.idleMs, responseMs: carrier.enquireLink.timeoutMs },
      responseTimeoutMs: carrier.responseTimeoutMs,
      deliverRetryStatus: carrier.deliverRetryStatus,
      maxDelivering,
      onDeliver: (pdu, respond) => this.#inbound.deliver(pdu, respond),
      onOddity: (what, fields) => oddities.note(what, fields),
      onState: (bind) => this.#onState(bind),
    });
  }

  #createLane(name: Priority, queue: SqsQueue): Lane {
    const { carrier, pollWaitSeconds } = this.#config;
    return new Lane({
      ...this.#deps,
      name,
      queue,
      // Each lane has its own, so that a normal lane that is full leaves room for the urgent one.
      capacity: 2 * carrier.window + maxSettling,
      waitSeconds: pollWaitSeconds,
      visibilitySeconds: Math.ceil((carrier.responseTimeoutMs + visibilityOverResponseMs) / 1_000),
      onMessage: (held) => this.#outbound.take(held),
    });
  }

  /** Messages go out while there is a bind that sends; the carrier is bound when all of its binds are there. */
  #onState(bind: BindState): void {
    const { bound, canSubmit } = this.#transceiver;
    this.#bindLog.note(bind);
    this.#metricsReport.noteBound(bound);
    for (const lane of this.#lanes) lane.setOpen(canSubmit);
    if (bind.kind === 'bound') {
      this.#unboundBecause.delete(bind.role);
    } else {
      const reason = sessionEndText(bind.end);
      this.#unboundBecause.set(bind.role, bind.role === 'transceiver' ? reason : `${bind.role}: ${reason}`);
    }
    if (bound) this.#state.change('bound');
    else this.#state.change('unbound', [...this.#unboundBecause.values()].join('; ') || undefined);
  }

  #observe(): Observed {
    const { rateLimit, throttled } = this.#transceiver;
    return {
      effectiveRate: this.#submitRate.perSecond(),
      throttled,
      ...(rateLimit !== undefined && { rateLimit: Math.round(10 * rateLimit) / 10 }),
    };
  }

  /** A count that SQS does not give leaves the report without the backlog. */
  async #countBacklog(lanes: Record<Priority, SqsQueue>): Promise<Backlog> {
    try {
      const [urgent, normal] = await Promise.all([lanes.urgent.countWaiting(), lanes.normal.countWaiting()]);
      this.#troubles.backlog.succeeded();
      return { backlog: { urgent, normal } };
    } catch (cause) {
      this.#troubles.backlog.failed(toError(cause));
      return {};
    }
  }

  #gauges(): Gauges {
    const { bound, lastHeard, rateLimit } = this.#transceiver;
    return {
      boundBinds: bound ? 1 : 0,
      effectiveRate: this.#submitRate.perSecond(),
      windowUse: 100 * this.#transceiver.takePeakUse(),
      heldMessages: this.#lanes.reduce((sum, { held }) => sum + held, 0),
      ...(rateLimit !== undefined && { rateLimit }),
      ...(lastHeard !== undefined && { timeSinceLastPdu: this.#deps.clock.monotonic() - lastHeard }),
    };
  }

  async #publishUntilDurable(event: ConnectorEvent): Promise<void> {
    const onFailure = (error: Error) => this.#troubles.events.failed(error);
    const options = { ...this.#deps, backoff: eventsBackoff, onFailure };
    await untilDone(() => this.#events.publish(event), options, this.#givingUp.signal);
    this.#troubles.events.succeeded();
  }
}
