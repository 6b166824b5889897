import type { SQSClient } from '@aws-sdk/client-sqs';
import { EntryFailedError, SqsQueue } from '../../../connector/queue/sqs-queue.ts';
import { type AwsCall, batchAnswer, fakeAws } from '../../support/fake-aws.ts';

const url = 'https://sqs/queue';

function queueThatAnswers(answer: (call: AwsCall) => unknown) {
  const { client, calls } = fakeAws<SQSClient>(answer);
  return { queue: new SqsQueue(client, url), calls };
}

test('a receive asks for what the connector reads of a message', async () => {
  const { queue, calls } = queueThatAnswers(() => ({
    Messages: [
      {
        MessageId: 'id-1',
        ReceiptHandle: 'handle-1',
        Body: 'body',
        Attributes: { MessageGroupId: 'group-1', ApproximateReceiveCount: '3' },
      },
    ],
  }));
  await expect(queue.receive(4, 5, 120)).resolves.toEqual([
    { sqsMessageId: 'id-1', receiptHandle: 'handle-1', body: 'body', groupId: 'group-1', receiveCount: 3 },
  ]);
  expect(calls).toEqual([
    {
      command: 'ReceiveMessageCommand',
      input: {
        QueueUrl: url,
        MaxNumberOfMessages: 4,
        WaitTimeSeconds: 5,
        VisibilityTimeout: 120,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId'],
      },
    },
  ]);
});

test('a receive that brings nothing is an empty list', async () => {
  const { queue } = queueThatAnswers(() => ({}));
  await expect(queue.receive(10, 5, 120)).resolves.toEqual([]);
});

test('a message has group, deduplication id and reason only when they are given', async () => {
  const { queue, calls } = queueThatAnswers(() => ({ MessageId: 'id-1' }));
  await queue.send('plain');
  await queue.send('fifo', { groupId: 'group-1', deduplicationId: 'dedup-1' }, 'unreadable');
  expect(calls.map(({ input }) => input)).toEqual([
    { QueueUrl: url, MessageBody: 'plain' },
    {
      QueueUrl: url,
      MessageBody: 'fifo',
      MessageGroupId: 'group-1',
      MessageDeduplicationId: 'dedup-1',
      MessageAttributes: { reason: { DataType: 'String', StringValue: 'unreadable' } },
    },
  ]);
});

test('an entry that was refused has an error of its own, with whose fault it was', async () => {
  const { queue } = queueThatAnswers(() =>
    batchAnswer(3, {
      0: { Code: 'InternalError', SenderFault: false },
      2: { Code: 'ReceiptHandleIsInvalid', SenderFault: true },
    }),
  );
  const [first, second, third] = await queue.deleteBatch(['a', 'b', 'c']);
  expect(first).toBeInstanceOf(EntryFailedError);
  expect(first).toMatchObject({ code: 'InternalError', senderFault: false });
  expect(second).toBeUndefined();
  expect(third).toMatchObject({ code: 'ReceiptHandleIsInvalid', senderFault: true });
});

test('an entry that SQS does not confirm counts as refused for now', async () => {
  const { queue } = queueThatAnswers(() => ({ Successful: [{ Id: '1' }] }));
  const [first, second] = await queue.deleteBatch(['a', 'b']);
  expect(first).toMatchObject({ senderFault: false });
  expect(second).toBeUndefined();
});

test('visibility changes go entry by entry, each with its time', async () => {
  const { queue, calls } = queueThatAnswers(() => batchAnswer(2));
  const errors = await queue.changeVisibilityBatch([
    { receiptHandle: 'a', timeoutSeconds: 0 },
    { receiptHandle: 'b', timeoutSeconds: 120 },
  ]);
  expect(errors).toEqual([undefined, undefined]);
  expect(calls[0]?.input).toEqual({
    QueueUrl: url,
    Entries: [
      { Id: '0', ReceiptHandle: 'a', VisibilityTimeout: 0 },
      { Id: '1', ReceiptHandle: 'b', VisibilityTimeout: 120 },
    ],
  });
});

test('a call that fails rejects with its error', async () => {
  const outage = new Error('down');
  const { queue } = queueThatAnswers(() => {
    throw outage;
  });
  await expect(queue.deleteBatch(['a'])).rejects.toBe(outage);
});
