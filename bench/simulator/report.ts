import { median } from '../path/figures.ts';
import { type Aim, aimOf, type Compared, spreadOf } from '../path/report.ts';
import { type Figures, type MemoryAfter, type Round, type Situation, situations } from './measure.ts';

/** Of one situation; medians of the rounds. */
export interface Row extends Situation, Figures {}

/** How the simulator compares with what is written by hand, both without receipts; of each round its own. */
export interface Ratios {
  readonly cpuPaced: Compared;
  readonly cpuFlatOut: Compared;
  readonly speed: Compared;
}

/** What is in use comes and goes by a tenth; a leak of 20 octets a message would be a quarter. */
const most = { cores: 1, growth: 1.25 };

export function rowsOf(rounds: readonly Round[]): Row[] {
  return situations.map((situation) => {
    const of = (figure: keyof Figures) => median(rounds.map((round) => figuresOf(round, situation)[figure]));
    return {
      ...situation,
      perSecond: of('perSecond'),
      cpuUsPerMessage: of('cpuUsPerMessage'),
      busy: of('busy'),
      p50Ms: of('p50Ms'),
      p99Ms: of('p99Ms'),
      receiptsP99Ms: of('receiptsP99Ms'),
    };
  });
}

export function ratiosOf(rounds: readonly Round[]): Ratios {
  const compared = (pace: Situation['pace'], figure: keyof Figures) =>
    spreadOf(
      rounds.map(
        (round) =>
          figuresOf(round, { pace, contender: 'simulator', receipts: false })[figure] /
          figuresOf(round, { pace, contender: 'by hand', receipts: false })[figure],
      ),
    );
  return {
    cpuPaced: compared('paced', 'cpuUsPerMessage'),
    cpuFlatOut: compared('flat out', 'cpuUsPerMessage'),
    speed: compared('flat out', 'perSecond'),
  };
}

/** That every submit_sm was answered and every receipt came needs no aim: without that there are no figures. */
export function aimsOf(rounds: readonly Round[], perSecond: number, memory: readonly MemoryAfter[]): Aim[] {
  const of = (pace: Situation['pace'], value: (figures: Figures) => number) =>
    spreadOf(rounds.map((round) => value(figuresOf(round, { pace, contender: 'simulator', receipts: true }))));
  const aim = (what: string, bound: Aim['bound'], wanted: number, got: Compared) =>
    aimOf({ what, unit: 'share', bound, wanted, got });
  return [
    aim(
      `of a core at ${perSecond} a second with receipts`,
      'at most',
      most.cores,
      of('paced', ({ busy }) => busy),
    ),
    aim(
      `of ${perSecond} a second with receipts, flat out`,
      'at least',
      1,
      of('flat out', (figures) => figures.perSecond / perSecond),
    ),
    ...memoryAimOf(memory),
  ];
}

function memoryAimOf(memory: readonly MemoryAfter[]): Aim[] {
  const [first, last] = [memory[0], memory.at(-1)];
  if (first === undefined || last === undefined) return [];
  const got = spreadOf([last.usedBytes / first.usedBytes]);
  const what = `of the memory in use after the warm-up, after ${last.messages} messages more`;
  return [aimOf({ what, unit: 'ratio', bound: 'at most', wanted: most.growth, got })];
}

function figuresOf(round: Round, wanted: Situation): Figures {
  const index = situations.findIndex(
    ({ contender, receipts, pace }) =>
      contender === wanted.contender && receipts === wanted.receipts && pace === wanted.pace,
  );
  const figures = round[index];
  if (figures === undefined) throw new Error(`no run of ${JSON.stringify(wanted)}`);
  return figures;
}
