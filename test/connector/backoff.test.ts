import fc from 'fast-check';
import { backoffMs } from '../../connector/backoff.ts';

const options = { firstDelayMs: 250, maxDelayMs: 8_000 };
/** The highest that `Math.random` gives. */
const almostOne = 1 - 2 ** -53;

test('the ceiling doubles with each attempt until it is the highest', () => {
  const ceilings = [1, 2, 3, 4, 5, 6, 7].map((attempt) => backoffMs(attempt, options, () => almostOne) + 1);
  expect(ceilings).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 8_000]);
});

test('a delay is a whole number anywhere between 0 and the ceiling, however often it failed', () => {
  const anyOptions = fc.record({
    firstDelayMs: fc.integer({ min: 1, max: 3_600_000 }),
    maxDelayMs: fc.integer({ min: 1, max: 3_600_000 }),
  });
  const anyChance = fc.double({ min: 0, max: almostOne, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), anyOptions, anyChance, (attempt, given, chance) => {
      const delay = backoffMs(attempt, given, () => chance);
      expect(Number.isInteger(delay)).toBe(true);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThan(Math.min(given.maxDelayMs, given.firstDelayMs * 2 ** (attempt - 1)));
    }),
  );
});
