import fc from 'fast-check';
import { type Priority, priorities } from '#contract/outbound-sms.ts';
import { unreachable } from '#contract/unreachable.ts';
import { type Slot, Window } from '../../../connector/smpp/window.ts';

const never = new AbortController().signal;

/** An open window, and the names of those who got a slot, in order. */
function openWindow(size: number) {
  const window = new Window(size);
  window.open();
  const served: string[] = [];
  const slots = new Map<string, Slot>();
  const ask = (name: string, priority: Priority = 'normal', stop = never) =>
    window.acquire(priority, stop).then((slot) => {
      if (slot === undefined) return;
      served.push(name);
      slots.set(name, slot);
    });
  const release = (name: string) => slots.get(name)?.release();
  return { window, served, ask, release };
}

/** Lets promises that are settled run their reactions. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('urgent waiters are served before normal ones, each in the order of asking', async () => {
  const { served, ask, release } = openWindow(1);
  await ask('first');
  ask('normal 1');
  ask('urgent 1', 'urgent');
  ask('normal 2');
  ask('urgent 2', 'urgent');
  for (const name of ['first', 'urgent 1', 'urgent 2', 'normal 1']) {
    release(name);
    await settled();
  }
  expect(served).toEqual(['first', 'urgent 1', 'urgent 2', 'normal 1', 'normal 2']);
});

test('a closed window gives no slot, but what was given stays counted', async () => {
  const { window, served, ask, release } = openWindow(2);
  await ask('a');
  window.close();
  ask('b');
  ask('c');
  await settled();
  expect(served).toEqual(['a']);
  window.open();
  await settled();
  expect(served).toEqual(['a', 'b']);
  release('a');
  await settled();
  expect(served).toEqual(['a', 'b', 'c']);
});

test('a slot that is released twice is free once', async () => {
  const { window, ask, release } = openWindow(2);
  await ask('a');
  await ask('b');
  release('a');
  release('a');
  expect(window.used).toBe(1);
});

test('a waiter that stops gets nothing and is not served later', async () => {
  const { window, served, ask, release } = openWindow(1);
  const stop = new AbortController();
  await ask('a');
  const waiting = window.acquire('urgent', stop.signal);
  ask('b');
  stop.abort();
  await expect(waiting).resolves.toBeUndefined();
  await expect(window.acquire('urgent', stop.signal)).resolves.toBeUndefined();
  release('a');
  await settled();
  expect(served).toEqual(['a', 'b']);
});

type Step =
  | { readonly do: 'acquire'; readonly priority: Priority }
  | { readonly do: 'release' | 'stop'; readonly which: number }
  | { readonly do: 'open' | 'close' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('acquire' as const), priority: fc.constantFrom(...priorities) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('release' as const, 'stop' as const), which: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('open' as const, 'close' as const) }) },
);

interface Asked {
  readonly number: number;
  readonly priority: Priority;
  readonly stop: AbortController;
}

/** A window, and beside it what its promise says: a list of who waits, another of who holds a slot. */
class WindowAndModel {
  readonly window: Window;
  readonly slots = new Map<number, Slot>();
  readonly #size: number;
  readonly #waiting: Asked[] = [];
  readonly #holding: Asked[] = [];
  #open = false;
  #asked = 0;

  constructor(size: number) {
    this.#size = size;
    this.window = new Window(size);
  }

  take(step: Step): void {
    switch (step.do) {
      case 'acquire':
        this.#acquire(step.priority);
        break;
      case 'release':
        this.#release(step.which);
        break;
      case 'stop':
        takeOut(this.#waiting, step.which)?.stop.abort();
        break;
      case 'open':
      case 'close':
        this.#open = step.do === 'open';
        this.window[step.do]();
        break;
      default:
        unreachable(step);
    }
  }

  /** Who should hold a slot, in the order of getting it. */
  holding(): number[] {
    while (this.#open && this.#holding.length < this.#size && this.#waiting.length > 0) {
      const urgent = this.#waiting.findIndex(({ priority }) => priority === 'urgent');
      this.#holding.push(...this.#waiting.splice(Math.max(0, urgent), 1));
    }
    return this.#holding.map(({ number }) => number);
  }

  #acquire(priority: Priority): void {
    const number = this.#asked++;
    const stop = new AbortController();
    this.#waiting.push({ number, priority, stop });
    void this.window.acquire(priority, stop.signal).then((slot) => slot && this.slots.set(number, slot));
  }

  #release(which: number): void {
    const freed = takeOut(this.#holding, which);
    if (freed === undefined) return;
    this.slots.get(freed.number)?.release();
    this.slots.delete(freed.number);
  }
}

function takeOut(from: Asked[], which: number): Asked | undefined {
  return from.splice(which % Math.max(1, from.length), 1)[0];
}

test('whatever happens, no more than the size is in use, and who holds a slot is who should', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(anyStep, { maxLength: 60 }), async (size, steps) => {
      const both = new WindowAndModel(size);
      for (const step of steps) {
        both.take(step);
        const holding = both.holding();
        await settled();
        expect(both.window.used).toBe(holding.length);
        expect([...both.slots.keys()]).toEqual(holding);
      }
    }),
  );
});
