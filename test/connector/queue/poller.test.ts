import { type PollerOptions, poll } from '../../../connector/queue/poller.ts';
import type { ReceivedMessage } from '../../../connector/queue/sqs-queue.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const message = (body: string): ReceivedMessage => ({
  body,
  receiptHandle: 'handle',
  groupId: 'group',
  sqsMessageId: 'id',
  receiveCount: 1,
});

/** Starts a poller with room for 5, whose receives take a second each. */
function startPoller(given: Partial<PollerOptions> = {}) {
  const clock = new FakeClock();
  const startedAt = clock.now();
  const stop = new AbortController();
  const got: string[] = [];
  const asked: number[] = [];
  const failedAt: [number, number][] = [];
  const running = poll(
    {
      room: async () => 5,
      onMessages: (messages) => got.push(...messages.map(({ body }) => body)),
      onError: (_, failures) => failedAt.push([failures, clock.now() - startedAt]),
      clock,
      random: () => 1,
      ...given,
      receive: async (maxMessages) => {
        asked.push(maxMessages);
        await clock.sleep(1_000);
        return (await given.receive?.(maxMessages)) ?? [];
      },
    },
    stop.signal,
  );
  return { running, clock, stop, got, asked, failedAt };
}

test('no more is asked for than there is room, nor than SQS gives', async () => {
  const rooms = [3, 10, 25];
  const { running, clock, asked } = startPoller({ room: async () => rooms.shift() ?? 0 });
  await clock.advance(3_000);
  await running;
  expect(asked).toEqual([3, 10, 10]);
});

test('a receive under way is waited for when stopping, and what it brings is handed over', async () => {
  const { running, clock, stop, got, asked } = startPoller({ receive: async () => [message('a')] });
  await clock.advance(500);
  stop.abort();
  await clock.advance(500);
  await running;
  expect(got).toEqual(['a']);
  expect(asked).toHaveLength(1);
});

test('failures wait ever longer; a receive that works starts over', async () => {
  const answers = ['fails', 'fails', 'fails', 'works', 'fails'];
  const receive = async () => {
    if (answers.shift() === 'fails') throw new Error('SQS is down');
    return [];
  };
  const { running, clock, stop, failedAt } = startPoller({ receive });
  await clock.advance(8_500);
  stop.abort();
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
