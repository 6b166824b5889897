import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { systemClock } from '../../connector/clock.ts';
import type { Stretch } from './arrivals.ts';
import { laneMessage } from './messages.ts';
import { sharedNow } from './now.ts';

const tens = 10;
const atOnce = 8;
const lookEveryMs = 20;

/** The lane, and the queue behind, from the bench's side. */
export class LaneQueue {
  readonly #sqs: SQSClient;
  readonly #laneUrl: string;

  constructor(sqs: SQSClient, laneUrl: string) {
    this.#sqs = sqs;
    this.#laneUrl = laneUrl;
  }

  /** A backlog. */
  async fill({ first, count }: Stretch): Promise<void> {
    const end = first + count;
    let next = first;
    const loop = async () => {
      while (next < end) {
        const from = next;
        next = Math.min(end, from + tens);
        await this.#sendTen(from, next - from);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, loop));
  }

  /** One every so often. Resolves with when each was sent, by `sharedNow()`. */
  async trickle({ first, count }: Stretch, everyMs: number): Promise<Float64Array> {
    const sentAt = new Float64Array(count);
    const startedAt = sharedNow();
    const sending: Promise<unknown>[] = [];
    for (let index = 0; index < count; index += 1) {
      await systemClock.sleep(Math.max(0, startedAt + index * everyMs - sharedNow()));
      sentAt[index] = sharedNow();
      sending.push(this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#laneUrl, ...entryOf(first + index) })));
    }
    await Promise.all(sending);
    return sentAt;
  }

  /** Resolves when every message is deleted. */
  async untilEmpty(): Promise<void> {
    while ((await this.#count()) > 0) await systemClock.sleep(lookEveryMs);
  }

  /** What was sent on is of no use to anybody. */
  async purge(queueUrls: readonly string[]): Promise<void> {
    for (const QueueUrl of queueUrls) await this.#sqs.send(new PurgeQueueCommand({ QueueUrl }));
  }

  async #sendTen(first: number, count: number): Promise<void> {
    const Entries = Array.from({ length: count }, (_, index) => ({ Id: String(index), ...entryOf(first + index) }));
    const { Successful } = await this.#sqs.send(new SendMessageBatchCommand({ QueueUrl: this.#laneUrl, Entries }));
    if (Successful?.length !== count) throw new Error('not all messages were put into the lane');
  }

  async #count(): Promise<number> {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#laneUrl, AttributeNames: [...AttributeNames] }),
    );
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
  }
}

function entryOf(number: number) {
  const { body, groupId, deduplicationId } = laneMessage(number, systemClock.now());
  return { MessageBody: body, MessageGroupId: groupId, MessageDeduplicationId: deduplicationId };
}
