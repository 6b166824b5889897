import type { Case, Work } from './cases.ts';
import type { Plan } from './plan.ts';

/** Of one case and one round: operations a second of CPU of each, in the order of the case, ours first. */
export type Round = readonly number[];

export interface Measured {
  readonly measured: Case;
  readonly rounds: readonly Round[];
}

/** Between two looks at the clock. */
const turns = 256;

/** All that do the same work run in turn, in each round the next one first, so that what else the machine does hits all. */
export function measure(measured: Case, { rounds, measuredMs, warmUpMs }: Omit<Plan, 'json'>): Measured {
  const works = [measured.ours, ...measured.others.map(({ work }) => work)];
  for (const work of works) perSecond(work, warmUpMs);
  return {
    measured,
    rounds: Array.from({ length: rounds }, (_, round) => {
      const figures = works.map(() => 0);
      for (const step of works.keys()) {
        const index = (round + step) % works.length;
        const work = works[index];
        if (work !== undefined) figures[index] = perSecond(work, measuredMs);
      }
      return figures;
    }),
  };
}

/** What was made last, where the compiler cannot know that nobody looks. */
export let made: unknown;

/** By the time of the CPU, which tells the same where other processes want it too. */
function perSecond(work: Work, forMs: number): number {
  const startedAt = process.cpuUsage();
  let done = 0;
  let usedUs = 0;
  while (usedUs < forMs * 1_000) {
    for (let turn = 0; turn < turns; turn++) made = work(done + turn);
    done += turns;
    const { user, system } = process.cpuUsage(startedAt);
    usedUs = user + system;
  }
  return (done * 1_000_000) / usedUs;
}
