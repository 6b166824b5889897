import { parseArgs } from 'node:util';
import { toError } from '#contract/to-error.ts';

const help = `Sends mutated PDUs to the gateway's SMPP session, and sees that it lives.

  npm run fuzz -- [--count 2000] [--seed 1]   inputs 0 to 1999 of seed 1
  npm run fuzz -- --seed 1 --only 17          input 17 of it alone
`;

/** Whoever called has to mend it: the message is all that they need. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

export interface Args {
  readonly seed: number;
  /** The first input. */
  readonly from: number;
  readonly count: number;
}

export function readArgs(args: readonly string[]): Args {
  const { count, seed, only } = given(args);
  if (count !== undefined && only !== undefined) throw new UsageError('--count and --only exclude each other');
  const of = { seed: wholeNumber('seed', seed ?? '1', 0) };
  if (only !== undefined) return { ...of, from: wholeNumber('only', only, 0), count: 1 };
  return { ...of, from: 0, count: wholeNumber('count', count ?? '2000', 1) };
}

function given(args: readonly string[]): Partial<Record<'count' | 'seed' | 'only', string | undefined>> {
  const option = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...args], options: { count: option, seed: option, only: option } }).values;
  } catch (cause) {
    throw new UsageError(`${toError(cause).message}\n\n${help}`, { cause });
  }
}

function wholeNumber(option: string, value: string, least: number): number {
  const number = Number(value);
  if (/^\d{1,10}$/.test(value) && number >= least && number <= 0xffffffff) return number;
  throw new UsageError(`--${option} must be a whole number from ${least}, got ${JSON.stringify(value)}`);
}
