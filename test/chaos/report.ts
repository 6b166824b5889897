import { guarantees } from '#contract/outbound-sms.ts';
import { intervals } from './plan.ts';
import { type Tally, totalOf, type Verdict } from './verdict.ts';

/** What `npm run chaos` prints. A breach is told with the whole story of its message. */
export function reportOf(verdict: Verdict, seconds: number): string {
  const { of, received, receipts, kills, caught, faults, mostWithinASecond, breaches } = verdict;
  return [
    ...guarantees.map((guarantee) => line(guarantee, of[guarantee])),
    line('from handsets', received),
    line('receipts', receipts),
    line('kills', { made: kills.made, missed: kills.missed, faults }),
    line('kills that hit', Object.fromEntries(intervals.map((interval) => [interval, kills.hits[interval]]))),
    line('messages caught', Object.fromEntries(intervals.map((interval) => [interval, caught[interval]]))),
    line('submit_sm', { 'most within a second': mostWithinASecond }),
    ...breaches.slice(0, shownBreaches),
    `${breaches.length} breaches, ${seconds.toFixed(1)} s`,
  ].join('\n');
}

/** One that comes often is understood from the first few. */
const shownBreaches = 20;

function line(name: string, values: object): string {
  const words = Object.entries(values).map(([key, value]) => `${key} ${value}`);
  return `${name.padEnd(16)} ${words.join(', ')}`;
}

/** The last line of `--json`: of both guarantees together, then of each. */
export interface Result extends Tally, Omit<Verdict, 'breaches'> {
  readonly seed: number;
  readonly seconds: number;
  /** The first line of each. */
  readonly breaches: readonly string[];
}

export function resultOf(verdict: Verdict, seed: number, seconds: number): Result {
  const breaches = verdict.breaches.map((breach) => breach.split('\n', 1).join());
  return { ...totalOf(verdict), ...verdict, seed, seconds, breaches };
}
