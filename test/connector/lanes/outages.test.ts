import { down, type SqsCall, type SqsFault, throttled } from '../../support/fake-sqs.ts';
import { Rig } from './rig.ts';

/** SQS throttled, down, slow or half refusing. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => expect(rig.faults).toEqual([]));

function enqueue(count: number): void {
  for (let n = 0; n < count; n += 1) rig.enqueue(`m${n}.`);
}

const allSubmitted = (count: number) => new Array(count).fill(['submitted']);
const isEventsSend = ({ action, queue }: SqsCall) => action === 'SendMessage' && queue === 'events';

/** These calls have that fault from now on, for so long. */
function faultFor(ms: number, which: (call: SqsCall) => boolean, fault: SqsFault): void {
  const until = rig.clock.monotonic() + ms;
  rig.sqs.fault = (call) => (which(call) && rig.clock.monotonic() < until ? fault : undefined);
}

describe.each([
  ['5 seconds', 5 * second],
  ['an hour', hour],
])('for %s', (_, ms) => {
  test.each([
    ['throttled', throttled()],
    ['down', down()],
  ])('receives that are %s lose nothing, and go on by themselves', async (__, fault) => {
    enqueue(15);
    faultFor(ms, ({ action }) => action === 'ReceiveMessage', fault);
    await rig.start();
    await rig.untilSettled(ms + 2 * minute);
    expect(Object.values(rig.account())).toEqual(allSubmitted(15));
    const errors = rig.log.lines.filter(({ message }) => message === 'cannot receive from the lane');
    expect(errors.length).toBeGreaterThan(0);
  });

  test.each<[string, SqsFault]>([
    ['throttled', throttled()],
    ['down', down()],
    ['refused for some entries', { refused: [0, 2] }],
    ['done but not answered', 'answer-lost'],
  ])('deletes that are %s send nothing twice', async (__, fault) => {
    enqueue(15);
    faultFor(ms, ({ action }) => action === 'DeleteMessageBatch', fault);
    await rig.start();
    await rig.untilSettled(ms + 2 * minute);
    expect(rig.arrived()).toHaveLength(15);
    expect(Object.values(rig.account())).toEqual(allSubmitted(15));
  });

  test.each<[string, SqsFault]>([
    ['throttled', throttled()],
    ['down', down()],
    ['done but not answered', 'answer-lost'],
  ])(
    'an events queue that is %s: nothing is deleted before its event is durable, nothing is sent twice',
    async (__, fault) => {
      enqueue(15);
      faultFor(ms, isEventsSend, fault);
      await rig.start();
      await rig.clock.advance(ms - second);
      if (fault instanceof Error) expect(rig.lanes.normal.bodies).toHaveLength(15);
      await rig.untilSettled(3 * minute);
      expect(Object.values(rig.account())).toEqual(allSubmitted(15));
      expect(rig.arrived()).toHaveLength(15);
      const deleted = rig.journal.filter((what) => what.startsWith('delete'));
      for (const what of deleted) {
        const told = what.replace('delete', 'submitted');
        expect(rig.journal.slice(0, rig.journal.indexOf(what))).toContain(told);
      }
    },
  );

  test('SQS that is away altogether loses nothing; what was in flight is flagged if it goes out again', async () => {
    enqueue(15);
    rig.smsc.answer = () => 'hold';
    await rig.start();
    await rig.until('full window', () => rig.smsc.held === 10);
    faultFor(ms, () => true, down());
    rig.smsc.answer = () => 0;
    rig.smsc.release();
    await rig.untilSettled(ms + 10 * minute);
    for (const [name, facts] of Object.entries(rig.account())) {
      const times = rig.arrived().filter((arrived) => arrived === name).length;
      expect(times).toBeGreaterThanOrEqual(1);
      expect(facts.length).toBeGreaterThanOrEqual(1);
      if (times > 1) expect(facts).toContain('submitted, flagged');
    }
    if (ms < minute) expect(rig.arrived()).toHaveLength(15);
  });

  test('heartbeats that are throttled send nothing twice unflagged, and no submit_sm too late', async () => {
    enqueue(15);
    rig.smsc.answer = (_arrival, count) => (count === 0 && rig.arrived().length % 7 === 3 ? 0x58 : 0);
    faultFor(ms, ({ action }) => action === 'ChangeMessageVisibilityBatch', throttled());
    await rig.start('a', { window: 2 });
    await rig.untilSettled(ms + 30 * minute);
    for (const [name, facts] of Object.entries(rig.account())) {
      if (rig.arrived('accepted').filter((arrived) => arrived === name).length > 1)
        expect(facts).toContain('submitted, flagged');
    }
  });
});

