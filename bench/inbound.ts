import { type Group, Measuring } from './inbound/measure.ts';
import { planOf } from './inbound/plan.ts';
import { partOf } from './inbound/report.ts';
import { type Part, show } from './path/show.ts';

/**
 * `npm run bench -- inbound [--json] [--quick] [--rounds N] [--messages N]`: how fast the connector takes handsets' messages
 * and receipts from the SMSC to where they are durable, and acknowledges them, beside bare calls of the SDK. The
 * figures of `docs/performance.md` are from here.
 */
export async function run(args: readonly string[]): Promise<void> {
  const plan = planOf(args);
  await show({ ...plan, parts: (stage) => partsOf(new Measuring(stage).all(plan)) });
}

async function* partsOf(groups: AsyncIterable<Group>): AsyncGenerator<Part> {
  for await (const group of groups) yield partOf(group);
}
