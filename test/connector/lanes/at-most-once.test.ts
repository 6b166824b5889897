import { down, type SqsCall, type SqsFault, throttled } from '../../support/fake-sqs.ts';
import { Rig } from './rig.ts';

/** `sending` durable, the delete confirmed, then the first octet: at no failing point are there two. */

const atMostOnce = { guarantee: 'at-most-once' } as const;
const minute = 60_000;
const alice = '+447700900001';
const long = `long ${'x'.repeat(300)}`;

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => expect(rig.faults).toEqual([]));

const isEventsSend = ({ action, queue }: SqsCall) => action === 'SendMessage' && queue === 'events';
const isDelete = ({ action }: SqsCall) => action === 'DeleteMessageBatch';

/** These calls have that fault until `clear`. */
function faultOf(which: (call: SqsCall) => boolean, fault: SqsFault): { clear(): void } {
  rig.sqs.fault = (call) => (which(call) ? fault : undefined);
  return {
    clear: () => {
      rig.sqs.fault = () => undefined;
    },
  };
}

describe('an at-most-once message', () => {
  test('is told as sending, deleted and then written', async () => {
    rig.enqueue('a', atMostOnce);
    await rig.start();
    await rig.until('end', () => rig.events.some(({ type }) => type === 'submitted'));
    expect(rig.journal).toEqual(['sending a', 'delete a', 'submit a', 'submitted a']);
  });

  test.each<[string, (call: SqsCall) => boolean, SqsFault]>([
    ['the events queue is down', isEventsSend, down()],
    ['the events queue is throttled', isEventsSend, throttled()],
    ['the events queue takes its event and does not answer', isEventsSend, 'answer-lost'],
    ['deletes are down', isDelete, down()],
    ['its delete is refused for its entry', isDelete, { refused: [0] }],
    ['its delete is done and not answered', isDelete, 'answer-lost'],
  ])('is not written while %s, and once afterwards', async (_, which, fault) => {
    rig.enqueue('a', atMostOnce);
    const { clear } = faultOf(which, fault);
    await rig.start('a');
    await rig.start('b');
    await rig.clock.advance(90_000);
    expect(rig.arrived()).toEqual([]);
    clear();
    await rig.clock.advance(10 * minute);
    expect(rig.arrived()).toEqual(['a']);
    expect(rig.account()).toEqual({ a: ['sending', 'submitted'] });
  });

  test('is not written by who heard that its receipt handle is no good', async () => {
    const { body } = rig.enqueue('a', atMostOnce);
    rig.sqs.fault = (call) => {
      // Between "sending" and the delete.
      if (isEventsSend(call) && rig.journal.length === 0 && JSON.stringify(call.input).includes('sending')) {
        rig.lanes.normal.endVisibility(body);
      }
      return undefined;
    };
    await rig.start('a');
    await rig.until('end', () => rig.events.some(({ type }) => type === 'submitted'), 10 * minute);
    await rig.clock.advance(10 * minute);
    expect(rig.arrived()).toEqual(['a']);
  });

  test('whose delete is never confirmed is not written, not even after the hour in which SQS gave it to another', async () => {
    rig.enqueue('a', atMostOnce);
    let deletes = 0;
    rig.sqs.fault = (call) => {
      if (call.action === 'ChangeMessageVisibilityBatch' && deletes < 15) return down();
      if (!isDelete(call)) return undefined;
      deletes += 1;
      return deletes < 15 ? down() : undefined;
    };
    await rig.start('a');
    await rig.clock.advance(minute);
    await rig.start('b');
    await rig.clock.advance(60 * minute);
    expect(rig.arrived()).toEqual(['a']);
    expect(rig.account()).toEqual({ a: ['sending', expect.stringMatching(/^submitted/)] });
  });

  test('without an answer is not sent again, by nobody', async () => {
    rig.enqueue('a', atMostOnce);
    rig.smsc.answer = () => 'silence';
    await rig.start('a');
    await rig.start('b');
    await rig.clock.advance(60 * minute);
    expect(rig.arrived()).toEqual(['a']);
    expect(rig.account()).toEqual({ a: ['sending'] });
  });

  test('under which the connection breaks is not sent again, by nobody', async () => {
    rig.enqueue('a', atMostOnce);
    rig.smsc.answer = () => 'drop';
    await rig.start('a');
    await rig.start('b');
    await rig.clock.advance(60 * minute);
    expect(rig.arrived()).toEqual(['a']);
  });

  test('that is refused for now is tried again from memory until it is accepted', async () => {
    rig.enqueue('a', atMostOnce);
    rig.enqueue('b', { ...atMostOnce, to: rig.messages[0]?.sms.to ?? '' });
    rig.smsc.answer = (arrival, count) =>
      rig.nameOf(arrival) === 'a' ? ([0x58, 0x14, 0x08, 0x58, 0x08][count] ?? 0) : 0;
    await rig.start();
    await rig.until('end', () => rig.arrived('accepted').length === 2, 10 * minute);
    await rig.clock.advance(1_000);
    expect(rig.arrived()).toEqual(['a', 'a', 'a', 'a', 'a', 'a', 'b']);
    expect(rig.account()).toEqual({ a: ['sending', 'submitted'], b: ['sending', 'submitted'] });
  });

  test('of several segments has none sent twice, whatever is refused in between', async () => {
    rig.enqueue('long', { ...atMostOnce, text: long });
    rig.smsc.answer = (_, count) => (count < 2 ? 0x58 : 0);
    await rig.start();
    await rig.until('end', () => rig.arrived('accepted').length === 2, 10 * minute);
    await rig.clock.advance(minute);
    expect(rig.arrived('accepted')).toHaveLength(2);
    expect(rig.account()).toEqual({ long: ['sending', 'submitted 1/2', 'submitted 2/2'] });
  });

  test('whose validity ends in memory is told as expired', async () => {
    rig.enqueue('a', { ...atMostOnce, validUntil: '2026-01-01T00:05:00.000Z' });
    rig.smsc.answer = () => 0x58;
    await rig.start();
    await rig.until('end', () => rig.events.some(({ type }) => type === 'expired'), 10 * minute);
    expect(rig.account()).toEqual({ a: ['sending', 'expired'] });
  });
});

