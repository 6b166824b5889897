import { Rig } from './rig.ts';

/** Nothing lost; what may be doubled is flagged; what is accepted is not sent again while the process lives. */

const throttled = 0x58;
const systemError = 0x08;
const minute = 60_000;
const hour = 60 * minute;
/** Two segments, of which only the first begins with its name. */
const long = `long ${'x'.repeat(300)}`;
const isFirstSegment = (text: string) => text.startsWith('long');

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => expect(rig.faults).toEqual([]));

describe('an at-least-once message', () => {
  test('is deleted after its outcome is durable', async () => {
    rig.enqueue('a');
    await rig.start();
    await rig.untilSettled();
    expect(rig.journal).toEqual(['submit a', 'submitted a', 'delete a']);
    expect(rig.account()).toEqual({ a: ['submitted'] });
  });

  test('that SQS hands out again is flagged', async () => {
    rig.enqueue('a');
    await rig.lanes.normal.receive(1, 0, 60);
    await rig.start();
    await rig.untilSettled(5 * minute);
    expect(rig.account()).toEqual({ a: ['submitted, flagged'] });
  });

  test('that was sent again by its connector is flagged', async () => {
    rig.enqueue('a');
    rig.smsc.answer = (_, count) => (count === 0 ? 'silence' : 0);
    await rig.start();
    await rig.untilSettled(5 * minute);
    expect(rig.account()).toEqual({ a: ['submitted, flagged'] });
  });

  test('that was only refused is not flagged when it is accepted', async () => {
    rig.enqueue('a');
    rig.smsc.answer = (_, count) => [throttled, systemError, 0x14][count] ?? 0;
    await rig.start();
    await rig.untilSettled(5 * minute);
    expect(rig.account()).toEqual({ a: ['submitted'] });
  });
});

describe('an accepted segment', () => {
  test.each([
    ['throttled', throttled],
    ['answered with a system error', systemError],
    ['not answered', 'silence'],
  ] as const)('is not sent again while the one after it is %s', async (_, answer) => {
    rig.enqueue('long', { text: long });
    rig.smsc.answer = ({ text }, count) => (!isFirstSegment(text) && count < 12 ? answer : 0);
    await rig.start();
    await rig.untilSettled(2 * hour);
    expect(rig.smsc.arrivals.filter(({ text }) => isFirstSegment(text))).toHaveLength(1);
    const [first, second] = rig.account().long ?? [];
    expect(first).toBe('submitted 1/2');
    expect(second).toBe(answer === 'silence' ? 'submitted 2/2, flagged' : 'submitted 2/2');
  });

  test('is not sent again over the next session either', async () => {
    rig.enqueue('long', { text: long });
    rig.smsc.answer = ({ text }, count) => (!isFirstSegment(text) && count < 3 ? 'drop' : 0);
    await rig.start();
    await rig.untilSettled(hour);
    expect(rig.smsc.arrivals.filter(({ text }) => isFirstSegment(text))).toHaveLength(1);
  });

  test('keeps its message with the process: it is given back for no delay, however long', async () => {
    rig.enqueue('long', { text: long });
    rig.smsc.answer = ({ text }) => (isFirstSegment(text) ? 0 : systemError);
    await rig.start();
    await rig.clock.advance(3 * hour);
    expect(rig.givenBack).toEqual([]);
    rig.smsc.answer = () => 0;
    await rig.untilSettled(hour);
    expect(rig.account().long?.[0]).toBe('submitted 1/2');
  });

  test('is sent again only after its process ended, and then flagged, under the same reference', async () => {
    rig.enqueue('long', { text: long });
    rig.smsc.answer = ({ text, by }) => (!isFirstSegment(text) && by === 'a' ? throttled : 0);
    const a = await rig.start('a');
    await rig.until('refusal', () => rig.arrived().length > 1);
    a.kill();
    await rig.start('b');
    await rig.untilSettled(5 * minute);
    expect(rig.account()).toEqual({ long: ['submitted 1/2', 'submitted 1/2, flagged', 'submitted 2/2, flagged'] });
    const references = rig.smsc.arrivals.map(({ header }) => header.subarray(0, -1).toString('hex'));
    expect(new Set(references).size).toBe(1);
  });
});

