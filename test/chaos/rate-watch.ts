const tickMs = 5;
const secondMs = 1_000;

/**
 * Whether a process ever sent more than `limit` submit_sm within a second. They are seen when this process gets to read
 * them, which is later than they came. Each came after the last tick but one before it was seen, so `limit + 1` of them that lie
 * less than a second apart even counted from that tick did break the limit, however busy this process is.
 */
export class RateWatch {
  /** Most submit_sm in what was surely within one second. */
  most = 0;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #life = 0;
  #lastTick: number;
  #tickBefore: number;
  #cameAfter: number[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#lastTick = now();
    this.#tickBefore = now();
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), tickMs);
  }

  tick(): void {
    this.#tickBefore = this.#lastTick;
    this.#lastTick = this.#now();
  }

  submit(life: number): void {
    // A process that was killed cannot tell the next one how much of the second is used.
    if (life !== this.#life) this.#cameAfter = [];
    this.#life = life;
    this.#cameAfter.push(this.#tickBefore);
    const now = this.#now();
    while (this.#cameAfter[0] !== undefined && now - this.#cameAfter[0] >= secondMs) this.#cameAfter.shift();
    this.most = Math.max(this.most, this.#cameAfter.length);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
