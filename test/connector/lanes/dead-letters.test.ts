import { asciiJson } from '#contract/ascii-json.ts';
import { FakeLaneQueue } from '../../support/fake-lane-queue.ts';
import { down, type SqsFault, throttled } from '../../support/fake-sqs.ts';
import { groupOf, Rig } from './rig.ts';

/** What cannot be read goes to the dead-letter queue by the connector's own hand, and only then leaves its lane. */

const minute = 60_000;
const alice = '+447700900001';
const unreadable = '{"version":1}';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => expect(rig.faults).toEqual([]));

/** Puts what nobody can read before a message to the same recipient. */
function putUnreadable(body = unreadable): void {
  rig.lanes.normal.put(body, groupOf(alice));
  rig.enqueue('after', { to: alice });
}

/** Calls of this kind have that fault, the first `times` of them. */
function faultOf(action: string, queue: string, fault: SqsFault, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  rig.sqs.fault = (call) => {
    if (call.action !== action || call.queue !== queue || left === 0) return undefined;
    left -= 1;
    return fault;
  };
}

describe('a message that cannot be read', () => {
  test('goes to the dead-letter queue as it is, with the reason, and holds up no other', async () => {
    putUnreadable();
    await rig.start();
    await rig.untilSettled();
    expect(rig.deadLetters.bodies).toEqual([unreadable]);
    expect(rig.deadLetters.reasons.get(unreadable)).toContain('clientId');
    expect(rig.account()).toEqual({ after: ['submitted'] });
  });

  test.each([
    ['no JSON', 'no JSON'],
    ['a list', '[]'],
    ['nothing', 'null'],
    ['of a later version', '{"version":2}'],
    ['half a character', '{"text":"\\ud83d"}'],
    ['a giant', `{"id":"${'x'.repeat(200_000)}"}`],
  ])('is settled, whatever is in it: %s', async (_, body) => {
    putUnreadable(body);
    await rig.start();
    await rig.untilSettled();
    expect(rig.deadLetters.bodies).toEqual([body]);
    expect(rig.deadLetters.reasons.get(body)?.length).toBeLessThanOrEqual(1_000);
  });

  test('of another carrier goes there too, and the reason says neither its text nor its recipient', async () => {
    const { sms } = rig.enqueue('secret', { carrier: 'other' });
    await rig.start();
    await rig.untilSettled();
    expect(rig.account()).toEqual({ secret: ['dead letter'] });
    const [reason = ''] = rig.deadLetters.reasons.values();
    expect(reason).toContain('carrier');
    expect(reason).not.toContain(sms.text);
    expect(reason).not.toContain(sms.to.slice(1));
  });

  test.each([
    ['is down', down()],
    ['is throttled', throttled()],
  ])('stays in its lane while the dead-letter queue %s, and the next to its recipient waits', async (_, fault) => {
    putUnreadable();
    faultOf('SendMessage', 'dead-letters', fault);
    await rig.start();
    await rig.clock.advance(60 * minute);
    expect(rig.lanes.normal.bodies).toHaveLength(2);
    expect(rig.lanes.normal.visible).toEqual([]);
    expect(rig.log.lines).toContainEqual(expect.objectContaining({ level: 'error' }));
    rig.sqs.fault = () => undefined;
    await rig.untilSettled();
    expect(rig.deadLetters.bodies).toEqual([unreadable]);
    expect(rig.account()).toEqual({ after: ['submitted'] });
  });

  test('is there once though the answer to its sending was lost', async () => {
    putUnreadable();
    faultOf('SendMessage', 'dead-letters', 'answer-lost', 3);
    await rig.start();
    await rig.untilSettled();
    expect(rig.deadLetters.bodies).toEqual([unreadable]);
  });

  test.each<[string, SqsFault]>([
    ['fails', down()],
    ['is refused for its entry', { refused: [0] }],
    ['is done but not answered', 'answer-lost'],
  ])('is in the dead-letter queue once though its delete %s for minutes', async (_, fault) => {
    putUnreadable();
    faultOf('DeleteMessageBatch', 'normal', fault, 20);
    await rig.start();
    await rig.untilSettled(10 * minute);
    expect(rig.deadLetters.bodies).toEqual([unreadable]);
    expect(rig.account()).toEqual({ after: [expect.stringMatching(/^submitted/)] });
    expect(rig.arrived()).toEqual(['after']);
  });

  test('holds up no other while the dead-letter queue is away, however quiet it was before', async () => {
    rig.lanes.normal.put(unreadable, groupOf(alice));
    faultOf('SendMessage', 'dead-letters', down());
    await rig.start();
    await rig.clock.advance(minute);
    for (let n = 0; n < 30; n += 1) rig.enqueue(`m${n}.`, { to: `+4477009${30_000 + n}` });
    await rig.clock.advance(minute);
    expect(rig.arrived('accepted')).toHaveLength(30);
  });

  test('goes back when its connector stops before it is in the dead-letter queue, and the next one moves it', async () => {
    putUnreadable();
    faultOf('SendMessage', 'dead-letters', down());
    const a = await rig.start('a');
    await rig.clock.advance(minute);
    await a.stop();
    expect(rig.lanes.normal.visible).toHaveLength(2);
    rig.sqs.fault = () => undefined;
    await rig.start('b');
    await rig.untilSettled();
    expect(rig.deadLetters.bodies).toEqual([unreadable]);
    // Its second receive, though nothing of it was sent at the first.
    expect(rig.account()).toEqual({ after: ['submitted, flagged'] });
  });

  test('goes to the dead-letter queue once though its connector stopped before it was deleted', async () => {
    putUnreadable();
    faultOf('DeleteMessageBatch', 'normal', down());
    const a = await rig.start('a');
    await rig.clock.advance(minute);
    await a.stop();
    rig.sqs.fault = () => undefined;
    await rig.start('b');
    await rig.untilSettled(10 * minute);
    expect(rig.deadLetters.bodies).toEqual([unreadable]);
  });

  test('without a group is settled too', async () => {
    rig.lanes.normal.put(unreadable, '');
    await rig.start();
    await rig.untilSettled();
    expect(rig.deadLetters.bodies).toEqual([unreadable]);
  });
});

test('a message that only SQS counts as dead is none to the connector: a receive count is no count of attempts', async () => {
  const { body } = rig.enqueue('a');
  for (let times = 0; times < 500; times += 1) {
    await rig.lanes.normal.receive(1, 0, 0);
  }
  await rig.start();
  await rig.untilSettled();
  expect(rig.deadLetters.bodies).not.toContain(body);
  expect(rig.account()).toEqual({ a: ['submitted, flagged'] });
});

test('what is asked of SQS for a group that nobody named is still valid for a FIFO queue', () => {
  const queue = new FakeLaneQueue(rig.clock);
  queue.send(asciiJson({}), { groupId: 'none', deduplicationId: 'a' });
  queue.send(asciiJson({}), { groupId: 'none', deduplicationId: 'a' });
  expect(queue.bodies).toHaveLength(1);
});
