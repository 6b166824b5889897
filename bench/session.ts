import { arch, cpus, platform } from 'node:os';
import { Releases } from '../local/releases.ts';
import { type Group, measure, measureHeap } from './session/measure.ts';
import { planOf } from './session/plan.ts';
import { startProcesses } from './session/processes.ts';
import { aimsOf, heapAimOf, ratioOf, rowsOf } from './session/report.ts';
import { aimLines, heading, heapLines, rowLines } from './session/table.ts';

/**
 * `npm run bench -- session [--json] [--quick] [--windows 50,500] [--round-trips 0,20] [--rounds N]`: how fast the SMPP
 * session is, alone, beside the package `smpp` and octets written by hand. The figures of `docs/performance.md` are
 * from here.
 */
export async function run(args: readonly string[]): Promise<void> {
  const plan = planOf(args);
  const show = (text: string) => {
    if (!plan.json) process.stdout.write(`${text}\n`);
  };
  const at = new Date().toISOString();
  const machine = `${cpus().length} x ${cpus()[0]?.model} (${platform()} ${arch()}), Node ${process.version}`;
  const releases = new Releases();
  try {
    const runOrder = await startProcesses(releases);
    show(`${at}, ${machine}, medians of ${plan.rounds} rounds\n\n${heading}`);
    const groups: Group[] = [];
    for await (const group of measure(plan, runOrder)) {
      groups.push(group);
      show(rowLines(rowsOf(group)));
    }
    const heap = await measureHeap(plan.heapEvery, runOrder);
    const aims = [...groups.flatMap(aimsOf), heapAimOf(heap)];
    show(`${heapLines(heap)}\n${aimLines(aims)}`);
    if (!plan.json) return;
    const report = { at, machine, rows: groups.flatMap(rowsOf), ratios: groups.map(ratioOf), heap, aims };
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  } finally {
    await releases.run();
  }
}
