import { numberOf, readOptions } from '../options.ts';

export interface Plan {
  /** How often all is measured, in turn. */
  readonly rounds: number;
  readonly perSecond: number;
  /** For how long so many a second are sent. */
  readonly seconds: number;
  readonly warmUp: number;
  /** Messages when as many are sent as are answered. */
  readonly flatOut: { readonly simulator: number; readonly 'by hand': number };
  /** Over which memory is measured; 0: it is not. */
  readonly messages: number;
  readonly json: boolean;
}

const full = {
  rounds: 3,
  perSecond: 5_000,
  seconds: 10,
  warmUp: 20_000,
  flatOut: { simulator: 100_000, 'by hand': 500_000 },
  messages: 1_000_000,
};
const quick = {
  rounds: 1,
  perSecond: 5_000,
  seconds: 2,
  warmUp: 5_000,
  flatOut: { simulator: 20_000, 'by hand': 100_000 },
  messages: 50_000,
};

const options = {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  messages: { type: 'string' },
} as const;

/** Throws `UsageError` when an option is unknown or wrong. */
export function planOf(args: readonly string[]): Plan {
  const { values } = readOptions({ args: [...args], options });
  const plan = values.quick ? quick : full;
  const { rounds, messages, json } = values;
  return {
    ...plan,
    rounds: rounds === undefined ? plan.rounds : numberOf('--rounds', rounds, { min: 1, max: 100 }),
    messages: messages === undefined ? plan.messages : numberOf('--messages', messages, { min: 0, max: 100_000_000 }),
    json,
  };
}
