import type { MessageEvent } from '#contract/connector-events.ts';
import type { Interval, PlannedMessage } from './plan.ts';
import type { Holding, Line } from './story.ts';

/** One submit_sm of a message. */
export interface SegmentStory {
  readonly message: MessageStory;
  /** Counted from 1. */
  readonly number: number;
  /** How often the SMSC accepted it. */
  arrivals: number;
  readonly smscMessageIds: string[];
  /** In the life that has the message; `recorded` when its `submitted` event is durable. */
  state: 'none' | 'written' | 'answered' | 'recorded';
  /** Kills at which it was written and the queue still had its message. */
  exposedByKills: number;
  /** How often it was unanswered when its connection ended, or for good. */
  exposedByCuts: number;
}

/** What was seen of one message going out. */
export class MessageStory {
  readonly plan: PlannedMessage;
  readonly segments: readonly SegmentStory[];
  readonly log: Line[] = [];
  /** Of the life that had it last. */
  lastStep: Interval = 'received';
  holding: Holding | undefined;
  isDeleted = false;
  /** A `submitted` event says that it may be a duplicate. */
  isFlagged = false;
  /** At-most-once: `sending` is durable. */
  isAnnounced = false;
  /** What the connector did before it was allowed to. */
  readonly outOfTurn: string[] = [];
  /** Its place among all that the SMSC accepted. */
  firstArrival: number | undefined;
  #life: number | undefined;
  #isEnded = false;

  constructor(plan: PlannedMessage) {
    this.plan = plan;
    this.segments = Array.from({ length: plan.segments }, (_, index) => ({
      message: this,
      number: index + 1,
      arrivals: 0,
      smscMessageIds: [],
      state: 'none',
      exposedByKills: 0,
      exposedByCuts: 0,
    }));
  }

  get hasArrived(): boolean {
    return this.segments.every(({ arrivals }) => arrivals > 0);
  }

  get arrivedTwice(): boolean {
    return this.segments.some(({ arrivals }) => arrivals > 1);
  }

  /** Nothing more is to come, as far as the connector is concerned. */
  get isOver(): boolean {
    return this.isDeleted && (this.#isEnded || this.segments.some(({ exposedByCuts }) => exposedByCuts > 0));
  }

  segment(number: number): SegmentStory {
    const segment = this.segments[number - 1];
    if (segment === undefined) throw new Error(`message ${this.plan.index} has no segment ${number}`);
    return segment;
  }

  take(holding: Holding): void {
    this.holding = holding;
    this.lastStep = 'received';
    this.#life = holding.life;
    for (const segment of this.segments) segment.state = 'none';
  }

  /** At-most-once: announced and deleted, then written. */
  checkWrite(): void {
    if (this.plan.guarantee === 'at-least-once') return;
    if (!this.isAnnounced) this.outOfTurn.push('written before it was announced');
    if (!this.isDeleted) this.outOfTurn.push('written before it was deleted');
  }

  delete(): void {
    const isTold = this.#isEnded || this.isAnnounced;
    if (!isTold) this.outOfTurn.push('deleted before anything of it was durable');
    this.holding = undefined;
    this.isDeleted = true;
    this.lastStep = 'deleted';
    if (this.plan.guarantee === 'at-least-once') this.#isEnded = true;
  }

  record(event: MessageEvent): void {
    this.lastStep = 'event sent';
    switch (event.type) {
      case 'sending':
        this.isAnnounced = true;
        return;
      case 'submitted':
        this.segment(event.segment).state = 'recorded';
        this.isFlagged ||= event.possibleDuplicate;
        if (this.segments.every(({ state }) => state === 'recorded')) this.#isEnded = true;
        return;
      default:
        // Each of the others is the end of its message.
        this.#isEnded = true;
    }
  }

  /** Says whether it was in the middle of something. */
  endLife(life: number, how: 'killed' | 'stopped'): boolean {
    if (this.#life !== life || this.isOver) return false;
    if (how === 'killed' && this.holding !== undefined) {
      for (const segment of this.segments) if (segment.state !== 'none') segment.exposedByKills += 1;
    }
    if (this.isDeleted) this.#isEnded = true;
    return true;
  }
}
