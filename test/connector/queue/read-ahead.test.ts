import fc from 'fast-check';
import { nextAhead, ReadAhead } from '../../../connector/queue/read-ahead.ts';

const full = { asked: 10, received: 10, fewestWaiting: undefined };

test.each([
  ['an empty queue ends it', 160, { ...full, received: 0, waiting: 50 }, 10],
  ['a backlog that came late doubles it', 20, { ...full, waiting: 0 }, 40],
  ['half of what was asked for is a backlog', 20, { ...full, received: 5, waiting: 0 }, 40],
  ['so many are enough for any carrier', 200, { ...full, waiting: 0 }, 300],
  ['a backlog that came in time leaves it', 40, { ...full, waiting: 1 }, 40],
  ['one that came too soon leaves it', 40, { ...full, waiting: 39 }, 40],
  ['many that came too soon lessen it', 40, { ...full, waiting: 30, fewestWaiting: 21 }, 30],
  ['many of which one came just in time leave it', 40, { ...full, waiting: 30, fewestWaiting: 20 }, 40],
  ['a stream of single messages lessens it', 40, { ...full, received: 1, waiting: 0 }, 30],
  ['it is never less than a receive brings', 15, { ...full, received: 1, waiting: 0 }, 10],
])('%s', (_, ahead, returns, next) => {
  expect(nextAhead(ahead, returns)).toBe(next);
});

/** A receive that brings these. */
function bring(readAhead: ReadAhead, groups: readonly string[], asked = 10): void {
  readAhead.onAsked(asked);
  readAhead.onAnswered(asked, groups.length);
  for (const group of groups) readAhead.onHeld(group);
}

const groups = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `group ${from + index}`);

test('what receives under way may bring takes room already', () => {
  const readAhead = new ReadAhead(1_000);
  expect(readAhead.room).toBe(10);
  readAhead.onAsked(10);
  expect(readAhead.room).toBe(0);
  readAhead.onFailed(10);
  expect(readAhead.room).toBe(10);
});

test('what was read ahead for a fast carrier is given up when it is a slow one', () => {
  const readAhead = new ReadAhead(100_000);
  let waiting = 0;
  const receive = (time: number) => {
    bring(readAhead, groups(10, 10 * time));
    waiting += 10;
  };
  const begin = () => {
    readAhead.onBegun();
    waiting -= 1;
  };
  const watched = 32;
  for (let time = 0; time < 10; time += 1) {
    receive(time);
    while (waiting > 0) begin();
  }
  for (let time = 10; time < 10 + watched * 30; time += 1) {
    while (readAhead.room === 0) begin();
    receive(time);
  }
  expect(waiting).toBeLessThanOrEqual(20);
});

test('there are ten receives at once at the most', () => {
  const readAhead = new ReadAhead(10_000);
  for (let time = 0; time < 6; time += 1) {
    bring(readAhead, groups(10, 10 * time));
    for (let begun = 0; begun < 10; begun += 1) readAhead.onBegun();
  }
  let receives = 0;
  while (readAhead.room > 0) {
    readAhead.onAsked(readAhead.room);
    receives += 1;
  }
  expect(receives).toBe(10);
});

test('what has begun takes room in the capacity alone', () => {
  const readAhead = new ReadAhead(30);
  for (let time = 0; time < 3; time += 1) {
    expect(readAhead.room).toBe(10);
    bring(readAhead, groups(10, 10 * time));
    for (let begun = 0; begun < 10; begun += 1) readAhead.onBegun();
  }
  expect(readAhead.room).toBe(0);
  for (const group of groups(10)) readAhead.onReleased(group);
  expect(readAhead.room).toBe(10);
});

/** What a lane does with its messages, of five groups in turn, each of which has one that has begun at the most. */
class Holder {
  readonly #readAhead: ReadAhead;
  readonly #waiting: string[] = [];
  readonly #begun = new Set<string>();
  #next = 0;

  constructor(readAhead: ReadAhead) {
    this.#readAhead = readAhead;
  }

  get held(): number {
    return this.#waiting.length + this.#begun.size;
  }

  receive(): void {
    const brought = Array.from({ length: this.#readAhead.room }, () => `group ${this.#next++ % 5}`);
    if (brought.length > 0) bring(this.#readAhead, brought, brought.length);
    this.#waiting.push(...brought);
  }

  begin(): void {
    const index = this.#waiting.findIndex((group) => !this.#begun.has(group));
    const [group] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (group === undefined) return;
    this.#begun.add(group);
    this.#readAhead.onBegun();
  }

  release(): void {
    const [group] = this.#begun;
    if (group === undefined) return;
    this.#begun.delete(group);
    this.#readAhead.onReleased(group);
  }
}

test('whatever happens in which order, no more is held than the capacity, and in the end there is room again', () => {
  const anySteps = fc.array(fc.constantFrom('receive', 'begin', 'release'), { maxLength: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), anySteps, (capacity, steps) => {
      const readAhead = new ReadAhead(capacity);
      const holder = new Holder(readAhead);
      for (const step of steps) {
        holder[step]();
        expect(holder.held).toBeLessThanOrEqual(capacity);
      }
      while (holder.held > 0) {
        holder.begin();
        holder.release();
      }
      expect(readAhead.room).toBe(Math.min(10, capacity));
    }),
  );
});
