import { type Step, type Target, targetAt } from './aims.ts';
import type { Lives } from './lives.ts';
import { type Interval, intervals, type PlannedKill } from './plan.ts';
import type { Holding, Story } from './story.ts';

export interface KillerOptions {
  readonly kills: readonly PlannedKill[];
  readonly story: Story;
  readonly lives: Lives;
  /** Resolves when everything that a process that is gone had begun has had its effect. */
  readonly settled: (life: number) => Promise<void>;
  readonly release: (holdings: readonly Holding[]) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/** A planned kill that was meant for one interval and hit another is made again. */
const maxMisses = 20;

/** Kills the connector as planned, one kill at a time, and starts it again at once. */
export class Killer {
  /** Kills that hit what they were aimed at. */
  readonly hits = new Map<Interval, number>(intervals.map((interval) => [interval, 0]));
  /** By their last step, the messages that were in the middle of something at the kills. */
  readonly caught = new Map<Interval, number>(intervals.map((interval) => [interval, 0]));
  readonly #options: KillerOptions;
  readonly #planned: PlannedKill[];
  #armed: PlannedKill | undefined;
  #killing: Promise<void> | undefined;
  made = 0;
  misses = 0;

  constructor(options: KillerOptions) {
    this.#options = options;
    this.#planned = [...options.kills];
  }

  get isKilling(): boolean {
    return this.#killing !== undefined;
  }

  /** Resolves when no kill is under way. */
  async idle(): Promise<void> {
    await this.#killing;
  }

  /** Of kills that are no longer to be made. */
  get left(): number {
    return this.#planned.length + (this.#armed === undefined ? 0 : 1);
  }

  /** To be called as messages come through. */
  arm(): void {
    const [next] = this.#planned;
    if (this.#armed !== undefined || this.#killing !== undefined || next === undefined) return;
    if (this.#options.story.through < next.afterThrough) return;
    this.#armed = next;
    this.#planned.shift();
  }

  /** Kills if this is the moment, and says whether it did. */
  onStep(step: Step, life: number): boolean {
    // What a process that is gone had begun may still have its effect.
    const kill = life === this.#options.lives.number ? this.#armed : undefined;
    const target = kill && targetAt(kill, step, this.#options.story);
    if (kill === undefined || target === undefined) return false;
    this.#armed = undefined;
    this.#killing = this.#kill(kill, target)
      .catch(this.#options.onFault)
      .finally(() => {
        this.#killing = undefined;
        this.arm();
        this.#options.story.onProgress();
      });
    return true;
  }

  async #kill(kill: PlannedKill, target: Target): Promise<void> {
    const { story, lives, settled, release } = this.#options;
    // The signal is sent before the first await: nothing that the connector does can come in between.
    const ended = lives.kill();
    story.happened(`kill -9 of life ${lives.number}, aimed at "${kill.interval}" of ${kill.guarantee}`);
    this.made += 1;
    const life = await ended;
    lives.start();
    await settled(life);
    this.#count(kill, target);
    const { byStep, holdings } = story.lifeEnded(life, 'killed');
    for (const [interval, messages] of byStep) {
      this.caught.set(interval, (this.caught.get(interval) ?? 0) + messages);
    }
    await release(holdings);
  }

  #count(kill: PlannedKill, { message, mayGoOn }: Target): void {
    if (!mayGoOn || message?.lastStep === kill.interval) {
      this.hits.set(kill.interval, (this.hits.get(kill.interval) ?? 0) + 1);
      return;
    }
    this.misses += 1;
    if (this.misses <= maxMisses) this.#planned.push(kill);
  }
}
