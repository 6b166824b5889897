import { poll } from '../../../connector/queue/poller.ts';
import { FakeClock } from '../../support/fake-clock.ts';

interface Given {
  /** Receives for which there is room at once, of 5 messages each. */
  readonly atOnce?: number;
  /** What becomes of a receive, after a second. */
  readonly receive?: () => Promise<void>;
}

function startPoller({ atOnce = 1, receive = async () => {} }: Given = {}) {
  const clock = new FakeClock();
  const startedAt = clock.now();
  const stop = new AbortController();
  const calledAt: number[] = [];
  const failedAt: [failures: number, at: number][] = [];
  let underWay = 0;
  let onRoom: (room: number) => void = () => {};
  const tell = () => {
    if (stop.signal.aborted) onRoom(0);
    else if (underWay < atOnce) onRoom(5);
  };
  const receiveOnce = async (maxMessages: number) => {
    expect(maxMessages).toBe(5);
    calledAt.push(clock.now() - startedAt);
    underWay += 1;
    await clock.sleep(1_000);
    underWay -= 1;
    await receive();
    tell();
  };
  const room = () =>
    new Promise<number>((resolve) => {
      onRoom = resolve;
      tell();
    });
  const onError = (_: Error, failures: number) => {
    failedAt.push([failures, clock.now() - startedAt]);
    tell();
  };
  const running = poll({ receive: receiveOnce, room, onError, clock, random: () => 1 }, stop.signal);
  const end = () => {
    stop.abort();
    tell();
  };
  return { running, clock, end, calledAt, failedAt };
}

const down = () => Promise.reject(new Error('SQS is down'));

test('there are as many receives at once as there is room for', async () => {
  const { running, clock, end, calledAt } = startPoller({ atOnce: 3 });
  await clock.advance(1_500);
  end();
  await clock.advance(1_000);
  await running;
  expect(calledAt).toEqual([0, 0, 0, 1_000, 1_000, 1_000]);
});

test('receives under way are waited for when stopping, and there is no other', async () => {
  let handedOn = 0;
  let ended = false;
  const receive = async () => {
    handedOn += 1;
  };
  const { running, clock, end, calledAt } = startPoller({ atOnce: 2, receive });
  void running.then(() => {
    ended = true;
  });
  await clock.advance(500);
  end();
  await clock.advance(499);
  expect(ended).toBe(false);
  await clock.advance(1);
  await running;
  expect(handedOn).toBe(2);
  expect(calledAt).toHaveLength(2);
});

test('failures wait ever longer; a receive that works starts over', async () => {
  const answers = ['fails', 'fails', 'fails', 'works', 'fails'];
  const receive = () => (answers.shift() === 'fails' ? down() : Promise.resolve());
  const { running, clock, end, failedAt } = startPoller({ receive });
  await clock.advance(8_500);
  end();
  await clock.advance(1_000);
  await running;
  expect(failedAt).toEqual([
    [1, 1_000],
    [2, 2_500],
    [3, 4_500],
    [1, 8_500],
  ]);
  expect(clock.pending).toBe(0);
});

test('several receives that fail at once are one failure, after which the queue is left alone', async () => {
  const { running, clock, end, calledAt, failedAt } = startPoller({ atOnce: 3, receive: down });
  await clock.advance(1_499);
  expect(failedAt).toEqual([[1, 1_000]]);
  expect(calledAt).toEqual([0, 0, 0]);
  await clock.advance(1);
  expect(calledAt.slice(3)).toEqual([1_500, 1_500, 1_500]);
  end();
  await clock.advance(1_000);
  await running;
});
