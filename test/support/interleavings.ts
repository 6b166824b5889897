import type { TestPorts } from './lambda-ports.ts';

export interface Race {
  readonly ports: TestPorts;
  /** Each makes its calls one after the other; a rejection is a crash, which is no failure. */
  readonly workers: readonly ((ports: TestPorts) => Promise<void>)[];
}

/** At one step: the workers that wait at a call, and the one that went on. */
interface Step {
  readonly waiting: readonly number[];
  readonly chosen: number;
}

/**
 * Runs races from `start` in every order in which the calls of their workers can follow one another, with at most
 * `maxSwitches` changes from a worker that could have gone on; `check` sees the end of each. Returns how many there were.
 */
export async function everyInterleaving(
  start: () => Promise<Race>,
  check: (race: Race) => Promise<void>,
  maxSwitches = Number.POSITIVE_INFINITY,
): Promise<number> {
  let count = 0;
  const left: number[][] = [[]];
  for (let prefix = left.pop(); prefix !== undefined; prefix = left.pop()) {
    const race = await start();
    const steps = await run(race, prefix);
    for (const branch of branches(steps, prefix.length))
      if (switchesIn(branch, steps) <= maxSwitches) left.push(branch);
    await check(race);
    count += 1;
  }
  return count;
}

async function run({ ports, workers }: Race, prefix: readonly number[]): Promise<Step[]> {
  const steppers = workers.map(() => new Stepper());
  const running = workers.map((work, index) => steppers[index]?.drive(work, ports));
  await Promise.all(steppers.map((stepper) => stepper.stopped()));
  const steps: Step[] = [];
  for (;;) {
    const waiting = steppers.flatMap((stepper, index) => (stepper.ended ? [] : [index]));
    const [first] = waiting;
    if (first === undefined) break;
    const last = steps.at(-1)?.chosen ?? first;
    const chosen = prefix[steps.length] ?? (waiting.includes(last) ? last : first);
    steps.push({ waiting, chosen });
    await steppers[chosen]?.step();
  }
  await Promise.all(running);
  return steps;
}

/** What else could have been chosen behind the prefix, each as a prefix of its own. */
function branches(steps: readonly Step[], from: number): number[][] {
  const chosen = steps.map((step) => step.chosen);
  return steps.slice(from).flatMap((step, offset) => {
    const before = chosen.slice(0, from + offset);
    return step.waiting.filter((other) => other !== step.chosen).map((other) => [...before, other]);
  });
}

/** The choices up to the last one of `branch` are those of `steps`, so what waited is known of all. */
function switchesIn(branch: readonly number[], steps: readonly Step[]): number {
  return branch.filter((chosen, index) => {
    const before = branch[index - 1];
    return before !== undefined && before !== chosen && steps[index]?.waiting.includes(before);
  }).length;
}

/** Lets a worker go from one call of a port to the next. */
class Stepper {
  ended = false;
  #goOn = () => {};
  #stopped = Promise.withResolvers<void>();

  async drive(work: Race['workers'][number], ports: TestPorts): Promise<void> {
    try {
      await work(this.#gated(ports));
    } catch {
      // It died. What it left is for others.
    }
    this.ended = true;
    this.#stopped.resolve();
  }

  /** Resolves when the worker waits at a call, or has ended. */
  stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  step(): Promise<void> {
    this.#stopped = Promise.withResolvers();
    this.#goOn();
    return this.stopped();
  }

  #gated(ports: TestPorts): TestPorts {
    const gate = () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#goOn = resolve;
      this.#stopped.resolve();
      return promise;
    };
    const { table, topic } = ports;
    return {
      ...ports,
      topic: { publish: (event) => gate().then(() => topic.publish(event)) },
      table: {
        ...table,
        get: (key) => gate().then(() => table.get(key)),
        create: (item) => gate().then(() => table.create(item)),
        update: (key, change) => gate().then(() => table.update(key, change)),
        partition: (pk) => gate().then(() => table.partition(pk)),
      },
    };
  }
}
