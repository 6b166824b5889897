import { type ContenderName, contenders } from '../../bench/session/contenders.ts';
import { Load } from '../../bench/session/load.ts';
import { type Group, measure, measureHeap, type Round } from '../../bench/session/measure.ts';
import { planOf } from '../../bench/session/plan.ts';
import { type Run, startProcesses } from '../../bench/session/processes.ts';
import { aimsOf, heapAimOf, median, ratioOf, rowsOf } from '../../bench/session/report.ts';
import { aimLines, heapLines, rowLines } from '../../bench/session/table.ts';
import { Releases } from '../../local/releases.ts';

const names = Object.keys(contenders) as ContenderName[];

describe('what runs', () => {
  const releases = new Releases();
  const small = { window: 10, warmUp: { messages: 50, ms: 0 }, measured: { messages: 150, ms: 0 } };
  let processes: ReturnType<typeof startProcesses>;
  beforeAll(() => {
    processes = startProcesses(releases);
  });
  afterAll(() => releases.run());

  test.each(names)('%s gets every answer', async (contender) => {
    const run = await processes;
    const { figures, served } = await run({ ...small, contender, roundTripMs: 0 });
    expect(figures.messages).toBe(150);
    // The other nine of the window were under way when the last that counts was answered.
    expect(served.submits).toBe(50 + 150 + 9);
    expect(figures.p99Ms).toBeGreaterThanOrEqual(figures.p50Ms);
    expect(figures.cpuUsPerMessage).toBeGreaterThan(0);
  });

  test('the SMSC never answers before the round trip that the bind asks for', async () => {
    const run = await processes;
    const { figures, served } = await run({ ...small, contender: 'hand-made', roundTripMs: 20 });
    expect(figures.p50Ms).toBeGreaterThanOrEqual(20);
    expect(figures.perSecond).toBeLessThanOrEqual(10 / 0.02);
    expect(served.lateMs.worst).toBeGreaterThanOrEqual(served.lateMs.mean);
  });

  test('the heap is measured after the warm-up and five times more', async () => {
    const heap = await measureHeap(200, await processes);
    expect(heap.map(({ messages }) => messages)).toEqual([100, 200, 400, 600, 800, 1_000]);
    expect(heap[0]?.heapBytes).toBeGreaterThan(0);
  });

  test('a contender that fails is reported, with what it printed', async () => {
    const run = await processes;
    const order = { ...small, contender: 'nobody' as ContenderName, roundTripMs: 0 };
    await expect(run(order)).rejects.toThrow(/^nobody, window 10, ended with code 1: .*TypeError/s);
  });
});

describe('a load', () => {
  test('counts whole windows, and is drained when all that began were answered', async () => {
    const load = new Load({ window: 4, warmUp: { messages: 10, ms: 0 }, measured: { messages: 7, ms: 0 } });
    const slots = [0, 1, 2, 3];
    for (const slot of slots) load.begin(slot);
    let answered = 0;
    let going = true;
    while (going) {
      const slot = answered % 4;
      going = load.answered(slot);
      answered += 1;
      if (going) load.begin(slot);
    }
    // 10 is within the third window, 7 within the second after it.
    expect(answered).toBe(12 + 8);
    expect(load.figures.messages).toBe(8);
    for (const slot of [0, 1, 2]) expect(load.answered(slot)).toBe(false);
    await load.drained;
  });

  test('has no figures before it is over', () => {
    const load = new Load({ window: 1, warmUp: { messages: 1, ms: 0 }, measured: { messages: 1, ms: 0 } });
    expect(() => load.figures).toThrow('the load is not over');
  });
});

