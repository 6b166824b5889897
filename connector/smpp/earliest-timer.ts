import type { Clock } from '../clock.ts';

/** One timer for whatever is due first: to arm it for later than it is armed already changes nothing. */
export class EarliestTimer {
  readonly #clock: Clock;
  readonly #run: () => void;
  #armed: { readonly due: number; readonly cancel: () => void } | undefined;

  constructor(clock: Clock, run: () => void) {
    this.#clock = clock;
    this.#run = run;
  }

  /** `due` by the clock's monotonic time, in ms. */
  arm(due: number): void {
    if (this.#armed !== undefined && this.#armed.due <= due) return;
    this.cancel();
    const cancel = this.#clock.after(Math.max(0, due - this.#clock.monotonic()), () => {
      this.#armed = undefined;
      this.#run();
    });
    this.#armed = { due, cancel };
  }

  cancel(): void {
    this.#armed?.cancel();
    this.#armed = undefined;
  }
}
