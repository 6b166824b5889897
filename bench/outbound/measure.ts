import type { Stretch } from '../path/arrivals.ts';
import { startBare } from '../path/bare.ts';
import { startConnector } from '../path/connector.ts';
import { type Contender, type ContenderName, contenderNames } from '../path/contender.ts';
import { type Figures, figuresOf, medianOf, usedBy } from '../path/figures.ts';
import { sharedNow } from '../path/now.ts';
import type { Round } from '../path/report.ts';
import { type Stage, sweep } from '../path/stage.ts';
import type { Backlog, Distance, Plan, Trickle } from './plan.ts';

/** Large enough that the SMSC, which answers at once, is not what is waited for. */
const window = 100;

export type Group =
  | { readonly kind: 'backlog'; readonly messages: number; readonly rounds: readonly Round[] }
  | { readonly kind: 'trickle'; readonly perSecond: number; readonly rounds: readonly Round[] }
  | { readonly kind: 'distance'; readonly distance: Distance; readonly reached: readonly Reached[] };

/** Of what is allowed. */
export interface Reached {
  /** Of the limit, or of window / round trip where that is less. */
  readonly share: number;
  /** Most that arrived in any second. */
  readonly mostInASecond: number;
}

export class Measuring {
  readonly #stage: Stage;
  readonly #nodeOptions: readonly string[];
  #next = 0;

  constructor(stage: Stage, { profiles }: Pick<Plan, 'profiles'>) {
    this.#stage = stage;
    this.#nodeOptions = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  }

  async *all(plan: Plan): AsyncGenerator<Group> {
    if (plan.parts.includes('backlogs')) yield* this.#backlogs(plan);
    if (plan.parts.includes('trickle')) yield await this.#trickles(plan);
    if (plan.parts.includes('distances')) yield* this.#distances(plan);
  }

  async *#backlogs(plan: Plan): AsyncGenerator<Group> {
    for (const backlog of plan.backlogs) {
      const rounds = await this.#rounds(plan, (contender) => this.#backlog(contender, plan.warmUp, backlog));
      yield { kind: 'backlog', messages: backlog.messages, rounds };
    }
  }