describe('the report', () => {
  function madeUp(perSecond: number, { cpuUs = 1 } = {}): Run {
    return {
      figures: { messages: 100, seconds: 1, perSecond, cpuUsPerMessage: cpuUs, p50Ms: 1, p99Ms: 2 },
      heap: [],
      served: { roundTripMs: 0, submits: 1_000, cpuUs: 500_000, seconds: 2, lateMs: { mean: 0, worst: 0 } },
    };
  }

  function round(ours: Run, text: Run, octets: Run, handMade: Run): Round {
    return { ours, 'package, text': text, 'package, octets': octets, 'hand-made': handMade };
  }

  const atZero: Group = {
    window: 50,
    roundTripMs: 0,
    rounds: [
      round(madeUp(600, { cpuUs: 2 }), madeUp(50), madeUp(100, { cpuUs: 8 }), madeUp(1_000)),
      // A slow moment of the machine, and text faster for once: 4 times the package, 0.8 of hand-made.
      round(madeUp(80, { cpuUs: 3 }), madeUp(20, { cpuUs: 6 }), madeUp(10, { cpuUs: 9 }), madeUp(100)),
      round(madeUp(550, { cpuUs: 4 }), madeUp(50), madeUp(110, { cpuUs: 1 }), madeUp(1_375)),
    ],
  };

  test('a row has the median of each figure', () => {
    const [ours, ...others] = rowsOf(atZero);
    expect(others.map(({ contender }) => contender)).toEqual(['package, text', 'package, octets', 'hand-made']);
    expect(ours).toMatchObject({ contender: 'ours', window: 50, roundTripMs: 0, perSecond: 550, cpuUsPerMessage: 3 });
    expect(ours).toMatchObject({ smsc: { cpuUsPerMessage: 500, busy: 0.25 } });
    expect(ours).not.toHaveProperty('share');
  });

  test('a ratio is of one round, by the better use of the package; reported is the median', () => {
    expect(ratioOf(atZero)).toMatchObject({
      window: 50,
      roundTripMs: 0,
      timesThePackage: { bySpeed: 5, byCpu: 0.5 },
      ofHandMade: { bySpeed: 0.6, byCpu: expect.closeTo(1 / 3) },
    });
  });

  test('at no round trip the aims are five times the package and half of hand-made', () => {
    expect(aimsOf(atZero)).toEqual([
      { what: 'times the package', window: 50, roundTripMs: 0, wanted: 5, got: 5, byCpu: 0.5, met: true },
      { what: 'of hand-made', window: 50, roundTripMs: 0, wanted: 0.5, got: 0.6, byCpu: 1 / 3, met: true },
    ]);
  });

  test('below a window of 50 nothing is wanted of the package', () => {
    expect(aimsOf({ ...atZero, window: 10 }).map(({ what }) => what)).toEqual(['of hand-made']);
  });

  test('with a round trip the aim is window / round trip, as the bind asked for it', () => {
    const group = (perSecond: number): Group => {
      const { 'package, text': _, ...others } = round(madeUp(perSecond), madeUp(1), madeUp(1), madeUp(1));
      return { window: 10, roundTripMs: 20, rounds: [others] };
    };
    expect(aimsOf(group(490.1))).toMatchObject([{ wanted: 0.98, got: expect.closeTo(0.9802), met: true }]);
    expect(aimsOf(group(480))).toMatchObject([{ got: expect.closeTo(0.96), met: false }]);
  });

  test('memory is flat when the last heap is within a megabyte of the first', () => {
    const heap = (bytes: number) => ({ messages: 0, heapBytes: bytes, rssBytes: 0 });
    expect(heapAimOf([heap(5_000_000), heap(9_000_000), heap(6_000_000)])).toMatchObject({ got: 1_000_000, met: true });
    expect(heapAimOf([heap(5_000_000), heap(6_000_001)])).toMatchObject({ met: false });
  });

  test('a median is between the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 6])).toBe(5.5);
  });

  test('people get a line for each contender, heap and aim', () => {
    expect(rowLines(rowsOf(atZero)).split('\n')).toHaveLength(1 + 4);
    expect(aimLines(aimsOf(atZero))).toContain(
      'met     0 ms, window 50       5.0 times the package, aim 5.0 (by CPU 0.5)',
    );
    expect(heapLines([{ messages: 7, heapBytes: 1_500_000, rssBytes: 2_000_000 }])).toContain(
      '7 messages: heap 1.5 MB',
    );
  });
});

describe('the plan', () => {
  test('every contender runs in every round; the longer the round trip, the fewer rounds', async () => {
    const plan = planOf(['--windows', '1,500', '--round-trips', '0,150', '--rounds', '6']);
    const asked: string[] = [];
    const groups: Group[] = [];
    const run = async ({ contender, measured }: { contender: ContenderName; measured: { ms: number } }) => {
      asked.push(`${contender} ${measured.ms}`);
      return {} as Run;
    };
    for await (const group of measure(plan, run)) groups.push(group);
    expect(groups.map(({ window, roundTripMs, rounds }) => [window, roundTripMs, rounds.length])).toEqual([
      [1, 0, 6],
      [500, 0, 6],
      [1, 150, 1],
      [500, 150, 1],
    ]);
    expect(asked.slice(0, 5)).toEqual([...names.map((name) => `${name} 500`), 'ours 500']);
    expect(asked.slice(-3)).toEqual(['ours 3000', 'package, octets 3000', 'hand-made 3000']);
    expect(asked).toHaveLength(2 * 6 * 4 + 2 * 3);
  });

  test.each([
    [['--windows', '50,zero'], 'each of --windows must be an integer of 1 to 1000, got "zero"'],
    [['--windows', '0'], 'each of --windows must be an integer of 1 to 1000, got "0"'],
    [['--round-trips', '1e9'], 'each of --round-trips must be an integer of 0 to 1000, got "1e9"'],
    [['--rounds', ''], '--rounds must be an integer of 1 to 100, got ""'],
    [['--round', '1'], "Unknown option '--round'"],
  ])('%j is refused', (args, why) => {
    expect(() => planOf(args)).toThrow(why);
  });
});
