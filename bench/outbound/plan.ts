import { numberOf, readOptions, UsageError } from '../options.ts';

export interface Backlog {
  readonly messages: number;
  /** So often in each round, of which the median counts: a small one is over before much can be measured. */
  readonly times: number;
}

export interface Trickle {
  readonly perSecond: number;
  readonly messages: number;
}

/** An SMSC, and an SQS, that are not on this machine; perhaps an account with a limit. */
export interface Distance {
  readonly window: number;
  /** Of the SMSC. */
  readonly roundTripMs: number;
  /** Of SQS. */
  readonly sqsMs: number;
  readonly messagesPerSecond?: number;
  /** How long it is measured, after a second that does not count. */
  readonly seconds: number;
}

const parts = ['backlogs', 'trickle', 'distances'] as const;
export type Part = (typeof parts)[number];

export interface Plan {
  readonly backlogs: readonly Backlog[];
  readonly trickle: Trickle;
  readonly distances: readonly Distance[];
  readonly parts: readonly Part[];
  readonly rounds: number;
  /** Messages that each process takes before it is measured. */
  readonly warmUp: number;
  /** Directory for CPU profiles of the connector. */
  readonly profiles: string | undefined;
  readonly json: boolean;
}

const full = {
  backlogs: [
    { messages: 1_000, times: 5 },
    { messages: 100_000, times: 1 },
  ],
  trickle: { perSecond: 20, messages: 200 },
  distances: [
    // With SQS as near as an emulator: what is missing there is not a matter of distance.
    { window: 10, roundTripMs: 20, sqsMs: 0, seconds: 3 },
    { window: 10, roundTripMs: 20, sqsMs: 20, seconds: 3 },
    { window: 50, roundTripMs: 50, sqsMs: 20, seconds: 3 },
    { window: 100, roundTripMs: 150, sqsMs: 20, seconds: 3 },
    { window: 200, roundTripMs: 150, sqsMs: 20, seconds: 3 },
    { window: 50, roundTripMs: 50, sqsMs: 20, messagesPerSecond: 200, seconds: 5 },
  ],
  rounds: 3,
  warmUp: 30_000,
};
const quick = {
  backlogs: [
    { messages: 1_000, times: 1 },
    { messages: 5_000, times: 1 },
  ],
  trickle: { perSecond: 20, messages: 20 },
  distances: [{ window: 50, roundTripMs: 50, sqsMs: 20, messagesPerSecond: 200, seconds: 2 }],
  rounds: 1,
  warmUp: 1_000,
};

const options = {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  backlogs: { type: 'string' },
  parts: { type: 'string' },
  profiles: { type: 'string' },
} as const;

/** Throws `UsageError` when an option is unknown or wrong. */
export function planOf(args: readonly string[]): Plan {
  const { values } = readOptions({ args: [...args], options });
  const plan = values.quick ? quick : full;
  const { rounds, backlogs, parts: given } = values;
  return {
    ...plan,
    rounds: rounds === undefined ? plan.rounds : numberOf('--rounds', rounds, { min: 1, max: 100 }),
    backlogs: backlogs === undefined ? plan.backlogs : backlogs.split(',').map(backlogOf),
    parts: given === undefined ? parts : given.split(',').map(partOf),
    profiles: values.profiles,
    json: values.json,
  };
}

function partOf(text: string): Part {
  const part = parts.find((each) => each === text);
  if (part !== undefined) return part;
  throw new UsageError(`each of --parts must be one of ${parts.join(', ')}, got "${text}"`);
}

function backlogOf(text: string): Backlog {
  const messages = numberOf('each of --backlogs', text, { min: 10, max: 1_000_000 });
  return { messages, times: messages < 10_000 ? 5 : 1 };
}
