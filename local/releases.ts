export type Release = () => Promise<void> | void;

/** What was acquired, released last-in-first-out. Everything is released even when one release fails. */
export class Releases {
  readonly #stack: Release[] = [];

  push(release: Release): void {
    this.#stack.push(release);
  }

  /** May be called again: what was released is not released twice. Throws the first failure, at the end. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let release = this.#stack.pop(); release !== undefined; release = this.#stack.pop()) {
      try {
        await release();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
