import { Releases } from '../../local/releases.ts';
import { queuesOf } from '../../local/resources.ts';
import { carrierName } from './carrier.ts';
import { countIn } from './queues.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** How many messages wait in the lanes, so that there is always enough to do; a few at least. */
const backlog = { most: 400, least: 20 };
/** So many of the messages are kept for the kills that are still to come: each needs one in the middle of something. */
const keptForKills = 0.5;
/** So long nothing at all happened: it will not any more. */
const stalledMs = 30_000;
const lookEveryMs = 1_000;

/** Everything flows until all is through and acknowledged, then time is moved on until everything is settled. */
export async function run<Result>(options: WorldOptions, judge: (world: World) => Promise<Result>): Promise<Result> {
  const releases = new Releases();
  try {
    const world = await startWorld(options, releases);
    releases.push(() => world.lives.abandon());
    world.outcomes.start();
    await flow(world, options);
    await world.outcomes.stop();
    await world.outcomes.settle();
    await checkDeadLetters(world);
    return await judge(world);
  } finally {
    await releases.run();
  }
}

async function flow(world: World, options: WorldOptions): Promise<void> {
  const { lives, killer, story, feeder } = world;
  lives.start();
  for (let isOver = false; !isOver; ) {
    const end = await through(world, options);
    await feeder.fed();
    await killer.idle();
    if (end !== 'through') {
      world.breaches.push(end);
      await lives.abandon();
    }
    const life = end === 'through' ? await lives.stop() : lives.number;
    await world.settled(life);
    await world.release(story.lifeEnded(life, 'stopped').holdings);
    isOver = story.isOver || end !== 'through';
    // What was claimed and not begun is in its lane again.
    if (!isOver) lives.start();
  }
}

/** Feeds and breaks things as messages come through, until nothing more is to come. */
function through(world: World, { plan }: WorldOptions): Promise<string> {
  const { story, lives, killer, troublemaker, feeder, smsc } = world;
  const { promise, resolve } = Promise.withResolvers<string>();
  let received = 0;
  let lastProgress = performance.now();
  const go = () => {
    lastProgress = performance.now();
    const kept = keptForKills * plan.messages.length * (killer.left / Math.max(1, plan.kills.length));
    const most = Math.min(story.through + backlog.most, plan.messages.length - kept);
    feeder.feed(Math.max(story.through + backlog.least, Math.floor(most)));
    for (
      ;
      received < plan.received && received * plan.messages.length <= story.through * plan.received;
      received += 1
    ) {
      receive(world, plan.messages, received);
    }
    troublemaker.inject();
    killer.arm();
    const isDone = story.isOver && received === plan.received && smsc.deliveries.isIdle;
    if (isDone && !killer.isKilling) resolve('through');
  };
  story.onProgress = go;
  go();
  const timer = setInterval(() => {
    if (performance.now() - lastProgress > stalledMs) resolve(`nothing went on for ${stalledMs / 1_000} s`);
    if (lives.endedByItself !== undefined) resolve(`the connector ended by itself: ${lives.endedByItself}`);
  }, lookEveryMs);
  return promise.finally(() => {
    clearInterval(timer);
    story.onProgress = () => {};
  });
}

function receive({ story, smsc }: World, messages: WorldOptions['plan']['messages'], index: number): void {
  const [received, from] = [story.received[index], messages[index]];
  if (received !== undefined && from !== undefined) smsc.deliveries.message(received, from.to.slice(1));
}

async function checkDeadLetters({ sqs, resources, breaches }: World): Promise<void> {
  const { deadLetters } = queuesOf(resources, carrierName);
  for (const url of [deadLetters, resources.eventsDeadLetterQueueUrl]) {
    const count = await countIn(sqs, url);
    if (count > 0) breaches.push(`${count} messages are in ${url.slice(url.lastIndexOf('/') + 1)}`);
  }
}
