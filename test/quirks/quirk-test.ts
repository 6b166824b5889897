/**
 * A test of one row of the catalogue in `catalogue.ts`, by its number. `npm run quirks` knows them by these names, and
 * `catalogue.test.ts` finds their files by these calls.
 */
export function quirkTest(number: number, sentence: string, run: () => Promise<void>): void {
  test(`quirk ${number}: ${sentence}`, run, longestMs);
}

export function demandTest(number: number, sentence: string, run: () => Promise<void>): void {
  test(`demand ${number}: ${sentence}`, run, longestMs);
}

/** Hours of the clock are seconds of a busy machine. */
const longestMs = 60_000;
