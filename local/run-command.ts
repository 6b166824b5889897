import { toError } from '#contract/to-error.ts';
import { StartError } from './start-error.ts';

/** After everything was released nothing should be left to wait for. */
const exitWithinMs = 1_000;

/** Before anybody diverts it. */
const writeToStderr = process.stderr.write.bind(process.stderr);

/** Runs `main` as what the process is for. What it throws is told, a `StartError` without a stack, and makes the process end with 1. */
export function runCommand(main: () => Promise<void>): void {
  // A reader that went away is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  main()
    .catch((cause: unknown) => {
      const error = toError(cause);
      writeToStderr(`${error instanceof StartError ? error.message : error.stack}\n`);
      process.exitCode = 1;
    })
    .finally(() => setTimeout(() => process.exit(), exitWithinMs).unref());
}
