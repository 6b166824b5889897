import { parseOutboundSms } from '#contract/outbound-sms.ts';
import { planOf as inboundPlanOf } from '../../bench/inbound/plan.ts';
import { partOf as inboundPartOf } from '../../bench/inbound/report.ts';
import { mostInASecond } from '../../bench/outbound/measure.ts';
import { planOf as outboundPlanOf } from '../../bench/outbound/plan.ts';
import { growthAim, partOf as outboundPartOf } from '../../bench/outbound/report.ts';
import { Arrivals } from '../../bench/path/arrivals.ts';
import { startBare } from '../../bench/path/bare.ts';
import { startConnector } from '../../bench/path/connector.ts';
import { type Contender, type ContenderName, contenderNames } from '../../bench/path/contender.ts';
import { type Figures, figuresOf, medianOf, percentile } from '../../bench/path/figures.ts';
import { laneMessage, numberOfBody, numberOfRecipient } from '../../bench/path/messages.ts';
import type { Round } from '../../bench/path/report.ts';
import { type Stage, setStage } from '../../bench/path/stage.ts';
import { aimLines, rowLines } from '../../bench/path/table.ts';
import { Releases } from '../../local/releases.ts';

describe('what runs', () => {
  const releases = new Releases();
  let stage: Promise<Stage>;
  beforeAll(() => {
    stage = setStage(releases);
  });
  afterAll(() => releases.run());

  const start = async (name: ContenderName, on: Stage): Promise<Contender> =>
    name === 'bare loop' ? startBare(on) : startConnector(on, { window: 10, endpoint: on.endpoint });

  test.each(contenderNames)(
    'the %s takes each message of the lane once, and brings in what comes',
    async (name) => {
      const on = await stage;
      const contender = await start(name, on);
      const stretch = { first: name === 'connector' ? 0 : 100, count: 45 };
      await on.lane.fill(stretch);
      const taking = contender.take(stretch);
      await contender.open();
      const arrivedAt = await taking;
      expect(arrivedAt).toHaveLength(45);
      expect(arrivedAt.every((at) => at > 0)).toBe(true);
      await on.lane.untilEmpty();

      for (const kind of ['messages', 'receipts'] as const) {
        const order = { kind, first: stretch.first, count: 45, window: 20 };
        const { latenciesMs } = await contender.bringIn({ ...order, everyMs: 0 });
        expect(latenciesMs.every((ms) => ms > 0)).toBe(true);
        const slowly = await contender.bringIn({ ...order, first: stretch.first + 50, count: 5, everyMs: 10 });
        expect(slowly.seconds).toBeGreaterThanOrEqual(0.039);
      }
      const { cpuUs, peakBytes } = await contender.usage();
      expect(Math.min(cpuUs, peakBytes)).toBeGreaterThan(0);
      await contender.end();
      if (name === 'connector') await on.smsc.ask('close');
    },
    30_000,
  );

  test('a process that ends rejects what it was asked', async () => {
    const contender = startBare(await stage);
    const asked = contender.take({ first: 0, count: 1 });
    await contender.end();
    await expect(asked).rejects.toThrow('bare-process.ts ended');
  });
});

describe('messages', () => {
  test('what is in the lane is what the contract says, and tells its number', () => {
    const { body, groupId } = laneMessage(12_345, Date.UTC(2026, 0, 1));
    const sms = parseOutboundSms(body);
    expect(numberOfBody(body)).toBe(12_345);
    expect(numberOfRecipient(sms.to)).toBe(12_345);
    expect(groupId).not.toBe(laneMessage(12_346, 0).groupId);
  });

  test('arrivals are complete when each has come once', async () => {
    const arrivals = new Arrivals({ first: 7, count: 2 });
    arrivals.note(8);
    expect(arrivals.isComplete).toBe(false);
    expect(() => arrivals.note(8)).toThrow('message 8 came twice, or is none of this stretch');
    expect(() => arrivals.note(9)).toThrow('message 9 came twice, or is none of this stretch');
    arrivals.note(7);
    expect(arrivals.isComplete).toBe(true);
    const [seventh = 0, eighth = 0] = await arrivals.all;
    expect(seventh).toBeGreaterThanOrEqual(eighth);
  });
});

