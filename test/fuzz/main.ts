import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { toError } from '#contract/to-error.ts';
import { UsageError } from '../support/command-line.ts';
import { readArgs } from './args.ts';
import type { Input } from './inputs.ts';
import { failureText, fuzz } from './run.ts';
import { summaryOf } from './summary.ts';
import { startWatchdog } from './watchdog.ts';

/** `npm run fuzz -- [--count N] [--seed S] [--only INDEX]`. */

/**
 * With fewer it is not told what the heap does: for some 10,000 inputs it has megabytes of what a process needs to become
 * warm, which is given back later and would hide a leak. Of so many a fifth is well after that.
 */
const fewestForHeap = 100_000;

async function main(): Promise<void> {
  const { seed, from, count } = readArgs(process.argv.slice(2));
  const watched = startWatchdog(seed);
  let current: Input | undefined;
  const onUncaught = (cause: unknown) => {
    const { stack = '' } = toError(cause);
    console.error(current === undefined ? stack : failureText(`uncaught: ${stack}`, current, seed));
    process.exit(1);
  };
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onUncaught);
  console.log(count === 1 ? `input ${from} of seed ${seed}` : `${count} inputs of seed ${seed}`);
  const startedAt = performance.now();
  const report = await fuzz({
    seed,
    from,
    count,
    onInput: (input) => {
      current = input;
      watched(input.index);
    },
    ...(count >= fewestForHeap && { heapUsed: heapUsedOf(collector()) }),
  });
  console.log(summaryOf(report, performance.now() - startedAt));
  if (report.failures.length > 0) process.exitCode = 1;
}

/** Of this process, without the option of Node for it. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

function heapUsedOf(collect: () => void): () => number {
  return () => {
    // The first leaves up to half a megabyte that the second takes.
    collect();
    collect();
    return process.memoryUsage().heapUsed;
  };
}

main().catch((cause: unknown) => {
  console.error(cause instanceof UsageError ? cause.message : toError(cause).stack);
  process.exitCode = 1;
});
