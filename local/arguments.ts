import { type ParseArgsConfig, parseArgs } from 'node:util';
import { toError } from '#contract/to-error.ts';
import { StartError } from './start-error.ts';

/** As `parseArgs`, but throws a `StartError`, in one sentence. */
export function parseArguments<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (cause) {
    const [sentence] = toError(cause).message.split(/\.\s|\n/);
    throw new StartError(`${sentence}; --help shows the options`, { cause });
  }
}

/** Throws a `StartError` unless `text` is a whole number within `range`. */
export function wholeNumber(option: string, text: string, [min, max]: readonly [number, number]): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new StartError(`${option} must be a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}

/** What `wholeNumber` takes for a port. */
export const anyPort = [0, 65_535] as const;

export function given(option: string, value: string | undefined): string | undefined {
  if (value === '') throw new StartError(`${option} must not be empty`);
  return value;
}

export function httpUrl(option: string, value: string | undefined): string | undefined {
  if (value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
  throw new StartError(`${option} must be a URL such as http://127.0.0.1:5000, got ${JSON.stringify(value)}`);
}
