import { parseArgs } from 'node:util';
import { toError } from '#contract/to-error.ts';

/** Whoever called has to mend it: the message is all that they need. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

/** As Node's own, but what is wrong is the caller's to mend. */
export const readOptions: typeof parseArgs = (config) => {
  try {
    return parseArgs(config);
  } catch (cause) {
    throw new UsageError(toError(cause).message, { cause });
  }
};

export interface Range {
  readonly min: number;
  readonly max: number;
}

export function numberOf(option: string, text: string, { min, max }: Range): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new UsageError(`${option} must be an integer of ${min} to ${max}, got "${text}"`);
}
