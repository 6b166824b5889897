import { toError } from '#contract/to-error.ts';
import { type Choice, type Input, inputOf } from './inputs.ts';
import { Rig } from './rig.ts';

export interface FuzzOptions extends Choice {
  readonly seed: number;
  /** The first input. @default 0 */
  readonly from?: number;
  readonly count: number;
  /** Told of each input before it is tried. */
  readonly onInput?: (input: Input) => void;
  /** Octets in use after a collection, asked when a fifth is tried and at the end. */
  readonly heapUsed?: () => number;
}

export interface Tally {
  sent: number;
  /** The same session answered the next enquire_link. */
  survived: number;
  /** The session ended, and another was bound. */
  ended: number;
}

export interface FuzzReport {
  /** By class, in the order of their coming. */
  readonly tallies: ReadonlyMap<string, Tally>;
  /** What must not be, and how to repeat it. After `maxFailures` nothing more is tried. */
  readonly failures: readonly string[];
  /** Of the inputs after the first fifth, in octets. */
  readonly heapGrowth: number | undefined;
}

const maxFailures = 10;
/** What comes by chance is less; the smallest object per input is more, 25 octets of each of 80,000. */
const maxHeapGrowth = 2_000_000;

/** Sends `count` inputs to a transceiver, over TCP, and sees that each leaves it alive. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { seed, from = 0, count, onInput, heapUsed } = options;
  const tallies = new Map<string, Tally>();
  const failures: string[] = [];
  let heapBefore: number | undefined;
  let rig = await Rig.start();
  for (let tried = 0; tried < count && failures.length < maxFailures; tried += 1) {
    const input = inputOf(seed, from + tried, options);
    onInput?.(input);
    if (tried === Math.floor(count / 5)) heapBefore = heapUsed?.();
    const tally = tallies.get(input.className) ?? { sent: 0, survived: 0, ended: 0 };
    tallies.set(input.className, tally);
    tally.sent += 1;
    try {
      tally[await rig.try(input)] += 1;
    } catch (cause) {
      failures.push(failureText(toError(cause).message, input, seed, rig.lastSent));
      await rig.abandon();
      rig = await Rig.start();
    }
  }
  try {
    await rig.stop();
  } catch (cause) {
    failures.push(`at the end of seed ${seed}: ${toError(cause).message}`);
    await rig.abandon();
  }
  const heapGrowth = heapBefore === undefined ? undefined : (heapUsed?.() ?? 0) - heapBefore;
  if (heapGrowth !== undefined && heapGrowth > maxHeapGrowth) {
    failures.push(`memory is not flat: ${heapGrowth} octets more, ${maxHeapGrowth} may come by chance`);
  }
  return { tallies, failures, heapGrowth };
}

/** Of an input that fails; the rest is found by its number. */
const shownOctets = 1_000;

/** What went wrong, with which input, and how to repeat it. */
export function failureText(what: string, input: Input, seed: number, octets?: Buffer): string {
  const { index, className, situation, submits, pieces, delivery } = input;
  return [
    what,
    `  input ${index} of seed ${seed}: ${className}, ${situation}`,
    `  submits ${submits}, pieces ${pieces}, handler ${delivery}`,
    ...(octets === undefined ? [] : [`  ${octets.length} octets: ${octets.toString('hex', 0, shownOctets)}`]),
    `  alone: npm run fuzz -- --seed ${seed} --only ${index}`,
    `  with all before it: npm run fuzz -- --seed ${seed} --count ${index + 1}`,
  ].join('\n');
}
