import { throttled as throttledCall } from '../../support/fake-sqs.ts';
import type { Answer } from '../../support/memory-smsc.ts';
import { Rig, type Running } from './rig.ts';

/** Who has a message while: SQS ends a visibility after 12 h at the latest, and sooner when nobody extends it. */

const throttled = 0x58;
const minute = 60_000;
const hour = 60 * minute;
const validForDays = { validUntil: '2026-01-04T00:00:00.000Z' };

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => expect(rig.faults).toEqual([]));

/** Whether another connector could get it now. */
function isVisible(name: string): boolean {
  return rig.messages.some((message) => message.name === name && rig.lanes.normal.visible.includes(message.body));
}

/** Time goes on for `ms`; `look` is called every ten seconds. */
async function watch(ms: number, look: () => void): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10_000) {
    await rig.clock.advance(10_000);
    look();
  }
}

describe('a held message', () => {
  test('stays with its connector while the SMSC is away for an hour', async () => {
    rig.enqueue('a');
    rig.enqueue('b');
    rig.smsc.answer = (arrival, count) => (rig.nameOf(arrival) === 'a' && count === 0 ? 'silence' : 0);
    await rig.start('a', { window: 1 });
    await rig.until('submit_sm', () => rig.arrived().length === 1);
    rig.smsc.goDown();
    await watch(hour, () => expect([isVisible('a'), isVisible('b')]).toEqual([false, false]));
    rig.smsc.isDown = false;
    await rig.untilSettled(10 * minute);
    expect(rig.account()).toEqual({ a: ['submitted, flagged'], b: ['submitted'] });
  });

  test('stays with its connector while the carrier throttles for ten hours, and is sent once and not flagged', async () => {
    rig.enqueue('a', validForDays);
    const until = rig.clock.now() + 10 * hour;
    rig.smsc.answer = () => (rig.clock.now() < until ? throttled : 0);
    await rig.start();
    await rig.until('submit_sm', () => rig.arrived().length === 1);
    await watch(10 * hour, () => expect(isVisible('a')).toBe(false));
    await rig.untilSettled(20 * minute);
    expect(rig.account()).toEqual({ a: ['submitted'] });
    expect(rig.arrived('accepted')).toEqual(['a']);
  });

  test('goes back after 11 h of throttling, before SQS takes it at 12, and goes out when the carrier takes it', async () => {
    const names = ['a', 'b', 'c'];
    for (const name of names) rig.enqueue(name, { ...validForDays, to: '+447700900001' });
    const began = rig.clock.now();
    rig.smsc.answer = () => (rig.clock.now() < began + 30 * hour ? throttled : 0);
    await rig.start();
    await watch(10.9 * hour, () => expect(isVisible('a')).toBe(false));
    await rig.until('give-back', () => rig.givenBack.some(({ name }) => name === 'a'), 0.2 * hour);
    expect(rig.clock.now()).toBeLessThan(began + 11.1 * hour);
    expect(rig.log.lines.filter(({ message }) => message.includes('cannot extend'))).toEqual([]);
    await rig.until('settling', () => rig.lanes.normal.bodies.length === 0, 25 * hour);
    expect(rig.arrived('accepted')).toEqual(names);
    for (const facts of Object.values(rig.account())) expect(facts).toHaveLength(1);
  });

  test('is extended while it waits for a place in the window, long after its receive', async () => {
    for (let n = 0; n < 20; n += 1) rig.enqueue(`m${n}.`);
    // Each answer takes nearly as long as it may.
    rig.smsc.answer = () => 'hold';
    await rig.start('a', { window: 1 });
    for (let n = 0; n < 20; n += 1) {
      await rig.until('submit_sm', () => rig.smsc.held === 1);
      await rig.clock.advance(25_000);
      rig.smsc.release();
    }
    await rig.untilSettled();
    expect(Object.values(rig.account())).toEqual(new Array(20).fill(['submitted']));
  });

  test('whose extension is refused for one entry is extended by the next heartbeat', async () => {
    for (const name of ['a', 'b']) rig.enqueue(name);
    const until = rig.clock.now() + 5 * minute;
    rig.smsc.answer = () => (rig.clock.now() < until ? throttled : 0);
    let beats = 0;
    rig.sqs.fault = ({ action }) => {
      if (action !== 'ChangeMessageVisibilityBatch') return undefined;
      beats += 1;
      return { refused: [beats % 2] };
    };
    await rig.start();
    await watch(5 * minute, () => expect([isVisible('a'), isVisible('b')]).toEqual([false, false]));
    await rig.untilSettled(10 * minute);
    expect(rig.account()).toEqual({ a: ['submitted'], b: ['submitted'] });
  });
});

