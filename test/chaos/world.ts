import { setTimeout } from 'node:timers/promises';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { toError } from '#contract/to-error.ts';
import type { Log } from '../../lambdas/ports.ts';
import type { Releases } from '../../local/releases.ts';
import { queuesOf, type Resources } from '../../local/resources.ts';
import { route as routeFactory } from '../support/factories.ts';
import { memoryTable } from '../support/memory-table.ts';
import { AwsProxy } from './aws-proxy.ts';
import { carrierName, profileOf } from './carrier.ts';
import { type Cloud, environmentOf, startCloud, urlsOf } from './cloud.ts';
import { Feeder } from './feeder.ts';
import { Killer } from './killer.ts';
import { Lives } from './lives.ts';
import { LogWatch } from './log-watch.ts';
import type { SegmentStory } from './message-story.ts';
import { type Link, Network } from './network.ts';
import { Outcomes } from './outcomes.ts';
import type { Plan } from './plan.ts';
import { makeVisible } from './queues.ts';
import { RateWatch } from './rate-watch.ts';
import { Smsc } from './smsc.ts';
import { type Holding, Story } from './story.ts';
import { Troublemaker } from './troublemaker.ts';
import { Wires } from './wires.ts';

export interface WorldOptions {
  readonly plan: Plan;
  /** Path of the connector's bundle. */
  readonly bundle: string;
  readonly rate: number | undefined;
}

const readWithinMs = 50;

/** Everything around the connector, and what it saw. */
export interface World {
  readonly story: Story;
  /** What must not be, as far as it was seen on the way. */
  readonly breaches: string[];
  readonly logs: LogWatch;
  readonly rates: RateWatch;
  readonly sqs: SQSClient;
  readonly resources: Resources;
  readonly lives: Lives;
  readonly killer: Killer;
  readonly troublemaker: Troublemaker;
  readonly feeder: Feeder;
  readonly outcomes: Outcomes;
  readonly smsc: Smsc;
  /** Resolves when everything that a process that is gone had begun has had its effect. */
  readonly settled: (life: number) => Promise<void>;
  readonly release: (holdings: readonly Holding[]) => Promise<void>;
}

/** Starts everything but the connector. */
export async function startWorld(options: WorldOptions, releases: Releases): Promise<World> {
  const { plan, bundle, rate } = options;
  const story = new Story(plan);
  const breaches: string[] = [];
  const onFault = (cause: unknown) => void breaches.push(`the harness: ${toError(cause).stack}`);
  const logs = new LogWatch();
  const rates = new RateWatch();
  rates.start();
  releases.push(() => rates.stop());
  const cloud = await startCloud(releases);
  const { endpoint, sqs, resources } = cloud;
  const release = (holdings: readonly Holding[]) => makeVisible(sqs, urlsOf(resources), holdings);

  const smsc = new Smsc({ story, onAccepted, onFault });
  const wires = new Wires({ story, wasKilled: (life) => lives.wasKilled(life), onWritten });
  const network = new Network({
    life: () => lives.number,
    onSent: (frame, link) => wires.onSent(frame, link),
    onAnswer: (frame, link) => wires.onAnswer(frame, link),
    onEnd: (link) => wires.onEnd(link),
    onRefused: () => troublemaker.onRefused(),
  });
  network.target = await smsc.start();
  releases.push(() => smsc.stop());
  const port = await network.start();
  releases.push(() => network.stop());
  const aws = new AwsProxy({
    endpoint,
    story,
    life: () => lives.number,
    onStep: (step, life) => killer.onStep(step, life),
    release: (holdings) => void release(holdings).catch(onFault),
    onFault,
  });
  const env = environmentOf(await aws.start(), resources, JSON.stringify(profileOf(port, rate)));
  releases.push(() => aws.stop());
  const lives = new Lives({ bundle, env, onLine: (text, line) => logs.note(text, line) });
  const settled = async (life: number) => {
    // What it wrote last is in the sockets already: the next turns of the event loop read it.
    await setTimeout(readWithinMs);
    await Promise.all([network.ended(life), aws.settled(life)]);
  };
  const killer = new Killer({ kills: plan.kills, story, lives, settled, release, onFault });
  const troublemaker = new Troublemaker({ faults: plan.faults, story, aws, network, smsc, onFault });
  const { feeder, outcomes } = functionsOf(cloud, story, breaches);
  return {
    story,
    breaches,
    logs,
    rates,
    sqs,
    resources,
    lives,
    killer,
    troublemaker,
    feeder,
    outcomes,
    smsc,
    settled,
    release,
  };

  function onWritten(segment: SegmentStory, link: Link): boolean {
    rates.submit(link.life);
    return killer.onStep({ at: 'submit written', messages: [segment.message] }, link.life);
  }

  function onAccepted(segment: SegmentStory): boolean {
    const link = wires.linkOf(segment);
    const killed =
      link !== undefined && killer.onStep({ at: 'submit accepted', messages: [segment.message] }, link.life);
    if (!killed) troublemaker.onAccepted(link);
    return !killed;
  }
}

/** The product's own code at both ends of the connector, over a table in memory. */
function functionsOf({ sqs, resources, inboundQueueUrl }: Cloud, story: Story, breaches: string[]) {
  const table = memoryTable();
  const onBreach = (what: string) => void breaches.push(what);
  const log: Log = { info: () => {}, warn: () => {}, error: (what) => onBreach(`a function: ${what}`) };
  const { urgent, normal } = queuesOf(resources, carrierName);
  const route = routeFactory({ carrier: carrierName, urgentQueueUrl: urgent, normalQueueUrl: normal });
  const { eventsQueueUrl } = resources;
  return {
    feeder: new Feeder({ sqs, table, log, route, messages: story.messages.map(({ plan }) => plan) }),
    outcomes: new Outcomes({ sqs, table, log, story, eventsQueueUrl, inboundQueueUrl, onBreach }),
  };
}
