import { createServer } from 'node:net';
import {
  type Figures,
  measure,
  measureMemory,
  measureRound,
  orderOf,
  type Round,
  type Situation,
  situations,
} from '../../bench/simulator/measure.ts';
import { planOf } from '../../bench/simulator/plan.ts';
import { contenderNames, type Smsc, startSmsc } from '../../bench/simulator/processes.ts';
import { aimsOf, ratiosOf, rowsOf } from '../../bench/simulator/report.ts';
import { memoryLines, ratioLines, rowLines } from '../../bench/simulator/table.ts';
import { fulfil } from '../../bench/simulator/traffic.ts';
import { listenOnLoopback } from '../../local/loopback.ts';
import { Releases } from '../../local/releases.ts';

describe('what runs', () => {
  const releases = new Releases();
  let smscs: Promise<Smsc>[];
  beforeAll(() => {
    smscs = contenderNames.map((name) => startSmsc(name, releases));
  });
  afterAll(() => releases.run());

  async function simulator(): Promise<Smsc> {
    const [started] = await Promise.all(smscs);
    if (started === undefined) throw new Error('there is no simulator');
    return started;
  }

  test('the simulator answers all that is sent so fast, and every receipt comes', async () => {
    const { port } = await simulator();
    const outcome = await fulfil({ messages: 1_000, perSecond: 5_000, receipts: true }, port);
    expect(outcome.seconds).toBeGreaterThanOrEqual(0.199);
    expect(outcome.responsesMs.every((ms) => ms > 0)).toBe(true);
    // From the last octet of the response to the timer is less than a turn, but not nothing.
    expect(outcome.receiptsMs.every((ms) => ms > -200)).toBe(true);
    expect(outcome.receiptsMs).toHaveLength(1_000);
  });

  test('without receipts none comes', async () => {
    const { receiptsMs } = await fulfil({ messages: 2_000, receipts: false }, (await simulator()).port);
    expect(receiptsMs).toHaveLength(0);
  });

  test.each([...contenderNames.keys()])('of the SMSC numbered %i all is measured', async (number) => {
    const smsc = (await Promise.all(smscs))[number];
    if (smsc === undefined) throw new Error('there is no such SMSC');
    const figures = await measure(smsc, { messages: 2_000, receipts: false });
    expect(figures.perSecond).toBeGreaterThan(0);
    expect(figures.cpuUsPerMessage).toBeGreaterThan(0);
    expect(figures.p99Ms).toBeGreaterThanOrEqual(figures.p50Ms);
    expect(figures.receiptsP99Ms).toBeNaN();
  });

  test('memory is measured after the warm-up, and five times more', async () => {
    const found = await measureMemory(await simulator(), 500);
    expect(found.map(({ messages }) => messages)).toEqual([0, 100, 200, 300, 400, 500]);
    expect(found.every(({ usedBytes, rssBytes }) => usedBytes > 0 && rssBytes > usedBytes)).toBe(true);
  });
});

describe('traffic', () => {
  /** Answers a bind, and says `answer` when the first submit_sm came. */
  async function peer(answer: string): Promise<number> {
    const server = createServer((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.from('0000001180000009000000000000000100', 'hex'));
        socket.once('data', () => socket.write(Buffer.from(answer, 'hex')));
      });
      socket.on('end', () => socket.end());
      socket.on('error', () => {});
      releases.push(() => void socket.destroy());
    });
    releases.push(() => void server.close());
    return await listenOnLoopback(server, 0);
  }
  const releases = new Releases();
  afterEach(() => releases.run());

  const accepted = '000000128000000400000000000000024100';

  test('that is answered once each is fulfilled', async () => {
    await expect(fulfil({ messages: 1, receipts: false }, await peer(accepted))).resolves.toMatchObject({
      messages: 1,
    });
  });

  test.each([
    ['is refused', '00000010800000040000005800000002', 'got command 0x80000004 with command_status 88'],
    ['is answered twice', `${accepted}${accepted}`, 'submit_sm 2 was answered twice, or never sent'],
    [
      'gets a receipt of another',
      '0000001500000005000000000000000169643a4220',
      'a receipt came twice, or for a message that was never accepted: B',
    ],
  ])('that %s fails', async (_what, octets, why) => {
    await expect(fulfil({ messages: 2, receipts: true }, await peer(octets))).rejects.toThrow(why);
  });
});

