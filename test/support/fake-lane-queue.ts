import type { LaneQueue } from '../../connector/queue/lane.ts';
import { EntryFailedError, type ReceivedMessage, type VisibilityChange } from '../../connector/queue/sqs-queue.ts';
import type { FakeClock } from './fake-clock.ts';

interface Stored {
  readonly sqsMessageId: string;
  readonly groupId: string;
  readonly body: string;
  /** Message attribute of what the connector put into a dead-letter queue. */
  readonly reason: string | undefined;
  visibleAt: number;
  receivedAt: number;
  receiveCount: number;
  receiptHandle: string;
}

export interface FakeLaneQueueOptions {
  /** A message that was received so often goes to `deadLetters` instead of to its next receiver. */
  readonly maxReceiveCount?: number;
  readonly deadLetters?: FakeLaneQueue;
}

/** Of one message group, for SQS is asked for `DeduplicationScope: messageGroup`. */
const deduplicationMs = 300_000;
/** From its receive on, however often it is extended. */
const longestInvisibleMs = 12 * 3_600_000;

const handleIsInvalid = new EntryFailedError({
  Code: 'ReceiptHandleIsInvalid',
  Message: 'The receipt handle has expired',
  SenderFault: true,
});
const notInFlight = new EntryFailedError({
  Code: 'InvalidParameterValue',
  Message: 'Message does not exist or is not available for visibility timeout change.',
  SenderFault: true,
});
const beyondLimit = new EntryFailedError({
  Code: 'InvalidParameterValue',
  Message: 'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
  SenderFault: true,
});
const internalError = new EntryFailedError({ Code: 'InternalError', SenderFault: false });

/**
 * An SQS FIFO queue as AWS runs it: one receive may bring several messages of a group, a group with an invisible message
 * brings nothing more, a receipt handle is of no use once the visibility ended, no message stays invisible for over 12 h,
 * and what is sent twice within five minutes is there once.
 */
export class FakeLaneQueue implements LaneQueue {
  readonly #clock: FakeClock;
  readonly #options: FakeLaneQueueOptions;
  #messages: Stored[] = [];
  #sent = 0;
  readonly #sentAt = new Map<string, number>();
  /** Until when a delete that is repeated is confirmed again, by handle. */
  readonly #deleted = new Map<string, number>();
  readonly #looks = new Set<() => void>();
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

  constructor(clock: FakeClock, options: FakeLaneQueueOptions = {}) {
    this.#clock = clock;
    this.#options = options;
  }

  put(body: string, groupId = body): void {
    this.#store(body, groupId, undefined);
  }

