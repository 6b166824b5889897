import { numberOf, type Range, readOptions } from '../options.ts';

export interface Plan {
  readonly windows: readonly number[];
  readonly roundTripsMs: readonly number[];
  /** How often all are measured in turn; less often where a round trip makes each time longer. */
  readonly rounds: number;
  readonly warmUpMs: number;
  /** At least; 20 round trips where that is longer. */
  readonly measuredMs: number;
  /** Five times so many messages are sent to see whether memory grows. */
  readonly heapEvery: number;
  readonly json: boolean;
}

const full = {
  windows: [1, 10, 50, 100, 500],
  roundTripsMs: [0, 20, 150],
  rounds: 5,
  warmUpMs: 300,
  measuredMs: 500,
  heapEvery: 100_000,
};
const quick = {
  windows: [1, 50, 500],
  roundTripsMs: [0, 20],
  rounds: 1,
  warmUpMs: 100,
  measuredMs: 200,
  heapEvery: 20_000,
};

const options = {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  windows: { type: 'string' },
  'round-trips': { type: 'string' },
  rounds: { type: 'string' },
} as const;

/** Throws `UsageError` when an option is unknown or wrong. */
export function planOf(args: readonly string[]): Plan {
  const { values } = readOptions({ args: [...args], options });
  const plan = values.quick ? quick : full;
  const { windows, rounds, 'round-trips': roundTrips } = values;
  return {
    ...plan,
    windows: windows === undefined ? plan.windows : numbersOf('--windows', windows, { min: 1, max: 1_000 }),
    roundTripsMs:
      roundTrips === undefined ? plan.roundTripsMs : numbersOf('--round-trips', roundTrips, { min: 0, max: 1_000 }),
    rounds: rounds === undefined ? plan.rounds : numberOf('--rounds', rounds, { min: 1, max: 100 }),
    json: values.json,
  };
}

function numbersOf(option: string, text: string, range: Range): number[] {
  return text.split(',').map((number) => numberOf(`each of ${option}`, number, range));
}