describe('an events queue', () => {
  test('that answers after a minute: each message stays in its lane until then', async () => {
    enqueue(3);
    rig.sqs.fault = (call) => (isEventsSend(call) ? rig.clock.sleep(minute) : undefined);
    await rig.start();
    await rig.clock.advance(59 * second);
    expect(rig.arrived()).toHaveLength(3);
    expect(rig.lanes.normal.bodies).toHaveLength(3);
    await rig.clock.advance(2 * second);
    expect(Object.values(rig.account())).toEqual(allSubmitted(3));
  });

  test('whose answer was lost is told again, under the same ids', async () => {
    enqueue(5);
    let lost = 2;
    rig.sqs.fault = (call) => {
      if (!isEventsSend(call) || lost === 0) return undefined;
      lost -= 1;
      return 'answer-lost';
    };
    await rig.start();
    await rig.untilSettled();
    const ids = rig.events.flatMap((event) => (event.type === 'submitted' ? [event.id] : []));
    expect(ids.length).toBeGreaterThan(5);
    expect(new Set(ids).size).toBe(5);
  });
});

test('a receive of which the answer is lost delays its messages until their visibility ends, and they are flagged', async () => {
  enqueue(5);
  let isLost = false;
  rig.sqs.fault = ({ action, queue }) => {
    if (action !== 'ReceiveMessage' || queue !== 'normal' || isLost) return undefined;
    isLost = true;
    return 'answer-lost';
  };
  await rig.start();
  await rig.untilSettled(3 * minute);
  expect(Object.values(rig.account())).toEqual(new Array(5).fill(['submitted, flagged']));
  expect(rig.arrived()).toHaveLength(5);
});

describe('a delete', () => {
  test('that is refused for one entry is tried again for that one', async () => {
    enqueue(5);
    let isFirst = true;
    rig.sqs.fault = ({ action }) => {
      if (action !== 'DeleteMessageBatch' || !isFirst) return undefined;
      isFirst = false;
      return { refused: [1] };
    };
    await rig.start();
    await rig.untilSettled();
    const deleted = rig.journal.filter((what) => what.startsWith('delete'));
    expect(deleted).toHaveLength(5);
    expect(deleted.at(-1)).toBe('delete m1.');
    expect(rig.arrived()).toHaveLength(5);
  });

  test('that is refused for good, as the visibility is over, is made when the message comes again: it is not sent again', async () => {
    const { body } = rig.enqueue('a');
    rig.enqueue('b');
    let isFirst = true;
    rig.sqs.fault = (call) => {
      if (isEventsSend(call) && rig.arrived().length === 2 && isFirst) {
        isFirst = false;
        rig.lanes.normal.endVisibility(body);
      }
      return undefined;
    };
    await rig.start();
    await rig.untilSettled(10 * minute);
    expect(rig.account()).toEqual({ a: ['submitted'], b: ['submitted'] });
    expect(rig.arrived()).toHaveLength(2);
  });

  test('that fails for an hour, while heartbeats fail too, sends nothing again that was accepted', async () => {
    enqueue(5);
    faultFor(
      hour,
      ({ action }) => action === 'DeleteMessageBatch' || action === 'ChangeMessageVisibilityBatch',
      throttled(),
    );
    await rig.start();
    await rig.untilSettled(hour + 10 * minute);
    expect(rig.arrived()).toHaveLength(5);
  });
});

test('an hour without deletes is told in some lines, and so is a drain in the middle of it', async () => {
  enqueue(60);
  faultFor(hour, ({ action }) => action === 'DeleteMessageBatch', throttled());
  const connector = await rig.start();
  await rig.clock.advance(30 * minute);
  await connector.stop();
  expect(rig.arrived('accepted')).toHaveLength(60);
  const loud = rig.log.lines.filter(({ level }) => level === 'warn' || level === 'error');
  expect(loud.length).toBeGreaterThan(0);
  expect(loud.length).toBeLessThan(10);
});

test('an hour without SQS is told in some lines, not in one for each message and heartbeat', async () => {
  enqueue(15);
  rig.smsc.answer = () => 0x58;
  faultFor(hour, ({ action }) => action === 'ChangeMessageVisibilityBatch', throttled());
  await rig.start();
  await rig.clock.advance(hour);
  const loud = rig.log.lines.filter(({ level }) => level === 'warn' || level === 'error');
  expect(loud.length).toBeGreaterThan(0);
  expect(loud.length).toBeLessThan(20);
});