  send(body: string, fifo: { groupId: string; deduplicationId: string }, reason?: string): void {
    const scope = JSON.stringify([fifo.groupId, fifo.deduplicationId]);
    const sentAt = this.#sentAt.get(scope) ?? Number.NEGATIVE_INFINITY;
    if (this.#clock.monotonic() < sentAt + deduplicationMs) return;
    this.#sentAt.set(scope, this.#clock.monotonic());
    this.#store(body, fifo.groupId, reason);
  }

  /** As if nobody had extended it. */
  endVisibility(body: string): void {
    for (const message of this.#messages) if (message.body === body) message.visibleAt = this.#clock.monotonic();
    this.#look();
  }

  /** What another receiver would get now. */
  get visible(): string[] {
    return this.#available().map(({ body }) => body);
  }

  /** What is there, visible or not. */
  get bodies(): string[] {
    return this.#messages.map(({ body }) => body);
  }

  /** Why the connector put each message here, by body. */
  get reasons(): ReadonlyMap<string, string | undefined> {
    return new Map(this.#messages.map(({ body, reason }) => [body, reason]));
  }

  /** How long it stays invisible, in ms; undefined when it is not there. */
  remainingMs(body: string): number | undefined {
    const found = this.#messages.find((message) => message.body === body);
    return found && found.visibleAt - this.#clock.monotonic();
  }

  async receive(maxMessages: number, waitSeconds: number, visibilitySeconds: number): Promise<ReceivedMessage[]> {
    this.asked.push(maxMessages);
    assertBetween('MaxNumberOfMessages', maxMessages, 1, 10);
    assertBetween('WaitTimeSeconds', waitSeconds, 0, 20);
    assertBetween('VisibilityTimeout', visibilitySeconds, 0, 43_200);
    const until = this.#clock.monotonic() + waitSeconds * 1_000;
    for (;;) {
      this.#assertUp();
      this.#redrive();
      const taken = this.#available().slice(0, maxMessages);
      if (taken.length > 0 || this.#clock.monotonic() >= until) return await this.#hand(taken, visibilitySeconds);
      await this.#untilMore(until);
    }
  }

  async deleteBatch(receiptHandles: readonly string[]): Promise<(Error | undefined)[]> {
    this.deleteCalls.push(receiptHandles.length);
    return this.#each(receiptHandles, 'deletes', (handle) => {
      const now = this.#clock.monotonic();
      if (now < (this.#deleted.get(handle) ?? Number.NEGATIVE_INFINITY)) return undefined;
      const found = this.#inFlight(handle);
      if (found === undefined) return handleIsInvalid;
      this.#messages = this.#messages.filter((message) => message !== found);
      this.#deleted.set(handle, found.visibleAt);
      return undefined;
    });
  }

  async changeVisibilityBatch(changes: readonly VisibilityChange[]): Promise<(Error | undefined)[]> {
    const handles = changes.map(({ receiptHandle }) => receiptHandle);
    return this.#each(handles, 'changes', (handle, index) => {
      const found = this.#inFlight(handle);
      if (found === undefined) return notInFlight;
      const visibleAt = this.#clock.monotonic() + (changes[index]?.timeoutSeconds ?? 0) * 1_000;
      if (visibleAt > found.receivedAt + longestInvisibleMs) return beyondLimit;
      found.visibleAt = visibleAt;
      return undefined;
    });
  }

  #store(body: string, groupId: string, reason: string | undefined): void {
    this.#sent += 1;
    const sqsMessageId = `sqs-${this.#sent}`;
    const visibleAt = Number.NEGATIVE_INFINITY;
    this.#messages.push({
      ...{ sqsMessageId, groupId, body, reason },
      ...{ visibleAt, receivedAt: 0, receiveCount: 0, receiptHandle: '' },
    });
    this.#look();
  }

  #available(): Stored[] {
    const invisible = this.#messages.filter(({ visibleAt }) => visibleAt > this.#clock.monotonic());
    const blocked = new Set(invisible.map(({ groupId }) => groupId));
    return this.#messages.filter(({ groupId }) => !blocked.has(groupId));
  }

  #redrive(): void {
    const { maxReceiveCount = Number.POSITIVE_INFINITY, deadLetters } = this.#options;
    const over = this.#available().filter(({ receiveCount }) => receiveCount >= maxReceiveCount);
    for (const { body, groupId } of over) deadLetters?.put(body, groupId);
    this.#messages = this.#messages.filter((message) => !over.includes(message));
  }

  /** Until a message may have become visible, or `until`. */
  async #untilMore(until: number): Promise<void> {
    const now = this.#clock.monotonic();
    const coming = this.#messages.map(({ visibleAt }) => visibleAt).filter((visibleAt) => visibleAt > now);
    const more = new AbortController();
    const look = () => more.abort();
    this.#looks.add(look);
    await this.#clock.sleep(Math.min(until, ...coming) - now, more.signal);
    this.#looks.delete(look);
  }

  #look(): void {
    for (const look of this.#looks) look();
  }

  async #hand(taken: readonly Stored[], visibilitySeconds: number): Promise<ReceivedMessage[]> {
    const received = taken.map((message): ReceivedMessage => {
      message.receivedAt = this.#clock.monotonic();
      message.visibleAt = message.receivedAt + visibilitySeconds * 1_000;
      message.receiveCount += 1;
      message.receiptHandle = `${message.sqsMessageId}, receive ${message.receiveCount}`;
      const { sqsMessageId, groupId, body, receiveCount, receiptHandle } = message;
      return { sqsMessageId, groupId, body, receiveCount, receiptHandle };
    });
    if (this.answerTakesMs > 0) await this.#clock.sleep(this.answerTakesMs);
    return received;
  }

  #inFlight(handle: string): Stored | undefined {
    const now = this.#clock.monotonic();
    return this.#messages.find(({ receiptHandle, visibleAt }) => receiptHandle === handle && visibleAt > now);
  }

  #each(
    handles: readonly string[],
    what: 'deletes' | 'changes',
    act: (handle: string, index: number) => Error | undefined,
  ): (Error | undefined)[] {
    this.#assertUp();
    assertBetween('entries', handles.length, 1, 10);
    const errors = handles.map((handle, index) => (this.failing === what ? internalError : act(handle, index)));
    this.#look();
    return errors;
  }

  #assertUp(): void {
    if (this.outage !== undefined) throw this.outage;
  }
}

function assertBetween(what: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${what} must be a whole number from ${min} to ${max}, got ${value}`);
  }
}
