import { type HeldMessage, Lane, type LaneOptions } from '../../../connector/queue/lane.ts';
import { recordedLog } from '../../support/connector-factories.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeLaneQueue } from '../../support/fake-lane-queue.ts';

const clock = new FakeClock();
let stopLane: () => Promise<void>;

/** An open lane with room for 10, a visibility of 120 s and receives that wait 5 s; `held` is by body. */
async function startLane(given: Partial<LaneOptions> & { readonly messages?: readonly string[] } = {}) {
  const { messages = [], ...options } = given;
  const queue = new FakeLaneQueue(clock);
  for (const body of messages) queue.put(body);
  const log = recordedLog();
  const held = new Map<string, HeldMessage>();
  const lane = new Lane({
    name: 'normal',
    queue,
    capacity: 10,
    waitSeconds: 5,
    visibilitySeconds: 120,
    clock,
    random: () => 1,
    log,
    onMessage: (message) => held.set(message.body, message),
    ...options,
  });
  lane.start();
  lane.setOpen(true);
  stopLane = async () => {
    const stopped = lane.stopReceiving();
    await clock.advance(60_000);
    await stopped;
    await lane.close();
  };
  await clock.advance(0);
  const get = (body: string): HeldMessage => {
    const message = held.get(body);
    if (message === undefined) throw new Error(`"${body}" is not held`);
    return message;
  };
  return { lane, queue, log, held, get };
}

/** Waits for `work` while the clock moves over a batch's few milliseconds. */
async function done(work: Promise<void>): Promise<void> {
  work.catch(() => {});
  await clock.advance(6);
  await work;
}

afterEach(async () => {
  await stopLane();
  expect(clock.pending).toBe(0);
});

test('a lane receives only while it is open', async () => {
  const { lane, queue, held } = await startLane();
  lane.setOpen(false);
  await clock.advance(5_000);
  queue.put('a');
  await clock.advance(60_000);
  expect([...held.keys()]).toEqual([]);
  lane.setOpen(true);
  await clock.advance(0);
  expect([...held.keys()]).toEqual(['a']);
});

test('messages are handed on in the order received, several of a group too', async () => {
  const { queue, held } = await startLane();
  for (const body of ['a1', 'b1', 'a2', 'a3']) queue.put(body, body.charAt(0));
  await clock.advance(5_000);
  expect([...held.values()].map(({ body, groupId }) => [body, groupId])).toEqual([
    ['a1', 'a'],
    ['b1', 'b'],
    ['a2', 'a'],
    ['a3', 'a'],
  ]);
});

test('no more is held than there is room for; what is released makes room', async () => {
  const { queue, held, get } = await startLane({ capacity: 2, messages: ['a', 'b', 'c', 'd'] });
  await clock.advance(60_000);
  expect([...held.keys()]).toEqual(['a', 'b']);
  for (const body of ['a', 'b']) {
    await done(get(body).delete());
    expect(held.size).toBe(2);
    get(body).release();
    get(body).release();
  }
  await clock.advance(0);
  expect([...held.keys()]).toEqual(['a', 'b', 'c', 'd']);
  expect(queue.asked).toEqual([2, 2]);
});

const letters = (count: number) => Array.from({ length: count }, (_, index) => `message ${index}`);

test('what has its turn makes room before it is released, a batch at a time', async () => {
  const { queue, held, get } = await startLane({ capacity: 100, messages: letters(40) });
  expect(held.size).toBe(20);
  for (const body of letters(9)) get(body).begin();
  await clock.advance(0);
  expect(queue.asked).toEqual([10, 10]);
  get('message 9').begin();
  await clock.advance(0);
  expect(queue.asked).toEqual([10, 10, 10]);
  expect(held.size).toBe(30);
});

test('a lane from which messages go faster than they come receives several times at once', async () => {
  const begun: string[] = [];
  const { queue } = await startLane({
    capacity: 1_000,
    onMessage: (message) => {
      message.begin();
      begun.push(message.body);
    },
  });
  queue.answerTakesMs = 20;
  for (const body of letters(1_000)) queue.put(body);
  await clock.advance(1_300);
  // One receive at a time would have brought 150.
  expect(begun.length).toBeGreaterThan(500);
  expect(new Set(begun).size).toBe(begun.length);
});

test('those that wait for an earlier one of their group do not keep others from being received', async () => {
  const { queue, held } = await startLane({ capacity: 100 });
  for (const recipient of ['one', 'another', 'a third']) {
    for (const body of letters(10)) queue.put(`${body} to ${recipient}`, recipient);
  }
  await clock.advance(5_000);
  // Three have their turn, or wait for it.
  expect(held.size).toBe(30);
  expect(queue.asked.length).toBeGreaterThan(3);
});

