/** Chance that a seed repeats (mulberry32). Not for secrets. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to 0xffffffff. */
  uint32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** Both ends can come. */
  integer(from: number, to: number): number {
    return from + Math.floor((this.uint32() / 0x1_0000_0000) * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.uint32() < probability * 0x1_0000_0000;
  }

  octets(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.uint32() & 0xff));
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  }
}

/** The chance of one input: the same whatever was tried before it, so that it can be repeated alone. */
export function randomOf(seed: number, index: number): Random {
  return new Random(new Random(seed).uint32() ^ Math.imul(index + 1, 0x9e3779b1));
}