describe('a message that the SMSC cannot take now', () => {
  test.each([0, 0.3, 0.999])(
    'is given back with its delay once that is over a minute, doubling up to a quarter of an hour (chance %d)',
    async (chance) => {
      rig.enqueue('a');
      rig.smsc.answer = () => systemError;
      rig.random = () => chance;
      await rig.start();
      await rig.clock.advance(3 * hour);
      const delays = rig.givenBack.map(({ seconds }) => seconds);
      expect(delays.length).toBeGreaterThan(6);
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(60);
      expect(Math.max(...delays)).toBeLessThanOrEqual(900);
      for (const [n, seconds] of delays.entries()) expect(seconds).toBeGreaterThanOrEqual(delays[n - 1] ?? 0);
      for (const [n, seconds] of delays.entries()) expect(seconds).toBeLessThanOrEqual(2 * (delays[n - 1] ?? 60));
      rig.smsc.answer = () => 0;
      await rig.untilSettled(hour);
      expect(rig.arrived('accepted')).toEqual(['a']);
    },
  );

  test('holds up nobody else meanwhile, not even with a window of one', async () => {
    rig.enqueue('poison', { to: '+447700900001' });
    rig.smsc.answer = ({ to }) => (to === '+447700900001' ? systemError : 0);
    await rig.start('a', { window: 1 });
    await rig.clock.advance(hour);
    for (let n = 0; n < 50; n += 1) rig.enqueue(`m${n}.`, { to: `+4477009${20_000 + n}` });
    await rig.clock.advance(30_000);
    expect(rig.arrived('accepted')).toHaveLength(50);
  });
});

describe('a message whose validity ends', () => {
  const soon = { validUntil: '2026-01-01T00:05:00.000Z' };

  test('in its lane is told as expired, and not written', async () => {
    rig.enqueue('a', soon);
    await rig.clock.advance(10 * minute);
    await rig.start();
    await rig.untilSettled();
    expect(rig.arrived()).toEqual([]);
    expect(rig.account()).toEqual({ a: ['expired'] });
  });

  test('while it waits for the carrier is told so within a minute, and leaves its lane', async () => {
    rig.enqueue('a', soon);
    rig.smsc.answer = () => throttled;
    await rig.start();
    await rig.clock.advance(6 * minute);
    expect(rig.account()).toEqual({ a: ['expired'] });
    expect(rig.lanes.normal.bodies).toEqual([]);
  });

  test('while there is no session is told so within a minute', async () => {
    rig.enqueue('a', soon);
    rig.smsc.answer = (_, count) => (count === 0 ? throttled : 0);
    await rig.start('a');
    await rig.until('submit_sm', () => rig.arrived().length === 1);
    rig.smsc.goDown();
    await rig.clock.advance(6 * minute);
    expect(rig.account()).toEqual({ a: ['expired'] });
  });

  test('after it went unanswered is told as perhaps submitted', async () => {
    rig.enqueue('a', soon);
    rig.smsc.answer = () => 'silence';
    await rig.start();
    await rig.untilSettled(10 * minute);
    expect(rig.account()).toEqual({ a: ['expired, possibly submitted'] });
  });

  test('after another process had it is told as perhaps submitted', async () => {
    rig.enqueue('a', soon);
    await rig.lanes.normal.receive(1, 0, 120);
    await rig.clock.advance(6 * minute);
    await rig.start();
    await rig.untilSettled();
    expect(rig.account()).toEqual({ a: ['expired, possibly submitted'] });
  });

  test('while a submit_sm of it is on its way ends as that is answered', async () => {
    rig.enqueue('a', { validUntil: '2026-01-01T00:00:10.000Z' });
    rig.smsc.answer = () => 'hold';
    await rig.start();
    await rig.until('submit_sm', () => rig.smsc.held === 1);
    await rig.clock.advance(20_000);
    rig.smsc.release();
    await rig.untilSettled();
    expect(rig.account()).toEqual({ a: ['submitted'] });
  });

  test('leaves the way to its later siblings', async () => {
    rig.enqueue('a', { ...soon, to: '+447700900001' });
    rig.enqueue('b', { to: '+447700900001' });
    rig.smsc.answer = (arrival) => (rig.nameOf(arrival) === 'a' ? systemError : 0);
    await rig.start();
    await rig.untilSettled(30 * minute);
    expect(rig.account()).toEqual({ a: [expect.stringMatching(/^expired/)], b: [expect.stringMatching(/^submitted/)] });
  });
});
