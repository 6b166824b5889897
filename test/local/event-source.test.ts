import type { Message } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSHandler } from 'aws-lambda';
import { type QueuePort, runEventSource } from '../../local/event-source.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** Gives the batches one after the other, then waits for `end`; remembers what was deleted. */
class FakeQueue implements QueuePort {
  readonly deleted: string[] = [];
  readonly ended = Promise.withResolvers<void>();
  readonly drained = Promise.withResolvers<void>();
  readonly #batches: (readonly Message[] | Error)[];

  constructor(...batches: (readonly Message[] | Error)[]) {
    this.#batches = batches;
  }

  async receive(): Promise<readonly Message[]> {
    const batch = this.#batches.shift();
    if (batch instanceof Error) throw batch;
    if (batch !== undefined) return batch;
    this.drained.resolve();
    await this.ended.promise;
    return [];
  }

  async delete(messages: readonly Message[]): Promise<void> {
    this.deleted.push(...messages.map(({ MessageId }) => MessageId ?? ''));
  }
}

function message(id: string, more: Partial<Message> = {}): Message {
  return { MessageId: id, ReceiptHandle: `handle of ${id}`, Body: `body of ${id}`, MD5OfBody: 'md5', ...more };
}

function start(queue: QueuePort, handler: SQSHandler) {
  const stop = new AbortController();
  const clock = new FakeClock();
  const errors: string[] = [];
  const ended = runEventSource(
    {
      queue,
      queueArn: 'arn:aws:sqs:eu-west-1:000000000000:events',
      region: 'eu-west-1',
      handler,
      context: () => ({}) as Context,
      pollers: 1,
      clock,
      onError: (what, error) => errors.push(`${what}: ${error.message}`),
    },
    stop.signal,
  );
  return { stop, ended, clock, errors };
}

/** Runs until the queue has no more, then ends. */
async function run(queue: FakeQueue, handler: SQSHandler): Promise<readonly string[]> {
  const { stop, ended, errors } = start(queue, handler);
  await queue.drained.promise;
  stop.abort();
  queue.ended.resolve();
  await ended;
  return errors;
}

const failing = (...ids: string[]): SQSBatchResponse => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

test('the records are what Lambda gives a function', async () => {
  const events: SQSEvent[] = [];
  const queue = new FakeQueue([
    message('1', {
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1' },
      MessageAttributes: {
        word: { DataType: 'String', StringValue: 'x' },
        octets: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) },
      },
    }),
  ]);
  await run(queue, async (event) => {
    events.push(event);
  });
  expect(events[0]?.Records).toEqual([
    {
      messageId: '1',
      receiptHandle: 'handle of 1',
      body: 'body of 1',
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1' },
      messageAttributes: {
        word: { dataType: 'String', stringValue: 'x', stringListValues: [], binaryListValues: [] },
        octets: { dataType: 'Binary', binaryValue: 'AQI=', stringListValues: [], binaryListValues: [] },
      },
      md5OfBody: 'md5',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:events',
      awsRegion: 'eu-west-1',
    },
  ]);
});

test('a batch without failures is deleted', async () => {
  const queue = new FakeQueue([message('1'), message('2')], [message('3')]);
  await run(queue, async () => failing());
  expect(queue.deleted).toEqual(['1', '2', '3']);
});

test('a function that returns nothing is done with all', async () => {
  const queue = new FakeQueue([message('1')]);
  await run(queue, async () => undefined);
  expect(queue.deleted).toEqual(['1']);
});

test('only what failed comes again', async () => {
  const queue = new FakeQueue([message('1'), message('2'), message('3')]);
  await run(queue, async () => failing('2'));
  expect(queue.deleted).toEqual(['1', '3']);
});

test.each<[string, SQSHandler]>([
  [
    'throws',
    async () => {
      throw new Error('boom');
    },
  ],
  ['names an unknown message', async () => failing('9')],
  ['names an empty identifier', async () => failing('')],
  ['answers something else', async () => ({ batchItemFailures: 'x' }) as unknown as SQSBatchResponse],
])('when the function %s, all of the batch comes again', async (_what, handler) => {
  const queue = new FakeQueue([message('1'), message('2')]);
  const errors = await run(queue, handler);
  expect(queue.deleted).toEqual([]);
  expect(errors).toHaveLength(1);
});

test('a queue that cannot be reached is asked again a second later', async () => {
  const queue = new FakeQueue(new Error('down'), [message('1')]);
  const { stop, ended, clock, errors } = start(queue, async () => undefined);
  await clock.advance(1_000);
  await queue.drained.promise;
  stop.abort();
  queue.ended.resolve();
  await ended;
  expect(errors).toEqual(['the event source could not reach its queue: down']);
  expect(queue.deleted).toEqual(['1']);
});

test('stopping waits for the batch that is being worked on', async () => {
  const queue = new FakeQueue([message('1')]);
  const called = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const { stop, ended } = start(queue, async () => {
    called.resolve();
    await finish.promise;
  });
  await called.promise;
  stop.abort();
  finish.resolve();
  await ended;
  expect(queue.deleted).toEqual(['1']);
});