test('an at-most-once message whose validity ends while the events queue is away is not written', async () => {
  rig.enqueue('a', { ...atMostOnce, validUntil: '2026-01-01T00:05:00.000Z' });
  const { clear } = faultOf(isEventsSend, down());
  await rig.start();
  await rig.clock.advance(10 * minute);
  clear();
  await rig.until('end', () => rig.events.some(({ type }) => type === 'expired'), 10 * minute);
  await rig.clock.advance(minute);
  expect(rig.arrived()).toEqual([]);
  expect(rig.account()).toEqual({ a: ['sending', 'expired'] });
});

describe('an at-most-once message that was deleted and then refused for now', () => {
  test('is enqueued anew when draining, as it was, and the next connector sends it', async () => {
    const { sms } = rig.enqueue('a', atMostOnce);
    rig.smsc.answer = () => 0x58;
    const a = await rig.start('a');
    await rig.until('refusal', () => rig.arrived().length > 1);
    expect(rig.lanes.normal.bodies).toEqual([]);
    const refusals = rig.arrived().length;
    await a.stop();
    expect(rig.lanes.normal.visible.map((body) => JSON.parse(body))).toEqual([sms]);
    rig.smsc.answer = () => 0;
    await rig.start('b');
    await rig.untilSettled();
    await rig.clock.advance(1_000);
    expect(rig.arrived('accepted')).toEqual(['a']);
    expect(rig.arrived().length).toBeLessThanOrEqual(refusals + 2);
    expect(rig.account()).toEqual({ a: ['sending', expect.stringMatching(/^submitted/)] });
  });

  test('is enqueued anew each time that a connector stops, also within the five minutes in which SQS drops repeats', async () => {
    rig.enqueue('a', atMostOnce);
    rig.smsc.answer = () => 0x58;
    for (const name of ['a', 'b', 'c', 'd']) {
      const refusals = rig.arrived().length;
      const connector = await rig.start(name);
      await rig.until('refusal', () => rig.arrived().length > refusals);
      await connector.stop();
      expect(rig.lanes.normal.visible).toHaveLength(1);
    }
    rig.smsc.answer = () => 0;
    await rig.start('e');
    await rig.untilSettled();
    await rig.clock.advance(1_000);
    expect(rig.arrived('accepted')).toEqual(['a']);
  });

  test('is there once though the answer to its enqueuing was lost', async () => {
    rig.enqueue('a', atMostOnce);
    rig.smsc.answer = () => 0x58;
    const a = await rig.start('a');
    await rig.until('refusal', () => rig.arrived().length > 0);
    let isLost = false;
    rig.sqs.fault = ({ action, queue }) => {
      if (action !== 'SendMessage' || queue !== 'normal' || isLost) return undefined;
      isLost = true;
      return 'answer-lost';
    };
    await a.stop();
    expect(isLost).toBe(true);
    expect(rig.lanes.normal.bodies).toHaveLength(1);
  });

  test('lets no later one to its recipient overtake it', async () => {
    rig.enqueue('first', { ...atMostOnce, to: alice });
    rig.enqueue('second', { ...atMostOnce, to: alice });
    rig.smsc.answer = (arrival) => (rig.nameOf(arrival) === 'first' ? 0x58 : 0);
    const a = await rig.start('a');
    await rig.until('refusal', () => rig.arrived().length > 0);
    await a.stop();
    expect(rig.arrived('accepted')).toEqual([]);
    expect(rig.account()).toEqual({ first: ['sending', 'in its lane'], second: ['in its lane'] });
  });

  test('is told in the log when it cannot be enqueued either, by its id', async () => {
    const { sms } = rig.enqueue('a', atMostOnce);
    rig.smsc.answer = () => 0x58;
    const a = await rig.start('a');
    await rig.until('refusal', () => rig.arrived().length > 0);
    faultOf(({ action, queue }) => action === 'SendMessage' && queue === 'normal', down());
    await a.stop();
    // `settle-due` calls it uncertain; who is on call has to be able to find it.
    const about = rig.log.lines.filter(
      ({ level, ...fields }) => level === 'error' && JSON.stringify(fields).includes(sms.id),
    );
    expect(about).not.toEqual([]);
    expect(rig.account()).toEqual({ a: ['sending'] });
  });
});

