import type { Releases } from './releases.ts';

/** Starts something that runs until it is stopped. Its release stops it and waits for its end. */
export function runUntilReleased(releases: Releases, run: (stop: AbortSignal) => Promise<unknown>): void {
  const stop = new AbortController();
  const ended = run(stop.signal);
  releases.push(async () => {
    stop.abort();
    await ended;
  });
}
