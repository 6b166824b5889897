import type { Clock } from '../../../connector/clock.ts';
import type { FakeClock } from '../../support/fake-clock.ts';

/** Whether a process goes on: frozen, what comes to it and goes from it waits; dead, it is gone. */
export class Life {
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #kept: (() => void)[] = [];

  /** The only way in and out of the process. */
  readonly pass = (run: () => void): void => {
    if (this.#state === 'running') run();
    else if (this.#state === 'frozen') this.#kept.push(run);
  };

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    for (const run of this.#kept.splice(0)) this.pass(run);
  }

  kill(): void {
    this.#state = 'dead';
    this.#kept = [];
  }

  /** So that a test can close what it opened, whatever became of it: timers fire again. */
  rise(): void {
    this.thaw();
    this.#state = 'running';
  }
}

/** The clock as a process has it: what falls due while it is frozen comes late. */
export function clockOf(clock: FakeClock, life: Life): Clock {
  const after = (ms: number, run: () => void) => {
    let isCanceled = false;
    const cancel = clock.after(ms, () => life.pass(() => !isCanceled && run()));
    return () => {
      isCanceled = true;
      cancel();
    };
  };
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after,
    sleep(ms, stop) {
      if (stop?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          cancel();
          stop?.removeEventListener('abort', wake);
          resolve();
        };
        const cancel = after(ms, wake);
        stop?.addEventListener('abort', wake, { once: true });
      });
    },
  };
}
