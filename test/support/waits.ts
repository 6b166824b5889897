interface Wait {
  readonly what: string;
  /** Settles the wait if what it is for has come. */
  readonly look: () => boolean;
  readonly reject: (error: Error) => void;
}

/** Promises of what is to come. None is left hanging: `stop` rejects them by name. */
export class Waits {
  #waits: Wait[] = [];
  #stopped = false;

  /** Resolves with what `find` finds, now or when somebody calls `look`. */
  until<T>(what: string, find: () => T | undefined): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    // A test may have given up on it: its rejection must not fail the next one.
    promise.catch(() => {});
    const look = () => {
      const found = find();
      if (found !== undefined) resolve(found);
      return found !== undefined;
    };
    this.#waits.push({ what, look, reject });
    this.look();
    if (this.#stopped) this.stop();
    return promise;
  }

  look(): void {
    this.#waits = this.#waits.filter((wait) => !wait.look());
  }

  stop(): void {
    this.#stopped = true;
    const waits = this.#waits;
    this.#waits = [];
    for (const { what, reject } of waits) reject(new Error(`closed while waiting for ${what}`));
  }
}
