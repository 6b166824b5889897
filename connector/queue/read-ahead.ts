/** Most that SQS gives in one receive. */
const maxPerReceive = 10;
/** Of one lane at once: the SDK has 50 connections, which deletes and events need too. */
const maxReceives = 10;

/** Fewest messages that shall wait for their turn. */
const leastAhead = maxPerReceive;
/** With receives that take 20 ms it is enough for 15,000 messages a second. */
const mostAhead = 300;

/** Over so many receives it is watched whether less is enough: turns come in bursts, as an SMSC's answers do. */
const watchedReceives = 32;

/** How receives came back. */
export interface Returns {
  /** By the last. */
  readonly asked: number;
  readonly received: number;
  /** How many waited for their turn at that moment, without those that it brings. */
  readonly waiting: number;
  /** The fewest that waited when one came back, of the last `watchedReceives`; undefined while they were fewer. */
  readonly fewestWaiting: number | undefined;
}

/**
 * How many messages shall wait for their turn while others are received: so many that the next ones come before the last
 * has its turn, whatever a receive takes, and no more, for what waits here no other task can send.
 *
 *   the receive brought                 | waiting meanwhile             | ahead
 *   ------------------------------------+-------------------------------+--------------
 *   nothing: the queue is empty         |                               | the least
 *   less than half of what it might     |                               | ten less
 *   more                                | none: it was late             | twice as many
 *   more                                | more than half, for some time | ten less
 */
export function nextAhead(ahead: number, { asked, received, waiting, fewestWaiting = 0 }: Returns): number {
  if (received === 0) return leastAhead;
  const isBacklog = received >= asked / 2;
  if (isBacklog && waiting === 0) return Math.min(2 * ahead, mostAhead);
  return isBacklog && fewestWaiting <= ahead / 2 ? ahead : Math.max(ahead - leastAhead, leastAhead);
}

/**
 * How many messages a lane may receive now. What it holds is of three kinds: waiting for its turn, which is what it reads
 * ahead of; waiting for an earlier one of its group; and begun, whose number follows from window and round trips. All
 * together stay within the capacity.
 */
export class ReadAhead {
  readonly #capacity: number;
  /** Held messages of each group, of which one at a time has its turn. */
  readonly #groups = new Map<string, number>();
  #held = 0;
  #waiting = 0;
  #ahead = leastAhead;
  /** What the receives under way may bring. */
  #asked = 0;
  #receives = 0;
  /** Since `#ahead` was looked at for the last time. */
  #watched = { receives: 0, fewestWaiting: Number.POSITIVE_INFINITY };

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** What one more receive may bring; 0 for no receive. It costs the same whatever it brings: none is for less than a batch. */
  get room(): number {
    if (this.#receives >= maxReceives) return 0;
    const free = Math.min(this.#ahead - this.#waiting, this.#capacity - this.#held) - this.#asked;
    const batch = Math.min(maxPerReceive, this.#capacity);
    return free >= batch ? batch : 0;
  }

  onAsked(asked: number): void {
    this.#asked += asked;
    this.#receives += 1;
  }

  /** To be called before what came is held. */
  onAnswered(asked: number, received: number): void {
    this.onFailed(asked);
    const waiting = this.#waiting;
    this.#ahead = nextAhead(this.#ahead, { asked, received, waiting, fewestWaiting: this.#watch(waiting) });
  }

  #watch(waiting: number): number | undefined {
    const { receives, fewestWaiting } = this.#watched;
    this.#watched = { receives: receives + 1, fewestWaiting: Math.min(fewestWaiting, waiting) };
    if (this.#watched.receives < watchedReceives) return undefined;
    const fewest = this.#watched.fewestWaiting;
    this.#watched = { receives: 0, fewestWaiting: Number.POSITIVE_INFINITY };
    return fewest;
  }

  onFailed(asked: number): void {
    this.#asked -= asked;
    this.#receives -= 1;
  }

  onHeld(groupId: string): void {
    const siblings = this.#groups.get(groupId) ?? 0;
    this.#groups.set(groupId, siblings + 1);
    this.#held += 1;
    if (siblings === 0) this.#waiting += 1;
  }

  /** The one of its group that waited has its turn. */
  onBegun(): void {
    this.#waiting -= 1;
  }

  /** It has begun; the next of its group waits from now on. */
  onReleased(groupId: string): void {
    const siblings = (this.#groups.get(groupId) ?? 0) - 1;
    this.#held -= 1;
    if (siblings > 0) {
      this.#groups.set(groupId, siblings);
      this.#waiting += 1;
    } else {
      this.#groups.delete(groupId);
    }
  }
}
