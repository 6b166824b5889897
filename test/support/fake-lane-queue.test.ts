import type { SQSClient } from '@aws-sdk/client-sqs';
import { SqsQueue } from '../../connector/queue/sqs-queue.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeLaneQueue } from './fake-lane-queue.ts';
import { FakeSqs } from './fake-sqs.ts';
import { behaviours, behavioursOfAws, type LaneQueues } from './lane-queue-behaviour.ts';

/** The fake is held to what an emulator does too (`test/moto/`), and to what AWS's documents say. */

const hour = 3_600_000;

interface Faked extends LaneQueues {
  readonly clock: FakeClock;
  readonly queue: FakeLaneQueue;
}

function fakes(): Faked {
  const clock = new FakeClock();
  const deadLetters = new FakeLaneQueue(clock);
  const queue = new FakeLaneQueue(clock, { maxReceiveCount: 2, deadLetters });
  const client: SQSClient = new FakeSqs({ lane: queue, 'dead-letters': deadLetters }).client((_, execute) => execute());
  return { clock, queue, lane: new SqsQueue(client, 'lane'), deadLetters: new SqsQueue(client, 'dead-letters') };
}

/** Time goes on until `work` is done. */
async function whileRunning<Result>(clock: FakeClock, work: Promise<Result>): Promise<Result> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  while (!isDone) await clock.advance(100);
  return await done;
}

test.each(Object.entries({ ...behaviours, ...behavioursOfAws }))('%s', async (_, behaves) => {
  const queues = fakes();
  await whileRunning(queues.clock, behaves(queues));
  expect(queues.clock.pending).toBe(0);
});

test('a message stays invisible for 12 h from its receive on, however it is extended, and not longer', async () => {
  const { clock, queue, lane } = fakes();
  queue.put('a');
  const [message] = await lane.receive(1, 0, 3_600);
  const receiptHandle = message?.receiptHandle ?? '';
  for (let hours = 1; hours < 12; hours += 1) {
    await clock.advance(hour - 1);
    expect(await lane.changeVisibilityBatch([{ receiptHandle, timeoutSeconds: 3_600 }])).toEqual([undefined]);
  }
  await clock.advance(hour - 12);
  const [error] = await lane.changeVisibilityBatch([{ receiptHandle, timeoutSeconds: 3_600 }]);
  expect(error).toMatchObject({ code: 'InvalidParameterValue', senderFault: true });
  expect(queue.visible).toEqual([]);
  await clock.advance(12);
  expect(queue.visible).toEqual(['a']);
});

test('what was sent is dropped for five minutes when it is sent again, also after it was deleted', async () => {
  const { clock, queue, lane } = fakes();
  const fifo = { groupId: 'group', deduplicationId: 'id' };
  await lane.send('a', fifo);
  const [message] = await lane.receive(1, 0, 60);
  await lane.deleteBatch([message?.receiptHandle ?? '']);
  await lane.send('a', fifo);
  expect(queue.bodies).toEqual([]);
  await clock.advance(300_000);
  await lane.send('a', fifo);
  expect(queue.bodies).toEqual(['a']);
});

test('a call that SQS would not take is not taken', async () => {
  const { lane } = fakes();
  await expect(lane.receive(11, 0, 60)).rejects.toThrow('MaxNumberOfMessages');
  await expect(lane.receive(1, 21, 60)).rejects.toThrow('WaitTimeSeconds');
  await expect(lane.deleteBatch([])).rejects.toThrow('entries');
  await expect(lane.send('a')).rejects.toThrow('MessageGroupId');
  await expect(lane.send('a', { groupId: '', deduplicationId: 'a' })).rejects.toThrow('MessageGroupId');
});
