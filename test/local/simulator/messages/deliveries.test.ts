import { Deliveries, type Delivery, type Receiver } from '../../../../local/simulator/messages/deliveries.ts';
import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { stageOf } from '../messages.ts';

type Answer = number | 'lost' | 'unanswered';

/** A session that notes what is sent over it, and answers when it is told to. */
class FakeReceiver implements Receiver {
  readonly sent: string[] = [];
  readonly #unanswered: ((answer: Answer) => void)[] = [];
  canReceive = true;
  answerWithinMs: number | null = null;
  readonly number: number;
  systemId: string | undefined;

  constructor(number: number, systemId = 'me') {
    this.number = number;
    this.systemId = systemId;
  }

  get undelivered(): number {
    return this.#unanswered.length;
  }

  deliver(_command: string, fields: Record<string, unknown>, answerWithinMs: number | null): Promise<Answer> {
    if (fields.name === 'unencodable') return Promise.reject(new TypeError('it fits in no PDU'));
    this.sent.push(String(fields.name));
    this.answerWithinMs = answerWithinMs;
    return new Promise((resolve) => this.#unanswered.push(resolve));
  }

  /** To the oldest delivery without an answer. */
  async answer(answer: Answer): Promise<void> {
    this.#unanswered.shift()?.(answer);
    await settled();
  }

  async end(): Promise<void> {
    this.canReceive = false;
    for (const resolve of this.#unanswered.splice(0)) resolve('lost');
    await settled();
  }

  take(): string[] {
    return this.sent.splice(0);
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function start(change: BehaviourChange['deliveries'] = {}, { maxStored = 1_000 } = {}) {
  const sessions: FakeReceiver[] = [];
  const faults: string[] = [];
  const clock = new FakeClock();
  const stage = stageOf({ deliveries: change });
  const deliveries = new Deliveries({
    sessions: () => sessions,
    stage,
    clock,
    maxStored,
    onFault: (error) => faults.push(error.message),
  });
  const bind = (systemId?: string) => {
    const session = new FakeReceiver(sessions.length + 1, systemId);
    sessions.push(session);
    deliveries.receiverBound();
    return session;
  };
  const deliver = (name: string, more: Partial<Delivery> = {}) =>
    deliveries.deliver({ command: 'deliver_sm', fields: { name }, systemId: 'me', ...more });
  const deliverToAny = (name: string) => deliveries.deliver({ command: 'deliver_sm', fields: { name } });
  return { sessions, faults, clock, stage, deliveries, bind, deliver, deliverToAny };
}

test('a delivery is sent within the call, and resolves with the status of its answer', async () => {
  const { bind, deliver, deliveries } = start();
  const session = bind();
  const done = deliver('a');
  expect(session.sent).toEqual(['a']);
  expect(deliveries.outstanding).toBe(1);
  await session.answer(0);
  expect(await done).toBe(0);
  expect(deliveries.outstanding).toBe(0);
});

test('what waits for a session is sent in its order when one is bound, no more at once than the window', async () => {
  const { bind, deliver } = start({ window: 2 });
  for (const name of 'abcde') deliver(name);
  const session = bind();
  expect(session.take()).toEqual(['a', 'b']);
  await session.answer(0);
  expect(session.take()).toEqual(['c']);
});

test('a window that is made wider holds at once', () => {
  const { bind, deliver, stage } = start({ window: 1 });
  for (const name of 'abc') deliver(name);
  const session = bind();
  stage.play({ scenarios: [], change: { deliveries: { window: 3 } } });
  expect(session.sent).toEqual(['a', 'b', 'c']);
});

test("deliveries of an account go to its sessions only, others to anybody's in turn", () => {
  const { bind, deliver, deliverToAny } = start();
  const [mine, yours] = [bind('me'), bind('you')];
  for (const name of ['r1', 'r2']) deliver(name);
  for (const name of ['m1', 'm2', 'm3', 'm4']) deliverToAny(name);
  expect(mine.sent).toEqual(['r1', 'r2', 'm1', 'm3']);
  expect(yours.sent).toEqual(['m2', 'm4']);
});

test('sessions of an account take turns', () => {
  const { bind, deliver } = start();
  const [one, two] = [bind(), bind()];
  for (const name of 'abcd') deliver(name);
  expect([one.sent, two.sent]).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ]);
});

test('a full session is passed over, a transmitter too', () => {
  const { bind, deliver } = start({ window: 1 });
  const [one, transmitter, three] = [bind(), bind(), bind()];
  transmitter.canReceive = false;
  for (const name of 'abc') deliver(name);
  expect([one.sent, transmitter.sent, three.sent]).toEqual([['a'], [], ['b']]);
});

test('messages and receipts share a window fairly', async () => {
  const { bind, deliver, deliverToAny } = start({ window: 1 });
  for (const name of ['r1', 'r2', 'r3']) deliver(name);
  for (const name of ['m1', 'm2', 'm3']) deliverToAny(name);
  const session = bind();
  for (let n = 0; n < 3; n++) await session.answer(0);
  expect(session.sent.toSorted()).toEqual(['m1', 'm2', 'r1', 'r2']);
});

test('not over a session means over another if there is one, even if that is busy', async () => {
  const { bind, deliver } = start({ window: 1 });
  const one = bind();
  deliver('a', { notOver: 1 });
  expect(one.take()).toEqual(['a']);
  await one.answer(0);
  const two = bind();
  deliver('b', { notOver: 1 });
  deliver('c', { notOver: 1 });
  expect([one.take(), two.take()]).toEqual([[], ['b']]);
  await two.answer(0);
  expect([one.take(), two.take()]).toEqual([[], ['c']]);
});

test('what was lost with its session goes over the next, before what was not sent yet', async () => {
  const { bind, deliver } = start({ window: 2 });
  const first = bind();
  const done = deliver('a');
  for (const name of 'bcd') deliver(name);
  await first.end();
  const second = bind();
  expect(second.take()).toEqual(['a', 'b']);
  await second.answer(0);
  expect(await done).toBe(0);
  expect(second.take()).toEqual(['c']);
});

test('a session that loses everything at once is not asked again for ever', async () => {
  const { bind, deliver, deliveries } = start();
  const session = bind();
  session.deliver = () => Promise.resolve('lost');
  deliver('a');
  await settled();
  expect(deliveries.outstanding).toBe(1);
  expect(bind().sent).toEqual(['a']);
});

test('without an answer in time it is sent again', async () => {
  const { bind, deliver } = start({ answerWithinMs: 1_000 });
  const session = bind();
  deliver('a');
  expect(session.answerWithinMs).toBe(1_000);
  await session.answer('unanswered');
  expect(session.sent).toEqual(['a', 'a']);
});

test.each([0x14, 0x58, 0x64])(
  'after status %i it is sent again a while later, and others meanwhile',
  async (status) => {
    const { bind, deliver, clock } = start({ window: 1, retryAfterMs: 5_000 });
    const session = bind();
    const done = deliver('a');
    deliver('b');
    await session.answer(status);
    expect(session.take()).toEqual(['a', 'b']);
    await session.answer(0);
    await clock.advance(4_999);
    expect(session.take()).toEqual([]);
    await clock.advance(1);
    expect(session.take()).toEqual(['a']);
    await session.answer(0x45);
    expect(await done).toBe(0x45);
  },
);

test('a wait for the next try that is made shorter holds for what waits already', async () => {
  const { bind, deliver, clock, stage } = start({ retryAfterMs: 600_000 });
  const session = bind();
  deliver('a');
  await session.answer(0x58);
  stage.play({ scenarios: [], change: { deliveries: { retryAfterMs: 1_000 } } });
  await clock.advance(1_000);
  expect(session.sent).toEqual(['a', 'a']);
});

test('which statuses mean another try can be chosen; any other is final', async () => {
  const { bind, deliver, clock } = start({ retryStatuses: [0x45] });
  const session = bind();
  const [first, second] = [deliver('a'), deliver('b')];
  await session.answer(0x45);
  await session.answer(0x58);
  expect(await second).toBe(0x58);
  await clock.advance(1_000);
  await session.answer(0);
  expect(await first).toBe(0);
  expect(session.sent).toEqual(['a', 'b', 'a']);
});

describe('a refusal that blocks', () => {
  const block = { afterRefusal: 'block', window: 1 } as const;

  test('is sent again and again, and nothing else before it is accepted', async () => {
    const { bind, deliver, clock } = start(block);
    const session = bind();
    const done = deliver('a');
    deliver('b');
    for (const status of [0x0c, 0x58]) {
      await session.answer(status);
      expect(session.take()).toEqual(['a']);
      await clock.advance(999);
      expect(session.take()).toEqual([]);
      await clock.advance(1);
    }
    expect(session.take()).toEqual(['a']);
    await session.answer(0);
    expect(await done).toBe(0);
    expect(session.take()).toEqual(['b']);
  });

  test('holds up all sessions and messages of its account, but no other account', async () => {
    const { bind, deliver, deliverToAny } = start(block);
    const [mine, yours] = [bind('me'), bind('you')];
    deliver('a');
    await mine.answer(0x0c);
    const alsoMine = bind('me');
    deliver('r');
    deliverToAny('m1');
    deliver('y', { systemId: 'you' });
    expect([mine.take(), alsoMine.take(), yours.take()]).toEqual([['a'], [], ['m1']]);
    await yours.answer(0);
    expect(yours.take()).toEqual(['y']);
  });

  test('of a message that could have gone to any account goes to the same one again', async () => {
    const { bind, deliverToAny, clock } = start(block);
    const mine = bind('me');
    deliverToAny('m');
    await mine.answer(0x0c);
    const yours = bind('you');
    await clock.advance(1_000);
    expect([mine.take(), yours.take()]).toEqual([['m', 'm'], []]);
  });

  test('waits for the next session of its account when that ends', async () => {
    const { bind, deliver, clock } = start(block);
    const session = bind();
    deliver('a');
    deliver('b');
    await session.answer(0x0c);
    await clock.advance(1_000);
    await session.end();
    const next = bind();
    await clock.advance(1_000);
    expect(next.take()).toEqual(['a']);
    await next.answer(0);
    expect(next.take()).toEqual(['b']);
  });

  test('blocks no longer when the play changes', async () => {
    const { bind, deliver, stage } = start(block);
    const session = bind();
    deliver('a');
    deliver('b');
    await session.answer(0x0c);
    expect(session.take()).toEqual(['a']);
    stage.play({ scenarios: [], change: {} });
    expect(session.take()).toEqual(['b']);
  });
});

test('what fits in no PDU fails alone', async () => {
  const { bind, deliver, deliveries } = start({ window: 1 });
  const session = bind();
  await expect(deliver('unencodable')).rejects.toThrow('it fits in no PDU');
  deliver('a');
  expect(session.sent).toEqual(['a']);
  expect(deliveries.outstanding).toBe(1);
});

test('of more than can be stored the oldest is given up and counted', async () => {
  const { bind, deliver, deliveries } = start({}, { maxStored: 2 });
  const [first, second] = [deliver('a'), deliver('b', { systemId: 'you' })];
  deliver('c');
  deliver('d');
  expect(await Promise.all([first, second])).toEqual([undefined, undefined]);
  expect([deliveries.dropped, deliveries.outstanding]).toEqual([2, 2]);
  expect(bind().sent).toEqual(['c', 'd']);
});

test('of more octets than can be stored the oldest are given up too', async () => {
  const { deliveries } = start({}, { maxStored: 100_000 });
  const fields = { message_payload: Buffer.alloc(64 * 1024) };
  for (let n = 0; n < 2_100; n++) deliveries.deliver({ command: 'data_sm', fields });
  expect(deliveries.outstanding).toBeLessThanOrEqual(2_048);
  expect(deliveries.dropped).toBe(2_100 - deliveries.outstanding);
});

test('what was refused counts as stored too', async () => {
  const { bind, deliver, deliveries } = start({}, { maxStored: 2 });
  const session = bind();
  const all = [...'abc'].map((name) => deliver(name));
  for (let n = 0; n < 3; n++) await session.answer(0x58);
  expect(deliveries.outstanding).toBe(2);
  expect(await all[0]).toBeUndefined();
});

test('a blocking delivery that is given up blocks no longer', async () => {
  const { bind, deliver } = start({ afterRefusal: 'block', window: 1 }, { maxStored: 1 });
  const session = bind();
  deliver('a');
  await session.answer(0x0c);
  deliver('b');
  deliver('c');
  expect(session.sent).toEqual(['a', 'b']);
});

test('the end gives up what waits and what is not answered, and takes nothing more', async () => {
  const { bind, deliver, deliveries, clock } = start({ window: 2 });
  const session = bind();
  const all = [...'abcd'].map((name) => deliver(name));
  await session.answer(0x58);
  deliveries.end();
  expect(await Promise.all([...all, deliver('e')])).toEqual(Array.from({ length: 5 }, () => undefined));
  expect([deliveries.outstanding, clock.pending]).toEqual([0, 0]);
  await session.answer(0);
  expect(session.take()).toEqual(['a', 'b', 'c']);
});

test('twenty thousand that wait are sent one after the other, as fast as they are answered', async () => {
  const { bind, deliver, deliveries, sessions } = start({ window: 10 }, { maxStored: 20_000 });
  for (let n = 0; n < 20_100; n++) deliver(`${n}`);
  expect(deliveries.dropped).toBe(100);
  let answered = 0;
  const quick = bind();
  quick.deliver = (_command, { name }) => {
    expect(name).toBe(`${100 + 10 + answered++}`);
    return Promise.resolve(0);
  };
  for (let n = 0; n < 10; n++) await quick.answer(0);
  while (deliveries.outstanding > 0) await settled();
  expect([answered, sessions.length]).toEqual([19_990, 1]);
});

test('a reset gives up what blocks, and with it the block', async () => {
  const { bind, deliver, deliveries, clock } = start({ afterRefusal: 'block', window: 1 });
  const session = bind();
  const [first, second] = [deliver('first'), deliver('second')];
  await session.answer(0x08);
  deliveries.reset();
  expect(await Promise.all([first, second])).toEqual([undefined, undefined]);
  const next = deliver('next');
  await clock.advance(1_000);
  expect(session.take()).toEqual(['first', 'next']);
  await session.answer(0);
  expect(await next).toBe(0);
  // In flight at the reset.
  const other = deliver('other');
  await session.answer(0x08);
  await clock.advance(1_000);
  deliveries.reset();
  await session.answer(0x08);
  expect(await other).toBeUndefined();
  const last = deliver('last');
  await session.answer(0);
  expect(await last).toBe(0);
});

test('what goes wrong when an answer is taken is told', async () => {
  const { bind, deliver, faults, sessions } = start({ window: 1 });
  const session = bind();
  void deliver('a');
  void deliver('b');
  Object.defineProperty(sessions, 'filter', {
    value: () => {
      throw new Error('out of order');
    },
  });
  await session.answer(0);
  expect(faults).toEqual(['out of order']);
});
