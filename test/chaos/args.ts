import { parseArgs } from 'node:util';
import { type Guarantee, guarantees } from '#contract/outbound-sms.ts';
import { toError } from '#contract/to-error.ts';
import { type Interval, intervals } from './plan.ts';
import { type Plant, plantNames } from './plants.ts';

const help = `Kills the connector, its SMSC's connections and its calls to AWS while messages flow, and accounts for each message.

  npm run chaos -- [--messages 2000] [--kills 10] [--seed 1]
    --guarantee ${guarantees.join(' | ')}   of all messages, without it of half of them each
    --rate N          submit_sm per second, as the carrier's messagesPerSecond; without it no limit
    --interval NAME   kill in this interval alone: ${intervals.join(' | ')}
    --plant NAME      a fault in the connector, which must be found: ${plantNames.join(' | ')},
                      or "all", one run each
    --json            the last line is the result as JSON
`;

/** Whoever called has to mend it: the message is all that they need. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

export interface Args {
  readonly messages: number;
  readonly kills: number;
  readonly seed: number;
  readonly guarantee: Guarantee | undefined;
  readonly rate: number | undefined;
  readonly interval: Interval | undefined;
  readonly plant: Plant | 'all' | undefined;
  readonly json: boolean;
}

const text = { type: 'string' } as const;
const options = {
  messages: text,
  kills: text,
  seed: text,
  guarantee: text,
  rate: text,
  interval: text,
  plant: text,
  json: { type: 'boolean' },
} as const;

export function readArgs(args: readonly string[]): Args {
  const given = parse(args);
  return {
    messages: wholeNumber('messages', given.messages ?? '2000', 1),
    kills: wholeNumber('kills', given.kills ?? '10', 0),
    seed: wholeNumber('seed', given.seed ?? '1', 0),
    guarantee: oneOf('guarantee', given.guarantee, guarantees),
    rate: given.rate === undefined ? undefined : wholeNumber('rate', given.rate, 1),
    interval: oneOf('interval', given.interval, intervals),
    plant: oneOf('plant', given.plant, [...plantNames, 'all']),
    json: given.json ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    throw new UsageError(`${toError(cause).message}\n\n${help}`, { cause });
  }
}

function wholeNumber(option: string, value: string, least: number): number {
  const number = Number(value);
  if (/^\d{1,10}$/.test(value) && number >= least && number <= 0xffffffff) return number;
  throw new UsageError(`--${option} must be a whole number from ${least}, got ${JSON.stringify(value)}`);
}

function oneOf<Name extends string>(
  option: string,
  value: string | undefined,
  names: readonly Name[],
): Name | undefined {
  if (value === undefined) return undefined;
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  throw new UsageError(`--${option} must be one of ${names.join(', ')}, got ${JSON.stringify(value)}`);
}
