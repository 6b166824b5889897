import type { SNSClient } from '@aws-sdk/client-sns';
import { TopicPublisher } from '../../../connector/queue/topic-publisher.ts';
import { type AwsCall, batchAnswer, fakeAws } from '../../support/fake-aws.ts';
import { FakeClock } from '../../support/fake-clock.ts';

interface SnsEntry {
  readonly Id: string;
  readonly Message: string;
  readonly MessageAttributes: unknown;
}

const entriesOf = ({ input }: AwsCall) => input.PublishBatchRequestEntries as readonly SnsEntry[];
const attributes = { type: 'sms.received', carrier: 'acme' };

function startPublisher(answer = (call: AwsCall): unknown => batchAnswer(entriesOf(call).length)) {
  const clock = new FakeClock();
  const { client, calls } = fakeAws<SNSClient>(answer);
  const publisher = new TopicPublisher({ client, topicArn: 'arn:topic', clock });
  /** Publishes all at the same instant, and tells the fate of each. */
  const publish = async (events: readonly unknown[]) => {
    const fates = Promise.allSettled(events.map((event) => publisher.publish(event, attributes)));
    await clock.advance(6);
    return await fates;
  };
  return { publish, calls };
}

test('events that come close together share a call, each with its attributes', async () => {
  const { publish, calls } = startPublisher();
  await publish([{ text: 'Grüße 😀' }, { text: 'b' }]);
  const MessageAttributes = {
    type: { DataType: 'String', StringValue: 'sms.received' },
    carrier: { DataType: 'String', StringValue: 'acme' },
  };
  expect(calls).toEqual([
    {
      command: 'PublishBatchCommand',
      input: {
        TopicArn: 'arn:topic',
        PublishBatchRequestEntries: [
          { Id: '0', Message: '{"text":"Gr\\u00fc\\u00dfe \\ud83d\\ude00"}', MessageAttributes },
          { Id: '1', Message: '{"text":"b"}', MessageAttributes },
        ],
      },
    },
  ]);
});

test('a call has at most ten events, and no more octets than SNS takes', async () => {
  const { publish, calls } = startPublisher();
  await publish(new Array(11).fill('small'));
  await publish(new Array(5).fill('x'.repeat(80_000)));
  expect(calls.map((call) => entriesOf(call).length)).toEqual([10, 1, 3, 2]);
});

test('an event that SNS refuses fails alone, with whose fault it was', async () => {
  const { publish } = startPublisher(() => batchAnswer(2, { 1: { Code: 'InvalidParameter', SenderFault: true } }));
  expect(await publish(['a', 'b'])).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'InvalidParameter', senderFault: true } },
  ]);
});

test('an event larger than SNS takes is refused at once, as its own fault, without a call', async () => {
  const { publish, calls } = startPublisher(() => {
    throw new Error('BatchRequestTooLong');
  });
  expect(await publish(['x'.repeat(262_145)])).toMatchObject([{ status: 'rejected', reason: { senderFault: true } }]);
  expect(calls).toEqual([]);
});
