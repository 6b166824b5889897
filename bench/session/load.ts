/** A stretch of a run ends at the first whole window after `messages` answers and after `ms`. */
export interface Stretch {
  readonly messages: number;
  readonly ms: number;
}

export interface LoadOptions {
  /** Messages that await an answer at once. */
  readonly window: number;
  readonly warmUp: Stretch;
  readonly measured: Stretch;
  /** Told how many were answered since the warm-up ended, at every whole window of the measured stretch. */
  readonly onWindow?: (answered: number) => void;
}

export interface Figures {
  readonly messages: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly cpuUsPerMessage: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The latest so many are kept. A power of two. */
const keptLatencies = 2 ** 20;

/**
 * The messages that a contender keeps under way, and what is measured of them.
 *
 *   warming    the code becomes warm; nothing counts
 *   measuring  answers count
 *   over       no more begin; those under way are answered still
 *
 * Answers come by bursts where a whole window went at once, so a stretch begins and ends at the same
 * place of a window: counted from any other, a burst more or less would be a fault of up to a window.
 */
export class Load {
  readonly window: number;
  /** Resolves when every message that began was answered. */
  readonly drained: Promise<void>;
  readonly #options: LoadOptions;
  readonly #resolveDrained: () => void;
  /** By slot: when its message began. */
  readonly #begunAt: Float64Array;
  readonly #latencies = new Float32Array(keptLatencies);
  #state: 'warming' | 'measuring' | 'over' = 'warming';
  #begun = 0;
  #answered = 0;
  #untilWhole: number;
  #stretchFrom = { answered: 0, at: performance.now(), cpu: process.cpuUsage() };
  #figures: Figures | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.window = options.window;
    this.#untilWhole = options.window;
    this.#begunAt = new Float64Array(options.window);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.drained = promise;
    this.#resolveDrained = resolve;
  }

  /** To be called right before a message is sent. Returns its number. */
  begin(slot: number): number {
    this.#begunAt[slot] = performance.now();
    return this.#begun++;
  }

  /** The message of `slot` was accepted. True when the slot shall begin another. */
  answered(slot: number): boolean {
    const now = performance.now();
    this.#latencies[this.#answered & (keptLatencies - 1)] = now - (this.#begunAt[slot] as number);
    this.#answered += 1;
    this.#untilWhole -= 1;
    if (this.#untilWhole === 0) this.#onWholeWindow(now);
    if (this.#state !== 'over') return true;
    if (this.#answered === this.#begun) this.#resolveDrained();
    return false;
  }

  get figures(): Figures {
    if (this.#figures === undefined) throw new Error('the load is not over');
    return this.#figures;
  }

  #onWholeWindow(now: number): void {
    this.#untilWhole = this.window;
    if (this.#state === 'over') return;
    const { warmUp, measured, onWindow } = this.#options;
    const messages = this.#answered - this.#stretchFrom.answered;
    const ms = now - this.#stretchFrom.at;
    if (this.#state === 'measuring') onWindow?.(messages);
    const { messages: enough, ms: longEnough } = this.#state === 'warming' ? warmUp : measured;
    if (messages < enough || ms < longEnough) return;
    if (this.#state === 'measuring') {
      this.#figures = this.#measure(messages, ms / 1_000);
      this.#state = 'over';
    } else {
      this.#state = 'measuring';
      this.#stretchFrom = { answered: this.#answered, at: now, cpu: process.cpuUsage() };
    }
  }

  #measure(messages: number, seconds: number): Figures {
    const { user, system } = process.cpuUsage(this.#stretchFrom.cpu);
    const latencies = this.#lastLatencies(messages).sort();
    return {
      messages,
      seconds,
      perSecond: messages / seconds,
      cpuUsPerMessage: (user + system) / messages,
      p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? Number.NaN,
      p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
    };
  }

  #lastLatencies(messages: number): Float32Array {
    const kept = Math.min(messages, keptLatencies);
    const first = this.#answered - kept;
    return Float32Array.from(
      { length: kept },
      (_, index) => this.#latencies[(first + index) & (keptLatencies - 1)] as number,
    );
  }
}