describe('the report', () => {
  const figures = (perSecond: number, cpuUsPerMessage: number, busy = 0.5): Figures => {
    return { perSecond, cpuUsPerMessage, busy, p50Ms: 1, p99Ms: 2, receiptsP99Ms: 3 };
  };
  const round = (scale: number): Round => [
    ...[figures(5_000, 100, 0.4 * scale), figures(5_000, 50), figures(5_000, 10 * scale)],
    ...[figures(10_000 * scale, 80), figures(20_000, 40), figures(400_000 * scale, 2)],
  ];
  const rounds = [round(1), round(2), round(4)];
  const memory = [50, 90, 65].map((megabytes, index) => {
    return { messages: index * 1_000, usedBytes: megabytes * 1e6, rssBytes: 100e6 };
  });

  test('a row has the median of each figure, in the order of the situations', () => {
    expect(rowsOf(rounds).map(({ pace, contender, receipts }) => ({ pace, contender, receipts }))).toEqual(situations);
    expect(rowsOf(rounds)[3]).toMatchObject({ perSecond: 20_000, cpuUsPerMessage: 80 });
  });

  test('a ratio is of one round, without receipts', () => {
    expect(ratiosOf(rounds)).toEqual({
      cpuPaced: { median: 2.5, least: 1.25, most: 5 },
      cpuFlatOut: { median: 20, least: 20, most: 20 },
      speed: { median: 0.025, least: 0.0125, most: 0.05 },
    });
  });

  test('the aims are less than a core, as much as is wanted, and memory that does not grow', () => {
    expect(aimsOf(rounds, 5_000, memory)).toMatchObject([
      { wanted: 1, bound: 'at most', got: { median: 0.8, most: 1.6 }, met: true },
      { wanted: 1, bound: 'at least', got: { median: 4 }, met: true },
      { wanted: 1.25, bound: 'at most', got: { median: 1.3 }, met: false },
    ]);
    expect(aimsOf([round(3), round(4)], 20_001 * 2, [])).toMatchObject([{ met: false }, { met: false }]);
  });

  test('people get a line for each situation, ratio and look at the memory', () => {
    const rows = rowLines(rowsOf(rounds)).trim().split('\n');
    expect(rows).toHaveLength(1 + 6);
    expect(rows[1]).toMatch(/^paced, simulator, receipts +5000 +100\.0 +80\.0 % +1\.00 +2\.00 +3\.00$/);
    expect(ratioLines(ratiosOf(rounds))).toContain('2.500 (1.250 to 5.000)  CPU of a message, paced');
    expect(memoryLines(memory)).toContain('1000 messages: in use 90.0 MB, in all 100.0 MB');
  });
});

describe('the plan', () => {
  test('every situation is run in every round, so many a second or as many as are answered', async () => {
    const plan = planOf(['--quick', '--rounds', '2']);
    const asked: Situation[] = [];
    await measureRound(async (situation) => {
      asked.push(situation);
      return {} as Figures;
    });
    expect(asked).toEqual(situations);
    expect(situations.map((situation) => orderOf(situation, plan))).toEqual([
      { messages: 10_000, perSecond: 5_000, receipts: true },
      { messages: 10_000, perSecond: 5_000, receipts: false },
      { messages: 10_000, perSecond: 5_000, receipts: false },
      { messages: 20_000, receipts: true },
      { messages: 20_000, receipts: false },
      { messages: 100_000, receipts: false },
    ]);
    expect(plan).toMatchObject({ rounds: 2, messages: 50_000, json: false });
  });

  test('without options it takes ten seconds of the fixed pace and a million messages', () => {
    expect(planOf([])).toMatchObject({ rounds: 3, perSecond: 5_000, seconds: 10, messages: 1_000_000 });
    expect(planOf(['--messages', '0', '--json'])).toMatchObject({ messages: 0, json: true });
  });

  test.each([
    [['--rounds', '0'], '--rounds must be an integer of 1 to 100, got "0"'],
    [['--messages', '1e6'], '--messages must be an integer of 0 to 100000000, got "1e6"'],
    [['--messagse', '1'], "Unknown option '--messagse'"],
  ])('%j is refused', (args, why) => {
    expect(() => planOf(args)).toThrow(why);
  });
});
