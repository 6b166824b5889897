import { startBare } from '../path/bare.ts';
import { startConnector } from '../path/connector.ts';
import { type Contender, type ContenderName, contenderNames } from '../path/contender.ts';
import type { DeliveryOrder } from '../path/deliveries.ts';
import { type Figures, figuresOf, usedBy } from '../path/figures.ts';
import type { Incoming } from '../path/messages.ts';
import { sharedNow } from '../path/now.ts';
import type { Round } from '../path/report.ts';
import { type Stage, sweep } from '../path/stage.ts';
import type { Plan } from './plan.ts';

/** deliver_sm without an answer at once: as many as the connector takes. The bare loop has as many under way. */
const window = 100;

const kinds: readonly Incoming[] = ['messages', 'receipts'];

/** One kind, as fast as it goes or so many a second. */
export interface Group {
  readonly kind: Incoming;
  /** 0: as fast as it goes. */
  readonly perSecond: number;
  readonly rounds: readonly Round[];
}

type Order = Omit<DeliveryOrder, 'first' | 'window'>;

export class Measuring {
  readonly #stage: Stage;
  #next = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async *all(plan: Plan): AsyncGenerator<Group> {
    const { perSecond, messages } = plan.trickle;
    for (const kind of kinds) {
      yield { kind, perSecond: 0, rounds: await this.#rounds(plan, { kind, count: plan.messages, everyMs: 0 }) };
      const slowly = { kind, count: messages, everyMs: 1_000 / perSecond };
      yield { kind, perSecond, rounds: await this.#rounds(plan, slowly) };
    }
  }

  async #rounds(plan: Plan, order: Order): Promise<readonly Round[]> {
    const rounds: Round[] = [];
    while (rounds.length < plan.rounds) {
      const round: Partial<Record<ContenderName, Figures>> = {};
      for (const name of contenderNames) round[name] = await this.#run(name, plan.warmUp, order);
      rounds.push(round as Round);
    }
    return rounds;
  }

  async #run(name: ContenderName, warmUp: number, order: Order): Promise<Figures> {
    const contender = await this.#start(name);
    await contender.open();
    await this.#bringIn(contender, { kind: order.kind, count: warmUp, everyMs: 0 });
    const figures = await this.#bringIn(contender, order);
    await contender.close();
    await contender.end();
    await sweep(this.#stage);
    return figures;
  }

  async #start(name: ContenderName): Promise<Contender> {
    const { endpoint } = this.#stage;
    return name === 'bare loop' ? startBare(this.#stage) : startConnector(this.#stage, { window, endpoint });
  }

  async #bringIn(contender: Contender, order: Order): Promise<Figures> {
    const { emulators } = this.#stage;
    const first = this.#next;
    this.#next += order.count;
    const [{ result, endedAt }, used] = await usedBy(contender, { usage: () => emulators.ask('usage') }, async () => ({
      result: await contender.bringIn({ ...order, first, window }),
      endedAt: sharedNow(),
    }));
    return figuresOf({ perSecond: order.count / result.seconds, endedAt, waitedMs: result.latenciesMs }, used);
  }
}
