import { systemClock } from '../../connector/clock.ts';

const everyMs = 100;

/** For what no event tells: looks until `find` finds something, and rejects when it did not within `withinMs`. */
export async function eventually<Found>(
  what: string,
  find: () => Promise<Found | undefined>,
  withinMs = 20_000,
): Promise<Found> {
  const deadline = systemClock.monotonic() + withinMs;
  while (systemClock.monotonic() < deadline) {
    const found = await find();
    if (found !== undefined) return found;
    await systemClock.sleep(everyMs);
  }
  throw new Error(`within ${withinMs} ms there was no ${what}`);
}
