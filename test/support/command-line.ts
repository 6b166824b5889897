import { toError } from '#contract/to-error.ts';

/** Whoever called has to mend it: the message is all that they need. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

/** What `parse` reads; what is wrong with it is the caller's to mend, who is told `help`. */
export function readOptions<Options>(help: string, parse: () => Options): Options {
  try {
    return parse();
  } catch (cause) {
    throw new UsageError(`${toError(cause).message}\n\n${help}`, { cause });
  }
}

export function wholeNumber(option: string, value: string, least: number): number {
  const number = Number(value);
  if (/^\d{1,10}$/.test(value) && number >= least && number <= 0xffffffff) return number;
  throw new UsageError(`--${option} must be a whole number from ${least}, got ${JSON.stringify(value)}`);
}
