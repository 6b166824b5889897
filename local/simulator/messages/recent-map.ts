/** A map that forgets what was not set lately: it holds at least the last `atLeast` keys, and less than twice as many. */
export class RecentMap<Value> {
  readonly #atLeast: number;
  #recent = new Map<string, Value>();
  #older = new Map<string, Value>();

  constructor(atLeast: number) {
    this.#atLeast = atLeast;
  }

  get(key: string): Value | undefined {
    return this.#recent.get(key) ?? this.#older.get(key);
  }

  set(key: string, value: Value): void {
    this.#recent.set(key, value);
    if (this.#recent.size < this.#atLeast) return;
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}
