import { toError } from '#contract/to-error.ts';
import type { Clock } from '../clock.ts';
import type { Trouble } from '../trouble.ts';
import type { Batcher } from './batcher.ts';
import type { HeldMessage } from './lane.ts';
import type { ReceivedMessage, VisibilityChange } from './sqs-queue.ts';

/** What a held message needs of its lane. */
export interface Keeper {
  readonly name: string;
  readonly deletes: Pick<Batcher<string>, 'add'>;
  readonly changes: Pick<Batcher<VisibilityChange>, 'add'>;
  readonly clock: Clock;
  readonly giveBackTrouble: Pick<Trouble, 'failed' | 'succeeded'>;
  /** Once, and before it is released. */
  readonly onBegun: () => void;
  readonly onReleased: (held: Held) => void;
}

/** By the monotonic clock, in ms. */
export interface Times {
  readonly receivedAt: number;
  /** Until then it surely is. */
  readonly invisibleUntil: number;
}

/** As the lane sees it. */
export class Held implements HeldMessage {
  readonly lane: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly groupId: string;
  readonly sqsMessageId: string;
  readonly receiveCount: number;
  readonly receivedAt: number;
  /** By the monotonic clock; a heartbeat moves it. */
  invisibleUntil: number;
  /** Deleted or given back: no heartbeat any more. */
  gone = false;
  readonly #keeper: Keeper;
  #hasBegun = false;

  constructor(received: ReceivedMessage, { receivedAt, invisibleUntil }: Times, keeper: Keeper) {
    this.lane = keeper.name;
    this.receiptHandle = received.receiptHandle;
    this.body = received.body;
    this.groupId = received.groupId;
    this.sqsMessageId = received.sqsMessageId;
    this.receiveCount = received.receiveCount;
    this.receivedAt = receivedAt;
    this.invisibleUntil = invisibleUntil;
    this.#keeper = keeper;
  }

  remainingMs(): number {
    return this.invisibleUntil - this.#keeper.clock.monotonic();
  }

  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#keeper.onBegun();
  }

  async delete(): Promise<void> {
    await this.#keeper.deletes.add(this.receiptHandle);
    this.gone = true;
  }

  async giveBack(delayMs = 0): Promise<void> {
    const { changes, giveBackTrouble } = this.#keeper;
    this.gone = true;
    try {
      await changes.add({ receiptHandle: this.receiptHandle, timeoutSeconds: Math.ceil(delayMs / 1_000) });
      giveBackTrouble.succeeded();
    } catch (cause) {
      giveBackTrouble.failed(toError(cause), { lane: this.lane });
    }
  }

  release(): void {
    this.begin();
    this.#keeper.onReleased(this);
  }
}
