import fc from 'fast-check';
import { type Priority, priorities } from '#contract/outbound-sms.ts';
import { unreachable } from '#contract/unreachable.ts';
import { Pace } from '../../../connector/smpp/pace.ts';
import { type Claimant, type Slot, Window, type WindowPace } from '../../../connector/smpp/window.ts';
import { normal, urgent } from '../../support/connector-factories.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const never = new AbortController().signal;

/** A pace at which nothing waits, whoever has written. */
const unhurried: WindowPace = { limit: () => Number.POSITIVE_INFINITY, delayMs: () => 0, wrote: () => {} };

/** An open window, and the names of those who got a slot, in order. */
function openWindow(size: number) {
  const window = new Window({ size, pace: unhurried, clock: new FakeClock() });
  window.open();
  const served: string[] = [];
  const slots = new Map<string, Slot>();
  const ask = (name: string, priority: Priority = 'normal', stop = never) =>
    window.acquire({ priority, claimed: false, throttled: false }, stop).then((slot) => {
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
  const waiting = window.acquire(urgent, stop.signal);
  ask('b');
  stop.abort();
  await expect(waiting).resolves.toBeUndefined();
  await expect(window.acquire(urgent, stop.signal)).resolves.toBeUndefined();
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
    this.window = new Window({ size, pace: unhurried, clock: new FakeClock() });
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
    void this.window
      .acquire({ priority, claimed: false, throttled: false }, stop.signal)
      .then((slot) => slot && this.slots.set(number, slot));
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

/** A window at a pace, in which each holder writes as soon as it may and has its answer `roundTripMs` later. */
function pacedWindow({ size = 10, share = 10, roundTripMs = 50 } = {}) {
  const clock = new FakeClock();
  const pace = new Pace(share, () => 1, clock.monotonic() - 60_000);
  const window = new Window({ size, pace, clock });
  window.open();
  const begin = clock.monotonic();
  const written: { readonly name: string; readonly at: number }[] = [];
  const send = async (name: string, priority: Priority = 'normal', beforeTurnMs = 0) => {
    // A signal of its own, as in a connector: ten thousand listeners of one are slow.
    const { signal } = new AbortController();
    const slot = await window.acquire({ priority, claimed: false, throttled: false }, signal);
    if (slot === undefined) throw new Error('nobody stops it');
    if (beforeTurnMs > 0) await clock.sleep(beforeTurnMs);
    if (await slot.turn(signal)) written.push({ name, at: clock.monotonic() - begin });
    await clock.sleep(roundTripMs);
    slot.release();
  };
  return { clock, pace, window, written, send };
}

test('writes are as far apart as the pace asks, however many wait', async () => {
  const { clock, written, send } = pacedWindow();
  for (let number = 0; number < 40; number += 1) void send(String(number));
  await clock.advance(3_100);
  expect(written.map(({ name }) => name)).toEqual(
    Array.from({ length: written.length }, (_, number) => String(number)),
  );
  const inSecond = (from: number) => written.filter(({ at }) => at >= from && at < from + 1_000).length;
  for (let from = 0; from < 2_000; from += 10) expect(inSecond(from)).toBeLessThanOrEqual(10);
  expect(written.length).toBeGreaterThanOrEqual(30);
});

test('with 10,000 normal waiters an urgent one writes after a few that have their place already', async () => {
  const { clock, written, send } = pacedWindow({ share: 10 });
  for (let number = 0; number < 10_000; number += 1) void send(String(number));
  await clock.advance(1_500);
  const before = written.length;
  void send('urgent', 'urgent');
  await clock.advance(500);
  const overtook = written.slice(before).findIndex(({ name }) => name === 'urgent');
  expect(overtook).toBeGreaterThanOrEqual(0);
  expect(overtook).toBeLessThanOrEqual(2);
});

test('with a slow SMSC it writes as soon as a place is free', async () => {
  const { clock, written, send } = pacedWindow({ size: 5, share: 1_000, roundTripMs: 400 });
  for (let number = 0; number < 10_000; number += 1) void send(String(number));
  await clock.advance(1_000);
  void send('urgent', 'urgent');
  await clock.advance(400);
  expect(written.map(({ name }) => name)).toContain('urgent');
});

/** A window of one place, which is taken; who asks has it for a moment, in that order. */
async function occupiedWindow() {
  const { window } = pacedWindow({ size: 1, share: 1_000 });
  const first = await window.acquire(normal, never);
  const served: string[] = [];
  const ask = (name: string, claimant: Claimant) =>
    void window.acquire(claimant, never).then((slot) => {
      served.push(name);
      slot?.release();
    });
  return { first, served, ask };
}

test('what is claimed comes before the others of its priority, and after what is more urgent', async () => {
  const { first, served, ask } = await occupiedWindow();
  ask('normal', normal);
  ask('claimed', { ...normal, claimed: true });
  ask('urgent', urgent);
  ask('urgent and claimed', { ...urgent, claimed: true });
  first?.release();
  await settled();
  expect(served).toEqual(['urgent and claimed', 'urgent', 'claimed', 'normal']);
});

test('what was throttled lets one go first that was not, whatever their priorities, and then has its place', async () => {
  const { first, served, ask } = await occupiedWindow();
  for (const name of ['urgent 1', 'urgent 2']) ask(name, { ...urgent, throttled: true });
  ask('normal and throttled', { ...normal, throttled: true });
  for (const name of ['normal 1', 'normal 2']) ask(name, normal);
  first?.release();
  await settled();
  expect(served).toEqual(['normal 1', 'urgent 1', 'urgent 2', 'normal and throttled', 'normal 2']);
});

test('what was throttled has its place at once where nothing else waits', async () => {
  const { window } = pacedWindow({ size: 1, share: 1_000 });
  await expect(window.acquire({ ...urgent, throttled: true }, never)).resolves.toBeDefined();
});

test('it is near when the window is open and the next write a second away', async () => {
  const { clock, pace, window, send } = pacedWindow({ share: 100, size: 20 });
  for (let number = 0; number < 20; number += 1) void send(String(number));
  await clock.advance(60);
  pace.throttled(clock.monotonic() - 60, clock.monotonic());
  pace.throttled(clock.monotonic(), clock.monotonic());
  window.close();
  let near = false;
  void window.untilNear(never).then((told) => {
    near = told;
  });
  await clock.advance(5_000);
  expect(near).toBe(false);
  window.open();
  await clock.advance(0);
  expect(near).toBe(true);
  await expect(window.untilNear(AbortSignal.abort())).resolves.toBe(false);
});

test('an urgent one writes next, though a long message asks for one turn after the other', async () => {
  const { clock, window, send, written } = pacedWindow({ share: 1 });
  const long = async () => {
    const slot = await window.acquire(normal, never);
    for (let part = 0; part < 20; part += 1) {
      await slot?.turn(never);
      written.push({ name: `part ${part}`, at: clock.monotonic() });
    }
    slot?.release();
  };
  void long();
  await clock.advance(5_500);
  void send('urgent', 'urgent');
  const before = written.length;
  await clock.advance(1_100);
  expect(written[before]?.name).toBe('urgent');
});

test('a place is not given long before its turn: while the carrier is paused, none', async () => {
  const { clock, pace, window, send } = pacedWindow({ share: 100, size: 20 });
  for (let number = 0; number < 20; number += 1) void send(String(number));
  await clock.advance(60);
  pace.throttled(clock.monotonic() - 60, clock.monotonic());
  void send('waits');
  await clock.advance(899);
  expect(window.used).toBe(0);
  await clock.advance(1);
  expect(window.used).toBe(1);
});

test('a place is for several writes, one turn each', async () => {
  const { clock, window } = pacedWindow({ share: 1 });
  const slot = await window.acquire(normal, never);
  await expect(slot?.turn(never)).resolves.toBe(true);
  let again = false;
  void slot?.turn(never).then((given) => {
    again = given;
  });
  await clock.advance(1_009);
  expect(again).toBe(false);
  await clock.advance(1);
  expect(again).toBe(true);
  slot?.release();
  await expect(slot?.turn(never)).resolves.toBe(false);
});

test('a turn that is not waited for any more is the next one’s', async () => {
  const { clock, window, send, written } = pacedWindow({ share: 1 });
  void send('first');
  await clock.advance(60);
  const stop = new AbortController();
  const slot = window.acquire(normal, never);
  await clock.advance(900);
  const turn = (await slot)?.turn(stop.signal);
  stop.abort();
  await expect(turn).resolves.toBe(false);
  (await slot)?.release();
  void send('second');
  await clock.advance(100);
  expect(written.map(({ name }) => name)).toEqual(['first', 'second']);
});

test('the most that was in use at once is told, once', async () => {
  const { window } = pacedWindow({ size: 4, share: 100 });
  const slots = await Promise.all([1, 2, 3].map(() => window.acquire(normal, never)));
  for (const slot of slots.slice(1)) slot?.release();
  expect([window.takePeakUse(), window.takePeakUse()]).toEqual([0.75, 0.25]);
});

test('a window that is stopped leaves no timer', async () => {
  const { clock, window, send } = pacedWindow({ share: 1 });
  void send('first');
  void window.acquire(normal, never);
  await clock.advance(60);
  expect(clock.pending).toBe(1);
  window.stop();
  expect(clock.pending).toBe(0);
});
