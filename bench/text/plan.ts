import { numberOf, readOptions } from '../options.ts';

export interface Plan {
  /** How often all are measured in turn. */
  readonly rounds: number;
  readonly measuredMs: number;
  readonly warmUpMs: number;
  readonly json: boolean;
}

const full = { rounds: 7, measuredMs: 200, warmUpMs: 300 };
const quick = { rounds: 3, measuredMs: 50, warmUpMs: 100 };

const options = {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
} as const;

/** Throws `UsageError` when an option is unknown or wrong. */
export function planOf(args: readonly string[]): Plan {
  const { values } = readOptions({ args: [...args], options });
  const plan = values.quick ? quick : full;
  const { rounds, json } = values;
  return {
    ...plan,
    rounds: rounds === undefined ? plan.rounds : numberOf('--rounds', rounds, { min: 1, max: 100 }),
    json,
  };
}
