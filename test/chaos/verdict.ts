import { type Guarantee, guarantees } from '#contract/outbound-sms.ts';
import type { MessageStatus } from '#contract/status.ts';
import type { MessageStory } from './message-story.ts';
import type { Interval } from './plan.ts';
import type { Story } from './story.ts';
import type { World } from './world.ts';

/** What became of the messages of one guarantee. */
export interface Tally {
  sent: number;
  /** All segments were accepted by the SMSC. */
  arrived: number;
  /** A segment was accepted more than once. */
  doubled: number;
  /** An event says that it may be a duplicate. */
  flagged: number;
  uncertain: number;
  expired: number;
  lost: number;
  /** Segments accepted again: at the most as many as were written and not deleted at kills, or unanswered. */
  segmentsAgain: number;
  exposedByKills: number;
  exposedByCuts: number;
}

export interface DeliveryTally {
  sent: number;
  acknowledged: number;
  arrived: number;
  doubled: number;
  flagged: number;
  lost: number;
}

export interface Verdict {
  readonly of: Readonly<Record<Guarantee, Tally>>;
  readonly received: DeliveryTally;
  readonly receipts: DeliveryTally;
  readonly kills: { readonly made: number; readonly missed: number; readonly hits: Record<Interval, number> };
  /** Messages in the middle of something at the kills, by their last step. */
  readonly caught: Record<Interval, number>;
  readonly faults: number;
  readonly mostWithinASecond: number;
  /** What must not be, each with the whole story. */
  readonly breaches: readonly string[];
}

export async function judge(world: World, rate: number | undefined): Promise<Verdict> {
  const { story, killer, troublemaker, rates, logs } = world;
  const breaches = [...world.breaches];
  const of = { 'at-least-once': emptyTally(), 'at-most-once': emptyTally() };
  for (const message of story.messages) {
    const status = await world.outcomes.statusOf(message.plan.id);
    count(of[message.plan.guarantee], message, status);
    for (const what of faultsOf(message, status)) breaches.push(tell(what, message, story, status));
  }
  breaches.push(...outOfOrder(story));
  const received = judgeReceived(world, breaches);
  const receipts = judgeReceipts(world, breaches);
  if (killer.left > 0) breaches.push(`${killer.left} kills that were planned did not come about`);
  if (rate !== undefined && rates.most > rate)
    breaches.push(`${rates.most} submit_sm within a second, ${rate} allowed`);
  for (const line of logs.leaks) breaches.push(`a text or a number is in the log: ${line}`);
  return {
    of,
    received,
    receipts,
    kills: { made: killer.made, missed: killer.misses, hits: asRecord(killer.hits) },
    caught: asRecord(killer.caught),
    faults: troublemaker.made,
    mostWithinASecond: rates.most,
    breaches,
  };
}

function asRecord(map: ReadonlyMap<Interval, number>): Record<Interval, number> {
  return Object.fromEntries(map) as Record<Interval, number>;
}

function emptyTally(): Tally {
  return {
    sent: 0,
    arrived: 0,
    doubled: 0,
    flagged: 0,
    uncertain: 0,
    expired: 0,
    lost: 0,
    segmentsAgain: 0,
    exposedByKills: 0,
    exposedByCuts: 0,
  };
}

function count(tally: Tally, message: MessageStory, status: MessageStatus | undefined): void {
  tally.sent += 1;
  if (message.hasArrived) tally.arrived += 1;
  if (message.arrivedTwice) tally.doubled += 1;
  if (message.isFlagged) tally.flagged += 1;
  if (status === 'uncertain') tally.uncertain += 1;
  if (status === 'expired') tally.expired += 1;
  if (isLost(message, status)) tally.lost += 1;
  for (const { arrivals, exposedByKills, exposedByCuts } of message.segments) {
    tally.segmentsAgain += Math.max(0, arrivals - 1);
    tally.exposedByKills += exposedByKills;
    tally.exposedByCuts += exposedByCuts;
  }
}

/** It did not arrive, and nobody says so. */
function isLost(message: MessageStory, status: MessageStatus | undefined): boolean {
  const { guarantee, isLate } = message.plan;
  if (message.hasArrived) return false;
  if (isLate) return status !== 'expired' && status !== 'uncertain';
  return guarantee === 'at-least-once' || status !== 'uncertain';
}

