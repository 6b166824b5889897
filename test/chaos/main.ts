import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toError } from '#contract/to-error.ts';
import { UsageError } from '../support/command-line.ts';
import { type Args, readArgs } from './args.ts';
import { makeBundle } from './bundle.ts';
import { planOf } from './plan.ts';
import { type Plant, plantNames, planWith } from './plants.ts';
import { reportOf, resultOf } from './report.ts';
import { run } from './run.ts';
import { judge, type Verdict } from './verdict.ts';

/** `npm run chaos -- --messages N --kills K --seed S [--json]`. */

async function main(): Promise<void> {
  const args = readArgs(process.argv.slice(2));
  if (args.plant === 'all') await tryAllPlants(args);
  else await tryOnce(args.plant === undefined ? args : planWith(args, args.plant), args.plant);
}

async function tryOnce(args: Args, plant: Plant | undefined): Promise<void> {
  const { messages, kills, seed } = args;
  console.log(`${messages} messages, ${kills} kills, seed ${seed}${plant === undefined ? '' : `, planted: ${plant}`}`);
  const startedAt = performance.now();
  const verdict = await verdictOn(args, plant);
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(reportOf(verdict, seconds));
  if (args.json) console.log(JSON.stringify(resultOf(verdict, seed, seconds)));
  if (verdict.breaches.length > 0) process.exitCode = 1;
}

/** What shows only where a connection breaks at the right moment may need more than one plan. */
const plansOfPlant = 3;

/** Fails if one of them is not found. */
async function tryAllPlants(args: Args): Promise<void> {
  for (const plant of plantNames) {
    const breach = await findPlant(args, plant);
    console.log(`${plant}: ${breach === undefined ? 'NOT FOUND' : `found, ${breach.split(':', 1)}`}`);
    if (breach === undefined) process.exitCode = 1;
  }
}

async function findPlant(args: Args, plant: Plant): Promise<string | undefined> {
  for (let plan = 0; plan < plansOfPlant; plan += 1) {
    const { breaches } = await verdictOn(planWith({ ...args, seed: args.seed + plan }, plant), plant);
    if (breaches.length > 0) return breaches[0];
  }
  return undefined;
}

async function verdictOn(args: Args, plant: Plant | undefined): Promise<Verdict> {
  const { rate } = args;
  const directory = await mkdtemp(join(tmpdir(), 'smpp-gateway-chaos-'));
  try {
    const bundle = join(directory, 'connector.cjs');
    await makeBundle(bundle, plant);
    return await run({ plan: planOf(args), bundle, rate }, (world) => judge(world, rate));
  } finally {
    await rm(directory, { recursive: true });
  }
}

main()
  .catch((cause: unknown) => {
    console.error(cause instanceof UsageError ? cause.message : toError(cause).stack);
    process.exitCode = 1;
  })
  // What broke off in the middle of a connection must not keep a run that has its verdict.
  .finally(() => process.exit());