test('a held message stays invisible for as long as it is held', async () => {
  const { queue, get } = await startLane({ capacity: 1, messages: ['a'] });
  for (let minute = 0; minute < 60; minute += 1) {
    await clock.advance(60_000);
    expect(queue.visible).toEqual([]);
    expect(get('a').remainingMs()).toBeGreaterThan(80_000);
  }
});

test('the time that a heartbeat does not extend runs out, and the holder sees it', async () => {
  const { queue, log, get } = await startLane({ capacity: 1, messages: ['a'] });
  queue.failing = 'changes';
  expect(get('a').remainingMs()).toBe(120_000);
  await clock.advance(119_999);
  expect(get('a').remainingMs()).toBe(1);
  expect(queue.visible).toEqual([]);
  await clock.advance(1);
  expect(get('a').remainingMs()).toBe(0);
  expect(queue.visible).toEqual(['a']);
  expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', lane: 'normal' }));
});

test('a message surely stays invisible for no longer than SQS keeps it so, however late its receive is answered', async () => {
  const { queue, get } = await startLane({ capacity: 1 });
  queue.answerTakesMs = 20_000;
  queue.put('a');
  await clock.advance(25_000);
  const remaining = get('a').remainingMs();
  queue.failing = 'changes';
  await clock.advance(remaining - 1);
  expect(queue.visible).toEqual([]);
});

test('messages that are deleted at once share a call', async () => {
  const { queue, get } = await startLane({ messages: ['a', 'b', 'c'] });
  await done(Promise.all([get('a').delete(), get('b').delete()]).then(() => {}));
  expect(queue.bodies).toEqual(['c']);
  expect(queue.deleteCalls).toEqual([2]);
});

test('a delete that SQS does not confirm rejects, and only that one', async () => {
  const { queue, get } = await startLane({ capacity: 2, messages: ['a', 'b'] });
  queue.endVisibility('a');
  const fates = Promise.allSettled([get('a').delete(), get('b').delete()]);
  await clock.advance(6);
  expect(await fates).toMatchObject([
    { status: 'rejected', reason: { code: 'ReceiptHandleIsInvalid' } },
    { status: 'fulfilled' },
  ]);
  expect(queue.bodies).toEqual(['a']);
});

test('a message whose delete failed is still held: it stays invisible while the delete is tried again', async () => {
  const { queue, get } = await startLane({ capacity: 1, messages: ['a'] });
  queue.failing = 'deletes';
  await expect(done(get('a').delete())).rejects.toMatchObject({ code: 'InternalError' });
  await clock.advance(300_000);
  expect(queue.visible).toEqual([]);
  queue.failing = 'nothing';
  await done(get('a').delete());
  expect(queue.bodies).toEqual([]);
});

test('a message that is given back is visible at once, and stays so', async () => {
  const { queue, log, get } = await startLane({ capacity: 1, messages: ['a'] });
  await done(get('a').giveBack());
  expect(queue.visible).toEqual(['a']);
  await clock.advance(31_000);
  expect(queue.visible).toEqual(['a']);
  expect(log.lines).toEqual([]);
});

test('a message that cannot be given back is logged and returns when its visibility ends', async () => {
  const { queue, log, get } = await startLane({ capacity: 1, messages: ['a'] });
  queue.outage = new Error('down');
  await done(get('a').giveBack());
  expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', error: 'down' }));
  await clock.advance(120_000);
  expect(queue.visible).toEqual(['a']);
});

test('a lane that stops waits for the receive under way and hands over what it brings', async () => {
  const { lane, queue, held } = await startLane();
  await clock.advance(2_000);
  const stopped = lane.stopReceiving();
  queue.put('a');
  await clock.advance(1_000);
  await stopped;
  queue.put('b');
  await clock.advance(60_000);
  expect([...held.keys()]).toEqual(['a']);
});

test('a lane that stopped still deletes and gives back, and closing ends with the last of them', async () => {
  const { lane, queue, get } = await startLane({ messages: ['a', 'b', 'c'] });
  const stopped = lane.stopReceiving();
  await clock.advance(5_000);
  await stopped;
  const settled = Promise.all([get('a').delete(), get('b').giveBack()]);
  await lane.close();
  await settled;
  expect(queue.bodies).toEqual(['b', 'c']);
  expect(queue.visible).toEqual(['b']);
});

test('a queue that is down is asked again until it answers', async () => {
  const { queue, log, held } = await startLane();
  queue.outage = new Error('down');
  await clock.advance(60_000);
  expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', error: 'down', failures: 1 }));
  queue.outage = undefined;
  queue.put('a');
  await clock.advance(20_000);
  expect([...held.keys()]).toEqual(['a']);
});
