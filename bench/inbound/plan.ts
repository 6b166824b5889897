import { numberOf, readOptions } from '../options.ts';

export interface Plan {
  /** Messages, and as many receipts, of each measurement. */
  readonly messages: number;
  readonly trickle: { readonly perSecond: number; readonly messages: number };
  readonly rounds: number;
  /** Messages that each process takes before it is measured. */
  readonly warmUp: number;
  readonly json: boolean;
}

const full = { messages: 30_000, trickle: { perSecond: 20, messages: 200 }, rounds: 3, warmUp: 5_000 };
const quick = { messages: 2_000, trickle: { perSecond: 20, messages: 20 }, rounds: 1, warmUp: 500 };

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
  const { rounds, messages } = values;
  return {
    ...plan,
    rounds: rounds === undefined ? plan.rounds : numberOf('--rounds', rounds, { min: 1, max: 100 }),
    messages: messages === undefined ? plan.messages : numberOf('--messages', messages, { min: 100, max: 1_000_000 }),
    json: values.json,
  };
}
