/** The only place, with `main.ts`, that knows real time. Tests move `FakeClock` instead. */
export interface Clock {
  /** Milliseconds since the epoch: for time stamps and validity. May step when the system's clock is set. */
  now(): number;
  /** Milliseconds since some moment, that never step: for how long something took. */
  monotonic(): number;
  /** Resolves after `ms`, or as soon as `stop` aborts: the caller looks at `stop` to tell which. */
  sleep(ms: number, stop?: AbortSignal): Promise<void>;
  /** Calls `run` once after `ms`, unless the returned function is called first. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep(ms, stop) {
    if (stop?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        stop?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      stop?.addEventListener('abort', wake, { once: true });
    });
  },
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
