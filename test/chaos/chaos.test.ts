import { UsageError } from '../support/command-line.ts';
import { readArgs } from './args.ts';
import { planOf } from './plan.ts';
import { plantNames } from './plants.ts';
import { RateWatch } from './rate-watch.ts';
import { runChaos } from './run-chaos.ts';

/** The short form of `npm run chaos`, through the same code; that it finds what is planted is seen in CI (`--plant all`). Ten times what it takes alone: suites share two cores. */
jest.setTimeout(150_000);

const short = ['--messages', '300', '--kills', '10', '--seed', '1'];
describe('the connector, killed ten times amid faults', () => {
  test('loses nothing, doubles nothing that it did not flag, and nothing at all at-most-once', async () => {
    const { code, result, output } = await runChaos(short);
    expect({ code, breaches: result.breaches, output: code === 0 ? '' : output }).toEqual({
      code: 0,
      breaches: [],
      output: '',
    });
    expect(result).toMatchObject({ sent: 300, lost: 0, received: { lost: 0 }, receipts: { lost: 0 } });
    expect(result.of['at-most-once']).toMatchObject({ doubled: 0 });
    const { hits } = result.kills;
    for (const interval of ['received', 'written', 'answered', 'event sent', 'deleted'] as const) {
      expect([interval, hits[interval]]).toEqual([interval, 2]);
    }
  });
});

describe('the watch over the rate', () => {
  /** A submit_sm every so many ms, each seen at once. */
  function mostWith(everyMs: number): number {
    let now = 0;
    const watch = new RateWatch(() => now);
    for (let submit = 0; submit < 300; submit += 1) {
      watch.submit(1);
      for (let ms = 0; ms < everyMs; ms += 1) {
        now += 1;
        watch.tick();
      }
    }
    return watch.most;
  }

  test('counts what is surely within a second', () => {
    expect(mostWith(10)).toBe(100);
    expect(mostWith(9)).toBe(112);
  });

  test('counts each process by itself', () => {
    const watch = new RateWatch(() => 0);
    for (const life of [1, 1, 1, 2, 2]) watch.submit(life);
    expect(watch.most).toBe(3);
  });
});

describe('a plan', () => {
  const options = { messages: 400, kills: 50, seed: 7, guarantee: undefined, interval: undefined };

  test('is the same for the same seed, and another for another', () => {
    expect(planOf(options)).toEqual(planOf(options));
    expect(planOf({ ...options, seed: 8 })).not.toEqual(planOf(options));
  });

  test('of 25 kills or more aims at each interval of a message going out five times', () => {
    for (const kills of [25, 50]) {
      const aims = planOf({ ...options, kills }).kills.map(({ interval }) => interval);
      for (const interval of ['received', 'written', 'answered', 'event sent', 'deleted'] as const) {
        expect(aims.filter((aim) => aim === interval).length).toBeGreaterThanOrEqual(5);
      }
    }
  });
});

describe('npm run chaos', () => {
  test('understands its options', () => {
    expect(readArgs(['--messages', '20000', '--kills', '50', '--seed', '3', '--json'])).toMatchObject({
      messages: 20_000,
      kills: 50,
      seed: 3,
      json: true,
    });
    for (const plant of plantNames) expect(readArgs(['--plant', plant]).plant).toBe(plant);
  });

  test.each([
    [['--messages', '0'], '--messages must be a whole number from 1, got "0"'],
    [['--guarantee', 'exactly-once'], '--guarantee must be one of at-least-once, at-most-once, got "exactly-once"'],
    [['--interval', 'asleep'], '--interval must be one of received, written'],
    [['--kils', '5'], "Unknown option '--kils'"],
  ])('refuses %j', (args, why) => {
    expect(() => readArgs(args)).toThrow(why);
    expect(() => readArgs(args)).toThrow(UsageError);
  });
});
