import { type CountName, type GaugeName, type MetricName, metrics, type SampleName } from '#contract/metrics.ts';

/** Most values that are told of one metric at a time: the embedded metric format allows 100, with which Powertools would begin another line. */
const maxSamples = 99;

/** How things stand; what is not known now is left out. */
export type Gauges = Partial<Readonly<Record<GaugeName, number>>>;
/** Metrics, each with its values: at the least one, and finite. */
export type Told = readonly (readonly [MetricName, readonly number[]])[];
export type TellMetrics = (told: Told) => void;

/** What a connector has counted and measured since it told last. Costs next to nothing per message: nothing is written until `take`. */
export class Meters {
  readonly #random: () => number;
  #counts = new Map<MetricName, number>();
  #samples = new Map<MetricName, { seen: number; readonly values: number[] }>();

  constructor(random: () => number) {
    this.#random = random;
  }

  count(metric: CountName, by = 1): void {
    this.#counts.set(metric, (this.#counts.get(metric) ?? 0) + by);
  }

  /** Of many values a fair choice is kept: each has the same chance (Vitter's algorithm R). */
  sample(metric: SampleName, value: number): void {
    const kept = this.#samples.get(metric) ?? { seen: 0, values: [] };
    this.#samples.set(metric, kept);
    kept.seen += 1;
    const place = kept.values.length < maxSamples ? kept.values.length : Math.floor(this.#random() * kept.seen);
    if (place < maxSamples) kept.values[place] = value;
  }

  /** All that is to be told, a count of 0 too: nothing happened is not the same as nobody looked. It begins anew from here. */
  take(gauges: Gauges): Told {
    const names = Object.keys(metrics) as MetricName[];
    const told = names.map((name) => [name, this.#valuesOf(name, gauges).map(rounded)] as const);
    this.#counts = new Map();
    this.#samples = new Map();
    return told.filter(([, values]) => values.length > 0);
  }

  #valuesOf(name: MetricName, gauges: Partial<Readonly<Record<MetricName, number>>>): readonly number[] {
    const { kind } = metrics[name];
    if (kind === 'sample') return this.#samples.get(name)?.values ?? [];
    const value = kind === 'count' ? (this.#counts.get(name) ?? 0) : gauges[name];
    return value === undefined ? [] : [value];
  }
}

/** Nobody reads more of it, and each digit is stored. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