function madeUp(given: Partial<Figures> = {}): Figures {
  const zero = { perSecond: 0, cpuUsPerMessage: 0, p50Ms: 0, p99Ms: 0, peakBytes: 0, busy: 0, emulatorsBusy: 0 };
  return { ...zero, ...given };
}

const round = (connector: Partial<Figures>, bare: Partial<Figures>): Round => ({
  connector: madeUp(connector),
  'bare loop': madeUp(bare),
});

describe('figures', () => {
  test('are counted from what was used until the last message', () => {
    const used = { startedAt: 1_000, cpuUs: 900_000, peakBytes: 5, emulatorsCpuUs: 400_000 };
    const waitedMs = Float64Array.from([3, 1, 2]);
    expect(figuresOf({ perSecond: 7, endedAt: 2_000, waitedMs }, used)).toEqual({
      perSecond: 7,
      cpuUsPerMessage: 300_000,
      p50Ms: 2,
      p99Ms: 3,
      peakBytes: 5,
      busy: 0.9,
      emulatorsBusy: 0.4,
    });
  });

  test('a percentile is one of the values', () => {
    const values = Float64Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([51, 100, 100]);
  });

  test('of several runs each figure is a median', () => {
    const runs = [madeUp({ perSecond: 1, p50Ms: 9 }), madeUp({ perSecond: 3, p50Ms: 7 }), madeUp({ perSecond: 2 })];
    expect(medianOf(runs)).toMatchObject({ perSecond: 2, p50Ms: 7 });
  });
});