/** What must not be of a message, by name. */
function faultsOf(message: MessageStory, status: MessageStatus | undefined): string[] {
  const { plan, segments } = message;
  const isSent = status === 'sent' || status === 'delivered';
  const unexplained = segments.some(
    ({ arrivals, exposedByKills, exposedByCuts }) => arrivals - 1 > exposedByKills + exposedByCuts,
  );
  const may = plan.guarantee === 'at-least-once' ? [] : (['uncertain'] as const);
  return [
    isLost(message, status) && 'lost',
    message.hasArrived && !isSent && !may.some((allowed) => allowed === status) && `it arrived, and is "${status}"`,
    !message.hasArrived && isSent && `it did not arrive, and is "${status}"`,
    plan.isLate && segments.some(({ arrivals }) => arrivals > 0) && 'submitted after its validity',
    plan.guarantee === 'at-most-once' && message.arrivedTwice && 'doubled, at-most-once',
    message.arrivedTwice && !message.isFlagged && 'doubled and not flagged',
    plan.guarantee === 'at-least-once' && unexplained && 'doubled without a kill or a cut that explains it',
    ...message.outOfTurn,
  ].filter((what) => what !== false);
}

/** To one recipient, through one lane, messages arrive in the order in which they were sent. */
function outOfOrder(story: Story): string[] {
  const ofGroups = Map.groupBy(story.messages, ({ plan }) => `${plan.priority} ${plan.to}`);
  return [...ofGroups.values()].flatMap((group) => {
    const arrived = group.filter(({ firstArrival }) => firstArrival !== undefined);
    return arrived.flatMap((message, index) => {
      const before = arrived[index - 1];
      const overtook = before !== undefined && Number(message.firstArrival) < Number(before.firstArrival);
      return overtook
        ? [tell(`it overtook message ${before.plan.index}, which is to the same recipient`, message, story)]
        : [];
    });
  });
}

function judgeReceived({ story }: World, breaches: string[]): DeliveryTally {
  const tally = emptyDeliveryTally();
  for (const { index, sends, isAcknowledged, copies } of story.received) {
    const all = [...copies.values()];
    add(tally, { isAcknowledged, arrivals: all.length, isFlagged: all.some((copy) => copy.possibleDuplicate) });
    const name = `message ${index} from a handset (sent ${sends} times, ${all.length} copies)`;
    if (isAcknowledged && all.length === 0) breaches.push(`${name}: acknowledged and lost`);
    if (!isAcknowledged) breaches.push(`${name}: never acknowledged`);
    if (all.length > sends) breaches.push(`${name}: more copies than were sent`);
    if (new Set(all.map(({ fingerprint }) => fingerprint)).size > 1) breaches.push(`${name}: fingerprints differ`);
  }
  return tally;
}

function judgeReceipts({ story }: World, breaches: string[]): DeliveryTally {
  const tally = emptyDeliveryTally();
  for (const [smscMessageId, { sends, isAcknowledged, isRecorded, message }] of story.receipts) {
    add(tally, { isAcknowledged, arrivals: isRecorded ? 1 : 0, isFlagged: false });
    const name = `receipt of ${smscMessageId}, sent ${sends} times`;
    if (isAcknowledged && !isRecorded) breaches.push(tell(`${name}: acknowledged and lost`, message, story));
    if (!isAcknowledged) breaches.push(tell(`${name}: never acknowledged`, message, story));
  }
  return tally;
}

function emptyDeliveryTally(): DeliveryTally {
  return { sent: 0, acknowledged: 0, arrived: 0, doubled: 0, flagged: 0, lost: 0 };
}

interface Delivered {
  readonly isAcknowledged: boolean;
  readonly arrivals: number;
  readonly isFlagged: boolean;
}

function add(tally: DeliveryTally, { isAcknowledged, arrivals, isFlagged }: Delivered): void {
  tally.sent += 1;
  if (isAcknowledged) tally.acknowledged += 1;
  if (arrivals > 0) tally.arrived += 1;
  if (arrivals > 1) tally.doubled += 1;
  if (isFlagged) tally.flagged += 1;
  if (isAcknowledged && arrivals === 0) tally.lost += 1;
}

function tell(what: string, message: MessageStory, story: Story, status?: MessageStatus): string {
  const { index, id, guarantee, priority, segments } = message.plan;
  const head = `message ${index}, ${id}, ${guarantee}, ${priority}, ${segments} segments, status ${status ?? 'see above'}`;
  const lines = story.linesOf(message).map((line) => `${line.at.toFixed(3).padStart(12)} s  ${line.what}`);
  return [`${what}: ${head}`, ...lines].join('\n');
}

/** Of both guarantees together. */
export function totalOf({ of }: Verdict): Tally {
  const total = emptyTally();
  for (const guarantee of guarantees) {
    for (const [name, value] of Object.entries(of[guarantee])) total[name as keyof Tally] += value;
  }
  return total;
}