  async #trickles({ trickle, ...plan }: Plan): Promise<Group> {
    const rounds = await this.#rounds(plan, (contender) => this.#trickle(contender, plan.warmUp, trickle));
    return { kind: 'trickle', perSecond: trickle.perSecond, rounds };
  }

  async *#distances(plan: Plan): AsyncGenerator<Group> {
    for (const distance of plan.distances) {
      const reached: Reached[] = [];
      while (reached.length < plan.rounds) reached.push(await this.#reachedAt(distance));
      yield { kind: 'distance', distance, reached };
    }
  }

  async #rounds(
    plan: Pick<Plan, 'rounds'>,
    measure: (contender: Contender) => Promise<Figures>,
  ): Promise<readonly Round[]> {
    const rounds: Round[] = [];
    while (rounds.length < plan.rounds) {
      const round: Partial<Record<ContenderName, Figures>> = {};
      for (const name of contenderNames) {
        const contender = await this.#start(name);
        round[name] = await measure(contender);
        await contender.end();
        await sweep(this.#stage);
      }
      rounds.push(round as Round);
    }
    return rounds;
  }

  async #start(name: ContenderName): Promise<Contender> {
    if (name === 'bare loop') return startBare(this.#stage);
    const { endpoint } = this.#stage;
    return startConnector(this.#stage, { window, endpoint, nodeOptions: this.#nodeOptions });
  }

  async #backlog(contender: Contender, warmUp: number, { messages, times }: Backlog): Promise<Figures> {
    await this.#takeBacklog(contender, this.#stretch(warmUp));
    const runs: Figures[] = [];
    while (runs.length < times) runs.push(await this.#takeBacklog(contender, this.#stretch(messages)));
    return medianOf(runs);
  }

  /** The backlog is there before the contender may begin. */
  async #takeBacklog(contender: Contender, stretch: Stretch): Promise<Figures> {
    const { lane } = this.#stage;
    await lane.fill(stretch);
    const startedAt = sharedNow();
    const [arrivedAt, used] = await usedBy(contender, emulatorsOf(this.#stage), async () => {
      const taking = contender.take(stretch);
      await contender.open();
      const arrived = await taking;
      await lane.untilEmpty();
      return arrived;
    });
    await contender.close();
    const waited = arrivedAt.map((at) => at - startedAt);
    return figuresOf({ perSecond: rateOf(arrivedAt), endedAt: lastOf(arrivedAt), waitedMs: waited }, used);
  }

  async #trickle(contender: Contender, warmUp: number, { messages, perSecond }: Trickle): Promise<Figures> {
    const { lane } = this.#stage;
    await this.#takeBacklog(contender, this.#stretch(warmUp));
    const stretch = this.#stretch(messages);
    await contender.open();
    const [{ sentAt, arrivedAt }, used] = await usedBy(contender, emulatorsOf(this.#stage), async () => {
      const taking = contender.take(stretch);
      const sent = await lane.trickle(stretch, 1_000 / perSecond);
      return { sentAt: sent, arrivedAt: await taking };
    });
    await contender.close();
    const waited = arrivedAt.map((at, index) => at - (sentAt[index] ?? Number.NaN));
    return figuresOf({ perSecond: rateOf(arrivedAt), endedAt: lastOf(arrivedAt), waitedMs: waited }, used);
  }

  /** Where SQS is as far away as it is in AWS. */
  async #reachedAt({ window: size, roundTripMs, sqsMs, messagesPerSecond, seconds }: Distance): Promise<Reached> {
    const { smsc, distance, endpoint, lane } = this.#stage;
    const port = await distance.ask('stand', { upstream: Number(new URL(endpoint).port), roundTripMs: sqsMs });
    await smsc.ask('setRoundTrip', roundTripMs);
    const options = { window: size, messagesPerSecond, endpoint: `http://127.0.0.1:${port}` };
    const contender = await startConnector(this.#stage, options);
    const limit = messagesPerSecond ?? Number.POSITIVE_INFINITY;
    const allowed = Math.min(limit, (size / roundTripMs) * 1_000);
    const stretch = this.#stretch(Math.ceil(allowed * (seconds + 1)) + 2 * size);
    await lane.fill(stretch);
    const taking = contender.take(stretch);
    await contender.open();
    const arrivedAt = await taking;
    await lane.untilEmpty();
    await contender.end();
    const keptMs = await smsc.ask('roundTrip');
    await smsc.ask('close');
    await smsc.ask('setRoundTrip', 0);
    await sweep(this.#stage);
    return {
      // Neither while the window is filled nor while it empties.
      share: rateOf(arrivedAt, allowed, 2 * size) / Math.min(limit, (size / keptMs) * 1_000),
      mostInASecond: mostInASecond(arrivedAt),
    };
  }

  #stretch(count: number): Stretch {
    const first = this.#next;
    this.#next += count;
    return { first, count };
  }
}

function emulatorsOf({ emulators }: Stage) {
  return { usage: () => emulators.ask('usage') };
}

/** Messages a second, from the arrival of one to that of the last; so many at the beginning and at the end do not count. */
function rateOf(arrivedAt: Float64Array, atBeginning = 0, atEnd = 0): number {
  const counted = arrivedAt.toSorted().subarray(Math.floor(atBeginning), arrivedAt.length - atEnd);
  const ms = (counted.at(-1) ?? Number.NaN) - (counted[0] ?? Number.NaN);
  return ((counted.length - 1) / ms) * 1_000;
}

function lastOf(arrivedAt: Float64Array): number {
  return arrivedAt.reduce((last, at) => Math.max(last, at), 0);
}

export function mostInASecond(arrivedAt: Float64Array): number {
  const inOrder = arrivedAt.toSorted();
  let from = 0;
  let most = 0;
  for (const [index, at] of inOrder.entries()) {
    while ((inOrder[from] ?? at) <= at - 1_000) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}
