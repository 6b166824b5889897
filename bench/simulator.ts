import { arch, cpus, platform } from 'node:os';
import { Releases } from '../local/releases.ts';
import { aimLines } from './path/table.ts';
import { measure, measureMemory, measureRound, orderOf, type Round, type Run } from './simulator/measure.ts';
import { type Plan, planOf } from './simulator/plan.ts';
import { contenderNames, startSmsc } from './simulator/processes.ts';
import { aimsOf, ratiosOf, rowsOf } from './simulator/report.ts';
import { memoryLines, ratioLines, rowLines } from './simulator/table.ts';

/**
 * `npm run bench -- simulator [--json] [--quick] [--rounds N] [--messages N]`: whether the simulated SMSC keeps up with what
 * is sent to it, beside an SMSC of octets by hand, and whether its memory is bounded.
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
    const runOne = await startRuns(plan, releases);
    show(`${at}, ${machine}, medians of ${plan.rounds} rounds; paced: ${plan.perSecond} a second`);
    const rounds: Round[] = [];
    while (rounds.length < plan.rounds) rounds.push(await measureRound(runOne));
    show(`${rowLines(rowsOf(rounds))}\n${ratioLines(ratiosOf(rounds))}`);
    const memory =
      plan.messages === 0 ? [] : await measureMemory(await startSmsc('simulator', releases), plan.messages);
    const aims = aimsOf(rounds, plan.perSecond, memory);
    if (memory.length > 0) show(memoryLines(memory));
    show(aimLines(aims));
    if (!plan.json) return;
    const report = { at, machine, rows: rowsOf(rounds), ratios: ratiosOf(rounds), memory, aims };
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  } finally {
    await releases.run();
  }
}

/** Each SMSC is a process that has warmed up before anything counts. */
async function startRuns(plan: Plan, releases: Releases): Promise<Run> {
  const smscs = { simulator: await startSmsc('simulator', releases), 'by hand': await startSmsc('by hand', releases) };
  for (const name of contenderNames) {
    await measure(smscs[name], { messages: plan.warmUp, receipts: name === 'simulator' });
  }
  return (situation) => measure(smscs[situation.contender], orderOf(situation, plan));
}
