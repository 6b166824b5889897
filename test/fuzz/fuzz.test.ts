import { readArgs } from './args.ts';
import { inputOf, situations } from './inputs.ts';
import { classesThatEndTheSession, classesThatTheSessionSurvives } from './mutations.ts';
import { fuzz } from './run.ts';

const seed = 20_260_101;
const count = 25;
const onceBound = ['bound', 'submits unanswered'] as const;

describe('a bound session', () => {
  test.each(Object.keys(classesThatEndTheSession))('ends after %s, and another is bound', async (name) => {
    const { failures, tallies } = await fuzz({ seed, count, classes: [name], situations: onceBound });
    expect(failures).toEqual([]);
    expect(tallies.get(name)).toEqual({ sent: count, survived: 0, ended: count });
  });

  test.each(Object.keys(classesThatTheSessionSurvives))('survives %s', async (name) => {
    const { failures, tallies } = await fuzz({ seed, count, classes: [name], situations: onceBound });
    expect(failures).toEqual([]);
    expect(tallies.get(name)).toEqual({ sent: count, survived: count, ended: 0 });
  });
});

test.each(situations)('whatever comes, the gateway lives: %s', async (situation) => {
  const { failures } = await fuzz({ seed, count: 100, situations: [situation] });
  expect(failures).toEqual([]);
});

test('2,000 mutated PDUs wedge nothing, leave nothing unsettled and nothing behind', async () => {
  const { failures } = await fuzz({ seed, count: 2_000 });
  expect(failures).toEqual([]);
});

describe('an input', () => {
  const octetsOf = (index: number) => {
    const { mutation, random } = inputOf(seed, index);
    return mutation.make(random, []).toString('hex');
  };

  test('is the same alone and after others', () => {
    const inTurn = Array.from({ length: 50 }, (_, index) => octetsOf(index));
    expect(octetsOf(49)).toBe(inTurn[49]);
    expect(new Set(inTurn).size).toBeGreaterThan(40);
  });
});

describe('npm run fuzz', () => {
  test.each([
    [[], { seed: 1, from: 0, count: 2_000 }],
    [['--count', '100000', '--seed', '7'], { seed: 7, from: 0, count: 100_000 }],
    [['--seed', '7', '--only', '17'], { seed: 7, from: 17, count: 1 }],
  ])('understands %j', (args, expected) => {
    expect(readArgs(args)).toEqual(expected);
  });

  test.each([
    [['--count', '0'], '--count must be a whole number from 1, got "0"'],
    [['--count', 'many'], '--count must be a whole number from 1, got "many"'],
    [['--seed', '-1'], '--seed'],
    [['--seed=1.5'], '--seed must be a whole number from 0, got "1.5"'],
    [['--only', '3', '--count', '5'], '--count and --only exclude each other'],
    [['--cuont', '5'], "Unknown option '--cuont'"],
    [['17'], "Unexpected argument '17'"],
  ])('refuses %j', (args, why) => {
    expect(() => readArgs(args)).toThrow(why);
  });
});