describe('two connectors, one of which stops for ten minutes', () => {
  /** The steps of a connector that sends one message alone, from its receive on. */
  async function steps(): Promise<number> {
    const alone = new Rig();
    let count = 0;
    alone.enqueue('a', atMostOnce);
    alone.onStep = () => {
      count += 1;
    };
    await alone.start('a');
    await alone.until('end', () => alone.events.some(({ type }) => type === 'submitted'));
    return count;
  }

  test('at whichever step: never are there octets from both', async () => {
    const count = await steps();
    expect(count).toBeGreaterThan(15);
    for (let at = 1; at <= count; at += 1) {
      rig = new Rig();
      rig.mayFreeze = true;
      rig.enqueue('a', atMostOnce);
      const a = await rig.start('a');
      let passed = 0;
      rig.onStep = (by) => {
        if (by !== 'a') return;
        passed += 1;
        if (passed === at) a.life.freeze();
      };
      await rig.clock.advance(1_000);
      await rig.start('b');
      await rig.clock.advance(10 * minute);
      a.life.thaw();
      await rig.clock.advance(10 * minute);
      expect({ at, arrived: rig.arrived() }).toEqual({ at, arrived: ['a'] });
      expect(rig.account()).toEqual({ a: ['sending', expect.stringMatching(/^submitted/)] });
      expect(rig.faults).toEqual([]);
    }
  });
});
