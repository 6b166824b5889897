import { parseArgs } from 'node:util';
import { type Guarantee, guarantees } from '#contract/outbound-sms.ts';
import { readOptions, UsageError, wholeNumber } from '../support/command-line.ts';
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
  const given = readOptions(help, () => parseArgs({ args: [...args], options }).values);
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
