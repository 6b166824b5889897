import type { Measured } from './measure.ts';

export interface Row {
  readonly what: string;
  readonly contender: string;
  /** Median of the rounds. */
  readonly perSecond: number;
  /** How many times as fast ours is, in the same round: median, least, most. 1 for ours. */
  readonly timesSlower: { readonly median: number; readonly least: number; readonly most: number };
}

export interface Aim {
  readonly what: string;
  readonly wanted: number;
  readonly got: number;
  readonly met: boolean;
}

const wantedTimes = 3;

export function rowsOf({ measured, rounds }: Measured): Row[] {
  const names = ['ours', ...measured.others.map(({ name }) => name)];
  return names.map((contender, index) => {
    const times = rounds.map((figures) => (figures[0] ?? Number.NaN) / (figures[index] ?? Number.NaN));
    return {
      what: measured.name,
      contender,
      perSecond: median(rounds.map((figures) => figures[index] ?? Number.NaN)),
      timesSlower: { median: median(times), least: Math.min(...times), most: Math.max(...times) },
    };
  });
}

/** Against the first of the others. */
export function aimOf(measured: Measured): Aim {
  const [, first] = rowsOf(measured);
  const got = first?.timesSlower.median ?? Number.NaN;
  const what = `${measured.measured.name}: times as fast as ${first?.contender}`;
  return { what, wanted: wantedTimes, got, met: got >= wantedTimes };
}

export function rowLines(rows: readonly Row[]): string {
  return rows
    .map(({ what, contender, perSecond, timesSlower: { median: middle, least, most } }) => {
      const times = `${middle.toFixed(1)} (${least.toFixed(1)} to ${most.toFixed(1)})`;
      return `${`${what}, ${contender}`.padEnd(46)}${Math.round(perSecond).toLocaleString('en').padStart(12)} a second${
        contender === 'ours' ? '' : `  ours is ${times} times as fast`
      }`;
    })
    .join('\n');
}

export function aimLines(aims: readonly Aim[]): string {
  return aims
    .map(
      ({ what, wanted, got, met }) => `  ${met ? 'met   ' : 'MISSED'}  ${got.toFixed(1)}  ${what}; at least ${wanted}`,
    )
    .join('\n');
}

function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}
