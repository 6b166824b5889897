import { sharedNow } from './now.ts';
import type { Usage } from './usage.ts';

/** Of one run of one contender. */
export interface Figures {
  readonly perSecond: number;
  /** Of the contender's process. */
  readonly cpuUsPerMessage: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly peakBytes: number;
  /** Share of a core that the contender took, all its threads together. */
  readonly busy: number;
  /** Share of a core that the emulators took. */
  readonly emulatorsBusy: number;
}

interface Measured {
  usage(): Promise<Usage>;
}

export interface Used {
  /** By `sharedNow()`. */
  readonly startedAt: number;
  readonly cpuUs: number;
  readonly peakBytes: number;
  readonly emulatorsCpuUs: number;
}

/** What contender and emulators use while `work` is done. */
export async function usedBy<Result>(
  contender: Measured,
  emulators: Measured,
  work: () => Promise<Result>,
): Promise<readonly [Result, Used]> {
  const before = { at: sharedNow(), own: await contender.usage(), emulators: await emulators.usage() };
  const result = await work();
  const own = await contender.usage();
  const used = {
    startedAt: before.at,
    cpuUs: own.cpuUs - before.own.cpuUs,
    peakBytes: own.peakBytes,
    emulatorsCpuUs: (await emulators.usage()).cpuUs - before.emulators.cpuUs,
  };
  return [result, used];
}

export function percentile(values: Float64Array, share: number): number {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (below + above) / 2;
}

interface Counted {
  readonly perSecond: number;
  /** By `sharedNow()`. */
  readonly endedAt: number;
  /** Of each. */
  readonly waitedMs: Float64Array;
}

export function figuresOf({ perSecond, endedAt, waitedMs }: Counted, used: Used): Figures {
  const tookUs = (endedAt - used.startedAt) * 1_000;
  return {
    perSecond,
    cpuUsPerMessage: used.cpuUs / waitedMs.length,
    p50Ms: percentile(waitedMs, 0.5),
    p99Ms: percentile(waitedMs, 0.99),
    peakBytes: used.peakBytes,
    busy: used.cpuUs / tookUs,
    emulatorsBusy: used.emulatorsCpuUs / tookUs,
  };
}

/** Of each figure the median. */
export function medianOf(runs: readonly Figures[]): Figures {
  const of = (figure: keyof Figures) => median(runs.map((run) => run[figure]));
  return {
    perSecond: of('perSecond'),
    cpuUsPerMessage: of('cpuUsPerMessage'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    peakBytes: of('peakBytes'),
    busy: of('busy'),
    emulatorsBusy: of('emulatorsBusy'),
  };
}
