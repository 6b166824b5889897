import { unreachable } from '#contract/unreachable.ts';
import { type Mutation, mutations } from './mutations.ts';
import { type Random, randomOf } from './random.ts';

/** When the octets come. */
export const situations = [
  'bound',
  'submits unanswered',
  'before the bind',
  'before the bind is answered',
  'in place of the bind’s answer',
  'after the SMSC’s unbind',
  'while the gateway unbinds',
] as const;
export type Situation = (typeof situations)[number];

/** How they come: with the PDU behind them in one piece, apart from it, or cut. */
export type Pieces = 'one' | 'two' | 'some' | 'single octets';

/** What the handler of a deliver_sm does. */
export type Delivery = 'answers' | 'answers later' | 'throws' | 'throws later';

/** One try. All of it follows from the seed and its number. */
export interface Input {
  readonly index: number;
  readonly className: string;
  readonly mutation: Mutation;
  readonly situation: Situation;
  /** submit_sm that await their answers meanwhile. */
  readonly submits: number;
  /** Afterwards time goes by in which the SMSC says nothing of itself. */
  readonly idles: boolean;
  readonly pieces: Pieces;
  readonly delivery: Delivery;
  /** For what is made on the way. */
  readonly random: Random;
}

export interface Choice {
  /** @default all */
  readonly classes?: readonly string[];
  /** @default all */
  readonly situations?: readonly Situation[];
}

export function inputOf(seed: number, index: number, choice: Choice = {}): Input {
  const random = randomOf(seed, index);
  const className = random.pick(choice.classes ?? classNames);
  const mutation = mutations[className];
  if (mutation === undefined) throw new Error(`there is no class "${className}"`);
  const wanted = situationOf(random);
  const situation = choice.situations?.includes(wanted) === false ? random.pick(choice.situations) : wanted;
  const maySubmit = mutation.needsSubmits === true || situation !== 'bound';
  return {
    index,
    className,
    mutation,
    situation,
    submits: maySubmit ? random.integer(1, 3) : 0,
    idles: mutation.drips === true || random.chance(0.03),
    pieces: piecesOf(random),
    delivery: random.pick(['answers', 'answers later', 'throws', 'throws later']),
    random,
  };
}

const classNames = Object.keys(mutations);

/** Mostly those in which one session can be asked again and again. */
function situationOf(random: Random): Situation {
  if (random.chance(0.6)) return 'bound';
  return random.chance(0.7) ? 'submits unanswered' : random.pick(situations);
}

function piecesOf(random: Random): Pieces {
  if (random.chance(0.4)) return 'one';
  if (random.chance(0.6)) return 'two';
  return random.chance(0.8) ? 'some' : 'single octets';
}

/** Single octets of a long PDU would take long and show no more. */
const maxSingleOctets = 48;

/** The writes of `octets`, and of what comes behind them. */
export function inPieces(
  octets: Buffer,
  behind: Buffer,
  { pieces, random }: Pick<Input, 'pieces' | 'random'>,
): Buffer[] {
  const all = Buffer.concat([octets, behind]);
  switch (pieces) {
    case 'one':
      return [all];
    case 'two':
      return [octets, behind];
    case 'some':
      return cut(
        all,
        Array.from({ length: random.integer(1, 5) }, () => random.integer(0, all.length)),
      );
    case 'single octets':
      return cut(
        all,
        Array.from({ length: Math.min(all.length, maxSingleOctets) }, (_, index) => index),
      );
    default:
      return unreachable(pieces);
  }
}

function cut(octets: Buffer, at: readonly number[]): Buffer[] {
  const borders = [0, ...at.toSorted((a, b) => a - b), octets.length];
  return borders
    .slice(1)
    .map((end, index) => octets.subarray(borders[index], end))
    .filter(({ length }) => length > 0);
}
