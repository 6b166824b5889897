import type { Heap } from './contender-process.ts';
import type { ContenderName } from './contenders.ts';
import type { Plan } from './plan.ts';
import type { Run, RunOrder } from './processes.ts';

/** All that was run with one window and one round trip. */
export interface Group {
  readonly window: number;
  readonly roundTripMs: number;
  readonly rounds: readonly Round[];
}

/** Each contender once, one after the other: only what is of one round is compared. */
export type Round = Readonly<Partial<Record<ContenderName, Run>>>;

const all: readonly ContenderName[] = ['ours', 'package, text', 'package, octets', 'hand-made'];
/** Where time is mostly waited for, the cheaper way to use the package says enough of it. */
const whenWaiting: readonly ContenderName[] = ['ours', 'package, octets', 'hand-made'];

export async function* measure(plan: Plan, run: RunOrder): AsyncGenerator<Group> {
  for (const roundTripMs of plan.roundTripsMs) {
    const names = roundTripMs === 0 ? all : whenWaiting;
    const measuredMs = Math.max(plan.measuredMs, 20 * roundTripMs);
    const count = Math.max(1, Math.round((plan.rounds * plan.measuredMs) / measuredMs));
    for (const window of plan.windows) {
      const order = {
        window,
        roundTripMs,
        warmUp: { messages: 0, ms: plan.warmUpMs },
        measured: { messages: 0, ms: measuredMs },
      };
      const rounds: Round[] = [];
      while (rounds.length < count) rounds.push(await measureRound(names, order, run));
      yield { window, roundTripMs, rounds };
    }
  }
}

type SharedOrder = Omit<Parameters<RunOrder>[0], 'contender'>;

async function measureRound(names: readonly ContenderName[], order: SharedOrder, run: RunOrder): Promise<Round> {
  const round: Partial<Record<ContenderName, Run>> = {};
  for (const contender of names) round[contender] = await run({ ...order, contender });
  return round;
}

/** The heap of ours, as it is after the warm-up and after every `heapEvery` messages. */
export async function measureHeap(heapEvery: number, run: RunOrder): Promise<readonly Heap[]> {
  const { heap } = await run({
    contender: 'ours',
    window: 100,
    roundTripMs: 0,
    warmUp: { messages: heapEvery, ms: 0 },
    measured: { messages: 5 * heapEvery, ms: 0 },
    heapEvery,
  });
  return heap;
}
