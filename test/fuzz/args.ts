import { parseArgs } from 'node:util';
import { readOptions, UsageError, wholeNumber } from '../support/command-line.ts';

const help = `Sends mutated PDUs to the gateway's SMPP session, and sees that it lives.

  npm run fuzz -- [--count 2000] [--seed 1]   inputs 0 to 1999 of seed 1
  npm run fuzz -- --seed 1 --only 17          input 17 of it alone
`;

export interface Args {
  readonly seed: number;
  /** The first input. */
  readonly from: number;
  readonly count: number;
}

export function readArgs(args: readonly string[]): Args {
  const option = { type: 'string' } as const;
  const options = { count: option, seed: option, only: option };
  const { count, seed, only } = readOptions(help, () => parseArgs({ args: [...args], options }).values);
  if (count !== undefined && only !== undefined) throw new UsageError('--count and --only exclude each other');
  const of = { seed: wholeNumber('seed', seed ?? '1', 0) };
  if (only !== undefined) return { ...of, from: wholeNumber('only', only, 0), count: 1 };
  return { ...of, from: 0, count: wholeNumber('count', count ?? '2000', 1) };
}
