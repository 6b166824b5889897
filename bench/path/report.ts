import type { ContenderName } from './contender.ts';
import { type Figures, median, medianOf } from './figures.ts';

/** Both contenders, one after the other: only what is of one round is compared. */
export type Round = Readonly<Record<ContenderName, Figures>>;

/** Of one contender in one situation; medians of the rounds. */
export interface Row extends Figures {
  readonly what: string;
  readonly contender: ContenderName;
}

/** The connector's figure as a share of the bare loop's, of each round its own. */
export interface Compared {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Aim {
  readonly what: string;
  readonly unit: 'ratio' | 'share' | 'ms';
  /** Whether it shall be so much at the most, or at the least. */
  readonly bound: 'at most' | 'at least';
  readonly wanted: number;
  readonly got: Compared;
  readonly met: boolean;
}

export function rowsOf(what: string, rounds: readonly Round[]): Row[] {
  return (['connector', 'bare loop'] as const).map((contender) => ({
    what,
    contender,
    ...medianOf(rounds.map((round) => round[contender])),
  }));
}

export function compared(rounds: readonly Round[], compare: (own: Figures, bare: Figures) => number): Compared {
  return spreadOf(rounds.map((round) => compare(round.connector, round['bare loop'])));
}

export function spreadOf(values: readonly number[]): Compared {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** By the median. */
export function aimOf(aim: Omit<Aim, 'met'>): Aim {
  const { bound, wanted, got } = aim;
  return { ...aim, met: bound === 'at most' ? got.median <= wanted : got.median >= wanted };
}