describe('the report', () => {
  const rounds = [
    round({ cpuUsPerMessage: 80, perSecond: 10, emulatorsBusy: 0.95 }, { cpuUsPerMessage: 100, perSecond: 10 }),
    // A slow moment of the machine.
    round({ cpuUsPerMessage: 300, perSecond: 2, emulatorsBusy: 0.2 }, { cpuUsPerMessage: 310, perSecond: 2 }),
    round({ cpuUsPerMessage: 70, perSecond: 12, emulatorsBusy: 0.9 }, { cpuUsPerMessage: 100, perSecond: 10 }),
  ];

  test('of a backlog a ratio is of one round, and what counts is the median', () => {
    const { rows, aims } = outboundPartOf({ kind: 'backlog', messages: 1_000, rounds });
    expect(rows).toMatchObject([
      { what: 'backlog 1 k', contender: 'connector', cpuUsPerMessage: 80 },
      { what: 'backlog 1 k', contender: 'bare loop', cpuUsPerMessage: 100 },
    ]);
    expect(aims).toMatchObject([
      { wanted: 0.8, got: { median: 0.8, least: 0.7, most: 300 / 310 }, met: true },
      { wanted: 1, got: { median: 1 }, met: true },
      { wanted: 0.9, got: { median: 0.9 }, met: true },
    ]);
  });

  test('a message that comes alone may be 3 ms later than in the bare loop', () => {
    const late = (ms: number) =>
      outboundPartOf({ kind: 'trickle', perSecond: 20, rounds: [round({ p50Ms: ms }, { p50Ms: 2 })] });
    expect(late(5).aims).toMatchObject([{ got: { median: 3 }, met: true }]);
    expect(late(5.1).aims).toMatchObject([{ met: false }]);
  });

  test('of window / round trip, or of the limit, 98 % are wanted, and no more than the limit in any second', () => {
    const distance = { window: 10, roundTripMs: 20, sqsMs: 20, seconds: 1 };
    const reached = [0.97, 0.98, 0.99].map((share) => ({ share, mostInASecond: 201 }));
    const { rows, aims } = outboundPartOf({ kind: 'distance', distance, reached });
    expect(rows).toEqual([]);
    expect(aims).toMatchObject([{ got: { median: 0.98, least: 0.97, most: 0.99 }, met: true }]);
    const limited = { ...distance, messagesPerSecond: 200 };
    expect(outboundPartOf({ kind: 'distance', distance: limited, reached }).aims).toMatchObject([
      { met: true },
      { got: { median: 1.005 }, met: false },
    ]);
  });

  test('the most in a second is counted in any second, not in whole ones', () => {
    const arrivedAt = [0, 500, 600, 700, 1_400, 1_499, 1_500, 2_600];
    expect(mostInASecond(Float64Array.from(arrivedAt))).toBe(5);
  });

  test('a message of a large backlog may cost a tenth more', () => {
    const small = [round({ cpuUsPerMessage: 100 }, {})];
    expect(growthAim(small, [round({ cpuUsPerMessage: 110 }, {})])).toMatchObject({ got: { median: 1.1 }, met: true });
    expect(growthAim(small, [round({ cpuUsPerMessage: 111 }, {})])).toMatchObject({ met: false });
  });

  test('what comes in is compared by CPU at full speed, and by time when it comes alone', () => {
    const fast = inboundPartOf({ kind: 'receipts', perSecond: 0, rounds });
    expect(fast.aims).toMatchObject([{ what: expect.stringContaining('CPU'), got: { median: 0.8 } }]);
    const slow = inboundPartOf({ kind: 'messages', perSecond: 20, rounds: [round({ p50Ms: 9 }, { p50Ms: 3 })] });
    expect(slow.aims).toMatchObject([{ got: { median: 6 }, met: true }]);
  });

  test('people get a line for each row and aim', () => {
    const { rows, aims } = outboundPartOf({ kind: 'backlog', messages: 100_000, rounds });
    expect(rowLines(rows).split('\n')).toHaveLength(1 + 2);
    expect(aimLines(aims)).toContain(
      "met     0.80 (0.70 to 0.97)  backlog 100 k: CPU per message, of the bare loop's; at most 0.80",
    );
    expect(aimLines(aims)).toContain('met     90.0 % (20.0 % to 95.0 %)');
  });
});

describe('the plans', () => {
  test('the quick ones are a part of the full ones', () => {
    expect(outboundPlanOf(['--quick'])).toMatchObject({
      rounds: 1,
      backlogs: [{ messages: 1_000 }, { messages: 5_000 }],
    });
    expect(outboundPlanOf([])).toMatchObject({ backlogs: [{ messages: 1_000 }, { messages: 100_000 }] });
    expect(outboundPlanOf(['--backlogs', '50,20000', '--parts', 'trickle', '--rounds', '2'])).toMatchObject({
      backlogs: [
        { messages: 50, times: 5 },
        { messages: 20_000, times: 1 },
      ],
      parts: ['trickle'],
      rounds: 2,
    });
    expect(inboundPlanOf(['--quick', '--messages', '200', '--json'])).toMatchObject({ messages: 200, json: true });
  });

  test.each([
    [['--backlogs', '1000,0'], 'each of --backlogs must be an integer of 10 to 1000000, got "0"'],
    [['--parts', 'backlog'], 'each of --parts must be one of backlogs, trickle, distances, got "backlog"'],
    [['--rounds', '0'], '--rounds must be an integer of 1 to 100, got "0"'],
    [['--messages', '1000'], "Unknown option '--messages'"],
  ])('%j is refused on the way out', (args, why) => {
    expect(() => outboundPlanOf(args)).toThrow(why);
  });

  test('of the way in too', () => {
    expect(() => inboundPlanOf(['--messages', '1'])).toThrow(
      '--messages must be an integer of 100 to 1000000, got "1"',
    );
  });
});
