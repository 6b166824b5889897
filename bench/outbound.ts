import { Measuring } from './outbound/measure.ts';
import { planOf } from './outbound/plan.ts';
import { growthAim, partOf } from './outbound/report.ts';
import type { Round } from './path/report.ts';
import { type Part, show } from './path/show.ts';

/**
 * `npm run bench -- outbound [--json] [--quick] [--rounds N] [--backlogs 1000,100000] [--parts backlogs,trickle,distances]
 * [--profiles DIR]`:
 * how fast the connector takes messages from the queue to the SMSC, beside a bare loop on the SDK. The figures of
 * `docs/performance.md` are from here.
 */
export async function run(args: readonly string[]): Promise<void> {
  const plan = planOf(args);
  await show({ ...plan, parts: (stage) => partsOf(new Measuring(stage, plan).all(plan)) });
}

async function* partsOf(groups: ReturnType<Measuring['all']>): AsyncGenerator<Part> {
  const backlogs: (readonly Round[])[] = [];
  for await (const group of groups) {
    if (group.kind === 'backlog') backlogs.push(group.rounds);
    yield partOf(group);
  }
  const [small, large] = [backlogs[0], backlogs.at(-1)];
  if (small !== undefined && large !== undefined && small !== large)
    yield { rows: [], aims: [growthAim(small, large)] };
}