test.each([-2 * hour, 2 * hour])(
  'the visibility of a held message does not care that the clock is set by %d ms',
  async (ms) => {
    rig.enqueue('a');
    const until = rig.clock.monotonic() + 10 * minute;
    rig.smsc.answer = () => (rig.clock.monotonic() < until ? throttled : 0);
    await rig.start();
    await rig.clock.advance(minute);
    rig.clock.step(ms);
    await watch(9 * minute, () => expect(isVisible('a')).toBe(false));
    await rig.untilSettled(10 * minute);
    expect(rig.account()).toEqual({ a: ['submitted'] });
  },
);

/** The rig compares each submit_sm with the visibility that SQS has for its message then. */
describe('a submit_sm', () => {
  const withoutHeartbeats = () => {
    rig.sqs.fault = ({ action }) => (action === 'ChangeMessageVisibilityBatch' ? throttledCall() : undefined);
  };

  test('is not written once the response time-out no longer fits into the visibility, though there is room', async () => {
    rig.enqueue('slow');
    rig.enqueue('late');
    rig.smsc.answer = (arrival) => (rig.nameOf(arrival) === 'slow' ? 'silence' : 0);
    withoutHeartbeats();
    await rig.start('a', { window: 1 });
    // Three times 31 s without an answer are 93 of 121 s.
    await rig.clock.advance(2 * minute);
    rig.sqs.fault = () => undefined;
    rig.smsc.answer = () => 0;
    await rig.untilSettled(20 * minute);
    expect(rig.account().late).toHaveLength(1);
  });

  test.each([30_000, 60_000, 84_000, 86_000, 95_000, 119_000, 121_000, 200_000])(
    'is written again only if enough visibility is left, without a session for %d ms and without heartbeats',
    async (waitMs) => {
      rig.enqueue('a');
      rig.smsc.answer = (_, count) => (count === 0 ? 'drop' : 0);
      withoutHeartbeats();
      await rig.start('a');
      await rig.until('submit_sm', () => rig.arrived().length === 1);
      rig.smsc.goDown();
      await rig.clock.advance(waitMs);
      rig.smsc.isDown = false;
      await rig.clock.advance(2 * minute);
      rig.sqs.fault = () => undefined;
      await rig.untilSettled(20 * minute);
      expect(rig.account()).toEqual({ a: ['submitted, flagged'] });
      expect(rig.arrived()).toEqual(['a', 'a']);
    },
  );
});

describe('a message that lost its visibility in flight', () => {
  /** With a submit_sm of it on its way, or refused for now, connector `a` stops for so long that `b` gets the message and sends it. */
  async function loseTo(first: Answer): Promise<Running> {
    rig.enqueue('m');
    rig.mayFreeze = true;
    rig.smsc.answer = ({ by }) => (by === 'a' ? first : 0);
    const a = await rig.start('a');
    await rig.until('submit_sm', () => rig.arrived().length === 1);
    await rig.clock.advance(10);
    a.life.freeze();
    // What is held is answered now, and heard when it goes on.
    rig.smsc.release();
    await rig.start('b');
    await rig.until('second submit_sm', () => rig.arrived().length === 2, 5 * minute);
    await rig.clock.advance(minute);
    return a;
  }

  test('is sent again by who has it then, and that is flagged', async () => {
    const a = await loseTo('hold');
    a.life.thaw();
    await rig.clock.advance(10 * minute);
    expect(rig.smsc.arrivals.map(({ by }) => by)).toEqual(['a', 'b']);
    expect(rig.account()).toEqual({ m: ['submitted, flagged', 'submitted'] });
  });

  test.each<Answer>(['silence', throttled, 0x08])('is not sent again by who lost it, after %p', async (first) => {
    const a = await loseTo(first);
    rig.smsc.answer = () => 0;
    a.life.thaw();
    await rig.clock.advance(10 * minute);
    expect(rig.smsc.arrivals.map(({ by }) => by)).toEqual(['a', 'b']);
    expect(rig.account()).toEqual({ m: ['submitted, flagged'] });
  });

  test('does not go back in the name of who lost it: who has it now keeps it', async () => {
    const a = await loseTo('silence');
    rig.enqueue('n', { to: rig.messages[0]?.sms.to ?? '' });
    a.life.thaw();
    await a.stop();
    await rig.untilSettled();
    expect(rig.smsc.arrivals.map((arrival) => [arrival.by, rig.nameOf(arrival)])).toEqual([
      ['a', 'm'],
      ['b', 'm'],
      ['b', 'n'],
    ]);
  });

  test('and comes a second time to the same connector is not sent again: it was accepted, and can be deleted now', async () => {
    const { body } = rig.enqueue('m');
    rig.smsc.answer = (_, count) => (count === 0 ? 'hold' : 0);
    await rig.start('a');
    await rig.until('submit_sm', () => rig.smsc.held === 1);
    rig.lanes.normal.endVisibility(body);
    await rig.clock.advance(10_000);
    expect(rig.arrived()).toEqual(['m']);
    rig.smsc.release();
    await rig.untilSettled(10 * minute);
    expect(rig.account()).toEqual({ m: ['submitted'] });
    expect(rig.arrived()).toEqual(['m']);
  });
});
