import { toError } from '#contract/to-error.ts';
import { UsageError } from './options.ts';

/** `npm run bench -- NAME [options]`: each bench is a file here that exports `run`. */
const benches: Readonly<Record<string, () => Promise<{ run(args: readonly string[]): Promise<void> }>>> = {
  cost: () => import('./cost.ts'),
  inbound: () => import('./inbound.ts'),
  lambda: () => import('./lambda.ts'),
  outbound: () => import('./outbound.ts'),
  session: () => import('./session.ts'),
  simulator: () => import('./simulator.ts'),
  text: () => import('./text.ts'),
};

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  const load = benches[name];
  if (load === undefined) {
    throw new UsageError(
      `npm run bench -- NAME: NAME must be one of ${Object.keys(benches).join(', ')}, got "${name}"`,
    );
  }
  await (await load()).run(args);
}

main(process.argv.slice(2)).then(
  () => process.exit(),
  (cause: unknown) => {
    const error = toError(cause);
    process.stderr.write(`${error instanceof UsageError ? error.message : error.stack}\n`);
    process.exit(1);
  },
);
