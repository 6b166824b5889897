import fc from 'fast-check';
import type { Answer } from '../../support/memory-smsc.ts';
import { Rig } from './rig.ts';

/** The order per recipient, whatever the SMSC says and however SQS hands out. */

const throttled = 0x58;
const systemError = 0x08;
const rejected = 0x0b;
const alice = '+447700900001';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => expect(rig.faults).toEqual([]));

function enqueueThree(): void {
  for (const name of ['first', 'second', 'third']) rig.enqueue(name, { to: alice });
}

/** What the SMSC answers to `first`, time after time; the last one for ever. All others are accepted. */
function answerFirst(...answers: readonly Answer[]): void {
  rig.smsc.answer = (arrival, count) => (rig.nameOf(arrival) === 'first' ? (answers[count] ?? answers.at(-1) ?? 0) : 0);
}

describe('messages to one recipient', () => {
  test('that come in one receive are outstanding one at a time', async () => {
    enqueueThree();
    rig.smsc.answer = () => 'hold';
    await rig.start();
    for (const arrived of [['first'], ['first', 'second'], ['first', 'second', 'third']]) {
      await rig.until('submit_sm', () => rig.smsc.held === 1);
      await rig.clock.advance(5_000);
      expect(rig.arrived()).toEqual(arrived);
      rig.smsc.release();
    }
    await rig.untilSettled();
    expect(rig.lanes.normal.asked.length).toBeLessThan(10);
  });

  test.each([
    ['a carrier that throttles', [throttled, throttled, throttled, 0]],
    ['a system error', [systemError, systemError, 0]],
    ['no answer', ['silence', 0]],
    ['a connection that breaks', ['drop', 0]],
    ['system errors so many that it waits in its lane', [...new Array<Answer>(12).fill(systemError), 0]],
  ] as const)('keep their order through %s', async (_, answers) => {
    enqueueThree();
    answerFirst(...answers);
    await rig.start();
    await rig.untilSettled(3_600_000);
    expect(rig.arrived()).toEqual([...answers.map(() => 'first'), 'second', 'third']);
  });

  test('do not wait for one that is refused for good', async () => {
    enqueueThree();
    answerFirst(rejected);
    await rig.start();
    await rig.untilSettled();
    expect(rig.account()).toEqual({ first: ['rejected'], second: ['submitted'], third: ['submitted'] });
  });

  test('go back together, and those to others do not: giving one back gives back its later siblings', async () => {
    enqueueThree();
    rig.enqueue('other');
    answerFirst(systemError);
    await rig.start();
    await rig.until('deferral', () => rig.givenBack.some(({ name }) => name === 'third'), 600_000);
    // What was received with it blocks nobody and overtakes nobody.
    expect(rig.arrived()).not.toContain('second');
    expect(rig.account()).toMatchObject({ second: ['in its lane'], third: ['in its lane'], other: ['submitted'] });
    answerFirst(0);
    await rig.untilSettled(3_600_000);
    expect(rig.arrived('accepted')).toEqual(['other', 'first', 'second', 'third']);
  });

  test('keep their order when one connector stops and another goes on', async () => {
    enqueueThree();
    answerFirst('silence', 0);
    const a = await rig.start('a');
    await rig.until('submit_sm', () => rig.arrived().length === 1);
    await a.stop();
    expect(rig.lanes.normal.visible).toEqual(rig.messages.map(({ body }) => body));
    await rig.start('b');
    await rig.untilSettled();
    expect(rig.arrived()).toEqual(['first', 'first', 'second', 'third']);
    expect(rig.account()).toMatchObject({ first: ['submitted, flagged'] });
  });

  test('are never outstanding together, though a session ends under the first of them', async () => {
    enqueueThree();
    answerFirst('hold');
    await rig.start();
    await rig.until('submit_sm', () => rig.smsc.held === 1);
    rig.smsc.goDown();
    await rig.clock.advance(60_000);
    expect(rig.arrived()).toEqual(['first']);
    rig.smsc.isDown = false;
    answerFirst(0);
    await rig.untilSettled(300_000);
    expect(rig.arrived()).toEqual(['first', 'first', 'second', 'third']);
  });

  const anyAnswer = fc.oneof(
    { weight: 4, arbitrary: fc.constant<Answer>(0) },
    fc.constantFrom<Answer>(throttled, 0x14, systemError, rejected, 'silence', 'drop'),
  );
  const anyMessages = fc.array(fc.constantFrom('+447700900001', '+447700900002', '+447700900003'), {
    minLength: 2,
    maxLength: 12,
  });

  test('keep their order whatever the SMSC answers, and each of them comes to its end', async () => {
    await fc.assert(
      fc.asyncProperty(anyMessages, fc.array(anyAnswer, { maxLength: 30 }), async (recipients, answers) => {
        rig = new Rig();
        for (const [n, to] of recipients.entries()) rig.enqueue(`m${n}.`, { to });
        let asked = 0;
        rig.smsc.answer = () => {
          asked += 1;
          return answers[asked - 1] ?? 0;
        };
        const a = await rig.start('a');
        await rig.untilSettled(3 * 3_600_000);
        await a.stop();
        const ofRecipient = new Map(recipients.map((to) => [to, rig.messages.filter(({ sms }) => sms.to === to)]));
        for (const [to, messages] of ofRecipient) {
          const names = rig.smsc.arrivals.filter((arrival) => arrival.to === to).map((arrival) => rig.nameOf(arrival));
          const firsts = [...new Set(names)];
          expect(firsts).toEqual(messages.map(({ name }) => name));
          // Once the next one has begun, an earlier one does not come again.
          expect(names.filter((name, index) => name !== names[index - 1])).toEqual(firsts);
        }
        for (const facts of Object.values(rig.account())) expect(facts).toHaveLength(1);
        expect(rig.faults).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

test('recipients with many messages leave most of the window to others', async () => {
  const busy = ['+447700900001', '+447700900002', '+447700900003'];
  for (let n = 0; n < 120; n += 1) rig.enqueue(`busy ${n}.`, { to: busy[n % 3] ?? '' });
  for (let n = 0; n < 30; n += 1) rig.enqueue(`other ${n}.`, { to: `+4477009${10_000 + n}` });
  rig.smsc.answer = ({ to }) => (busy.includes(to) ? 'hold' : 0);
  await rig.start('a', { window: 10 });
  await rig.clock.advance(20_000);
  expect(rig.arrived().filter((name) => name.startsWith('other'))).toHaveLength(30);
  expect(rig.smsc.held).toBe(3);
  rig.smsc.answer = () => 0;
  rig.smsc.release();
  await rig.untilSettled();
  expect(rig.arrived()).toHaveLength(150);
});

describe('two lanes', () => {
  test('are taken at once: a normal lane that is full leaves room for an urgent message', async () => {
    for (let n = 0; n < 200; n += 1) rig.enqueue(`normal ${n}.`, { to: `+4477009${10_000 + n}` });
    rig.smsc.answer = (arrival) => (rig.nameOf(arrival).startsWith('urgent') ? 0 : 'hold');
    await rig.start('a', { window: 4 });
    await rig.until('full window', () => rig.smsc.held === 4);
    rig.enqueue('urgent', { priority: 'urgent' });
    await rig.clock.advance(10_000);
    expect(rig.lanes.urgent.visible).toEqual([]);
    rig.smsc.release(1);
    await rig.clock.advance(100);
    // The next to leave, before 196 that came earlier.
    expect(rig.arrived().indexOf('urgent')).toBe(4);
  });

  test('that belong to one recipient do not wait for each other', async () => {
    rig.enqueue('normal', { to: alice });
    rig.smsc.answer = (arrival) => (rig.nameOf(arrival) === 'normal' ? 'hold' : 0);
    await rig.start();
    await rig.until('submit_sm', () => rig.smsc.held === 1);
    rig.enqueue('urgent', { to: alice, priority: 'urgent' });
    await rig.clock.advance(1_000);
    expect(rig.account()).toEqual({ normal: ['in its lane'], urgent: ['submitted'] });
    rig.smsc.release();
    await rig.untilSettled();
  });
});
