import type { LaneQueue } from '../../connector/queue/lane.ts';
import { EntryFailedError, type ReceivedMessage, type VisibilityChange } from '../../connector/queue/sqs-queue.ts';
import type { FakeClock } from './fake-clock.ts';

interface Stored {
  readonly sqsMessageId: string;
  readonly groupId: string;
  readonly body: string;
  visibleAt: number;
  receiveCount: number;
  receiptHandle: string;
}

/**
 * An SQS FIFO queue as AWS runs it: one receive may bring several messages of a group, a group with an
 * invisible message brings nothing more, and a receipt handle is of no use once the visibility ended.
 */
export class FakeLaneQueue implements LaneQueue {
  readonly #clock: FakeClock;
  #messages: Stored[] = [];
  /** How long a receive's answer is on its way, in ms. */
  answerTakesMs = 0;
  /** While set, every entry of these calls is refused for a passing reason. */
  failing: 'nothing' | 'deletes' | 'changes' = 'nothing';
  /** While set, every call is refused as a whole. */
  outage: Error | undefined;
  /** How many messages each receive asked for. */
  readonly asked: number[] = [];
  /** How many entries each delete call had. */
  readonly deleteCalls: number[] = [];

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  put(body: string, groupId = body): void {
    const sqsMessageId = `id of ${body}`;
    this.#messages.push({ sqsMessageId, groupId, body, visibleAt: 0, receiveCount: 0, receiptHandle: '' });
  }

  /** As if nobody had extended it. */
  endVisibility(body: string): void {
    for (const message of this.#messages) if (message.body === body) message.visibleAt = this.#clock.now();
  }

  /** What another receiver would get now. */
  get visible(): string[] {
    return this.#available().map(({ body }) => body);
  }

  /** What is there, visible or not. */
  get bodies(): string[] {
    return this.#messages.map(({ body }) => body);
  }

  async receive(maxMessages: number, waitSeconds: number, visibilitySeconds: number): Promise<ReceivedMessage[]> {
    this.asked.push(maxMessages);
    for (let waited = 0; ; waited += 1) {
      this.#assertUp();
      const taken = this.#available().slice(0, maxMessages);
      if (taken.length > 0 || waited >= waitSeconds) return await this.#hand(taken, visibilitySeconds);
      await this.#clock.sleep(1_000);
    }
  }

  async deleteBatch(receiptHandles: readonly string[]): Promise<(Error | undefined)[]> {
    this.deleteCalls.push(receiptHandles.length);
    return this.#each(receiptHandles, 'deletes', (found) => {
      this.#messages = this.#messages.filter((message) => message !== found);
    });
  }

  async changeVisibilityBatch(changes: readonly VisibilityChange[]): Promise<(Error | undefined)[]> {
    const handles = changes.map(({ receiptHandle }) => receiptHandle);
    return this.#each(handles, 'changes', (found, index) => {
      found.visibleAt = this.#clock.now() + (changes[index]?.timeoutSeconds ?? 0) * 1_000;
    });
  }

  #available(): Stored[] {
    const invisible = this.#messages.filter(({ visibleAt }) => visibleAt > this.#clock.now());
    const blocked = new Set(invisible.map(({ groupId }) => groupId));
    return this.#messages.filter(({ groupId }) => !blocked.has(groupId));
  }

  async #hand(taken: readonly Stored[], visibilitySeconds: number): Promise<ReceivedMessage[]> {
    const received = taken.map((message): ReceivedMessage => {
      message.visibleAt = this.#clock.now() + visibilitySeconds * 1_000;
      message.receiveCount += 1;
      message.receiptHandle = `${message.sqsMessageId}, receive ${message.receiveCount}`;
      const { sqsMessageId, groupId, body, receiveCount, receiptHandle } = message;
      return { sqsMessageId, groupId, body, receiveCount, receiptHandle };
    });
    await this.#clock.sleep(this.answerTakesMs);
    return received;
  }

  #each(
    handles: readonly string[],
    what: 'deletes' | 'changes',
    act: (found: Stored, index: number) => void,
  ): (Error | undefined)[] {
    this.#assertUp();
    if (handles.length < 1 || handles.length > 10)
      throw new Error(`a batch must have 1 to 10 entries, got ${handles.length}`);
    return handles.map((handle, index) => {
      if (this.failing === what) return new EntryFailedError({ Code: 'InternalError', SenderFault: false });
      const found = this.#messages.find(({ receiptHandle }) => receiptHandle === handle);
      if (found === undefined || found.visibleAt <= this.#clock.now()) {
        return new EntryFailedError({ Code: 'ReceiptHandleIsInvalid', SenderFault: true });
      }
      act(found, index);
      return undefined;
    });
  }

  #assertUp(): void {
    if (this.outage !== undefined) throw this.outage;
  }
}
