import { arch, cpus, platform } from 'node:os';
import { cases } from './text/cases.ts';
import { type Measured, measure } from './text/measure.ts';
import { planOf } from './text/plan.ts';
import { aimLines, aimOf, rowLines, rowsOf } from './text/report.ts';

/**
 * `npm run bench -- text [--json] [--quick] [--rounds N]`: how fast texts are encoded and cut, and receipts read, beside
 * the package `smpp` and regular expressions. The figures of `docs/performance.md` are from here.
 */
export async function run(args: readonly string[]): Promise<void> {
  const plan = planOf(args);
  const show = (text: string) => {
    if (!plan.json) process.stdout.write(`${text}\n`);
  };
  const at = new Date().toISOString();
  const machine = `${cpus().length} x ${cpus()[0]?.model} (${platform()} ${arch()}), Node ${process.version}`;
  show(`${at}, ${machine}, medians of ${plan.rounds} rounds\n`);
  const measured: Measured[] = [];
  for (const each of cases) {
    const figures = measure(each, plan);
    measured.push(figures);
    show(rowLines(rowsOf(figures)));
  }
  const aims = measured.map(aimOf);
  show(`\naims\n${aimLines(aims)}`);
  if (!plan.json) return;
  const report = { at, machine, rows: measured.flatMap(rowsOf), aims };
  process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
}
