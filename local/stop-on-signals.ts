import { systemClock } from '../connector/clock.ts';

/** Both npm and the terminal send a Ctrl-C's SIGINT: what comes this soon after the first is the same one. */
const sameSignalMs = 1_000;

/** Aborts at the first signal, and calls `onFirst`; a second one ends the process at once. */
export function stopOnSignals(onFirst: () => void): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    const now = systemClock.monotonic();
    if (stop.signal.aborted) {
      if (now - firstAt > sameSignalMs) process.exit(1);
      return;
    }
    firstAt = now;
    onFirst();
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
  // Started by a program with a channel, a test say: this process ends with it, however that ends.
  process.on('disconnect', onSignal);
  process.channel?.unref();
  return stop.signal;
}
