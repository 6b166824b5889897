import type { Heap } from './contender-process.ts';
import type { ContenderName } from './contenders.ts';
import type { Group, Round } from './measure.ts';
import type { Run } from './processes.ts';

/** Of one contender with one window and one round trip; medians of the rounds. */
export interface Row {
  readonly contender: ContenderName;
  readonly window: number;
  readonly roundTripMs: number;
  readonly perSecond: number;
  /** Of window / round trip; undefined without a round trip. */
  readonly share?: number;
  readonly cpuUsPerMessage: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** With a round trip it waits by asking the event loop again and again: what that costs says nothing. */
  readonly smsc: { readonly cpuUsPerMessage: number; readonly busy: number; readonly lateMs: number };
}

/** How ours compares; more is better. */
export interface Ratio {
  readonly window: number;
  readonly roundTripMs: number;
  /** By the better use of it. */
  readonly timesThePackage: Comparison;
  readonly ofHandMade: Comparison;
}

interface Comparison {
  readonly bySpeed: number;
  /** The steadier figure on a machine that does other work too. */
  readonly byCpu: number;
}

export interface Aim {
  readonly what: 'times the package' | 'of hand-made' | 'of window / round trip' | 'bytes more on the heap';
  readonly window: number;
  readonly roundTripMs: number;
  readonly wanted: number;
  readonly got: number;
  /** For comparison; not what is aimed at. */
  readonly byCpu?: number;
  readonly met: boolean;
}

const timesThePackage = 5;
const ofHandMade = 0.5;
const ofWindowPerRoundTrip = 0.98;
const bytesMore = 1_000_000;

export function rowsOf({ window, roundTripMs, rounds }: Group): Row[] {
  const names = Object.keys(rounds[0] ?? {}) as ContenderName[];
  return names.map((contender) => {
    const of = (value: (run: Run) => number) => median(rounds.map((round) => value(runOf(round, contender))));
    const perSecond = of(({ figures }) => figures.perSecond);
    return {
      contender,
      window,
      roundTripMs,
      perSecond,
      ...(roundTripMs > 0 && { share: (perSecond * roundTripMs) / 1_000 / window }),
      cpuUsPerMessage: of(({ figures }) => figures.cpuUsPerMessage),
      p50Ms: of(({ figures }) => figures.p50Ms),
      p99Ms: of(({ figures }) => figures.p99Ms),
      smsc: {
        cpuUsPerMessage: of(({ served }) => served.cpuUs / served.submits),
        busy: of(({ served }) => served.cpuUs / 1_000_000 / served.seconds),
        lateMs: of(({ served }) => served.lateMs.mean),
      },
    };
  });
}

/** Of each round its own ratio, and of these the median: what the machine did in another round disturbs none. */
export function ratioOf({ window, roundTripMs, rounds }: Group): Ratio {
  return {
    window,
    roundTripMs,
    timesThePackage: comparison(rounds, ['package, text', 'package, octets']),
    ofHandMade: comparison(rounds, ['hand-made']),
  };
}

function comparison(rounds: readonly Round[], others: readonly ContenderName[]): Comparison {
  const among = (round: Round) => others.filter((name) => name in round).map((name) => runOf(round, name).figures);
  const ours = (round: Round) => runOf(round, 'ours').figures;
  return {
    bySpeed: median(
      rounds.map((round) => ours(round).perSecond / Math.max(...among(round).map(({ perSecond }) => perSecond))),
    ),
    byCpu: median(
      rounds.map((round) => Math.min(...among(round).map((one) => one.cpuUsPerMessage)) / ours(round).cpuUsPerMessage),
    ),
  };
}

export function aimsOf(group: Group): Aim[] {
  const { window, roundTripMs } = group;
  if (roundTripMs > 0) {
    const ours = rowsOf(group).find(({ contender }) => contender === 'ours');
    const got = ours?.share ?? Number.NaN;
    const met = got >= ofWindowPerRoundTrip;
    return [{ what: 'of window / round trip', window, roundTripMs, wanted: ofWindowPerRoundTrip, got, met }];
  }
  const aim = (what: Aim['what'], wanted: number, { bySpeed: got, byCpu }: Comparison): Aim => {
    return { what, window, roundTripMs, wanted, got, byCpu, met: got >= wanted };
  };
  const ratio = ratioOf(group);
  return [
    ...(window >= 50 ? [aim('times the package', timesThePackage, ratio.timesThePackage)] : []),
    aim('of hand-made', ofHandMade, ratio.ofHandMade),
  ];
}

export function heapAimOf(heap: readonly Heap[]): Aim {
  const [first, last] = [heap[0], heap.at(-1)];
  const got = (last?.heapBytes ?? Number.NaN) - (first?.heapBytes ?? Number.NaN);
  const at = { window: 100, roundTripMs: 0 };
  return { what: 'bytes more on the heap', ...at, wanted: bytesMore, got, met: got <= bytesMore };
}

function runOf(round: Round, name: ContenderName): Run {
  const run = round[name];
  if (run === undefined) throw new Error(`no run of ${name}`);
  return run;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (below + above) / 2;
}
