import { readFileSync, writeSync } from 'node:fs';
import { lambdaContext } from '../../local/api/event.ts';

/*
 * What an execution environment does, in a process of its own: load the bundle, answer the first event, and the next.
 * Built to JavaScript before it runs, or Node's reading of TypeScript would be in the figures.
 */

export interface Order {
  readonly functionName: string;
  /** Path of its bundle. */
  readonly bundle: string;
  readonly event: unknown;
}

export interface Spell {
  readonly ms: number;
  /** Of all threads. */
  readonly cpuMs: number;
}

export interface ColdStart {
  /** Until Node ran the first line of this. */
  readonly boot: Spell;
  readonly init: Spell;
  readonly firstCall: Spell;
  readonly nextCall: Spell;
  /** To the first call. */
  readonly answer: unknown;
}

/** File descriptor; standard output is the function's. */
const reportTo = 3;
const timeoutMs = 25_000;

function cpuMsSince(before?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function timed<Result>(work: () => Result): Promise<{ result: Awaited<Result>; spell: Spell }> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const result = await work();
  return { result, spell: { ms: performance.now() - begin, cpuMs: cpuMsSince(cpu) } };
}

async function main(): Promise<void> {
  const boot: Spell = { ms: performance.now(), cpuMs: cpuMsSince() };
  const { functionName, bundle, event }: Order = JSON.parse(readFileSync(0, 'utf8'));
  const loaded = await timed(() => require(bundle));
  const call = () => {
    const context = lambdaContext(functionName, 'request-1', Date.now() + timeoutMs, Date.now);
    return loaded.result.handler(event, context);
  };
  const first = await timed(call);
  const next = await timed(call);
  const measured: ColdStart = {
    boot,
    init: loaded.spell,
    firstCall: first.spell,
    nextCall: next.spell,
    answer: first.result ?? null,
  };
  writeSync(reportTo, JSON.stringify(measured));
  // Lambda would freeze it, with its connections.
  process.exit();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
