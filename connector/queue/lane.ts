import { toError } from '#contract/to-error.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { Batcher } from './batcher.ts';
import { poll } from './poller.ts';
import type { ReceivedMessage, SqsQueue, VisibilityChange } from './sqs-queue.ts';

/** What a lane needs of its queue; a fake in tests. */
export type LaneQueue = Pick<SqsQueue, 'receive' | 'deleteBatch' | 'changeVisibilityBatch'>;

export interface LaneOptions {
  readonly name: string;
  readonly queue: LaneQueue;
  /** Most messages held at once. */
  readonly capacity: number;
  /** How long one receive waits, in seconds. */
  readonly waitSeconds: number;
  /** Visibility time-out that each receive and heartbeat asks for, in seconds; well over the heartbeat's 30. */
  readonly visibilitySeconds: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Called for each message, in the order received. */
  readonly onMessage: (message: HeldMessage) => void;
}

/** A received message, kept invisible to other receivers until it is deleted or given back. */
export interface HeldMessage extends ReceivedMessage {
  /** Name of the lane it came from. */
  readonly lane: string;
  /** When the receive that brought it was asked for, by the clock's monotonic time. */
  readonly receivedAt: number;
  /** How long it surely stays invisible, in ms; negative when it may be visible to others already. */
  remainingMs(): number;
  /** Deletes it; rejects when SQS did not confirm. */
  delete(): Promise<void>;
  /** Makes it visible again, after `delayMs` (0 to 12 h, by default at once); a failure only means another delay. */
  giveBack(delayMs?: number): Promise<void>;
  /** Frees its place in the lane: the holder is through with it. */
  release(): void;
}

/** How often held messages' visibility is extended, in ms. */
const heartbeatMs = 30_000;

const maxBatch = 10;
const lingerMs = 5;

interface Held {
  readonly message: HeldMessage;
  invisibleUntil: number;
  /** Deleted or given back: no heartbeat any more. */
  gone: boolean;
}

/** One outbound SQS lane: takes messages while the gate is open and there is room, and owns their visibility. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #held = new Set<Held>();
  readonly #deletes: Batcher<string>;
  readonly #changes: Batcher<VisibilityChange>;
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #open = false;
  #wake: () => void = () => {};

  constructor(options: LaneOptions) {
    this.#options = options;
    const { queue, clock } = options;
    const batch = { maxItems: maxBatch, maxBytes: Number.POSITIVE_INFINITY, sizeOf: () => 0, lingerMs, clock };
    this.#deletes = new Batcher({ ...batch, send: (handles) => queue.deleteBatch(handles) });
    this.#changes = new Batcher({ ...batch, send: (changes) => queue.changeVisibilityBatch(changes) });
  }

  start(): void {
    const { queue, waitSeconds, visibilitySeconds, clock, random, log, name } = this.#options;
    const stop = this.#stopping.signal;
    const receiving = poll(
      {
        receive: (maxMessages) => queue.receive(maxMessages, waitSeconds, visibilitySeconds),
        room: () => this.#room(),
        onMessages: (messages, askedAt) => this.#onMessages(messages, askedAt),
        onError: (error, failures) => log.error('cannot receive', { lane: name, error: error.message, failures }),
        clock,
        random,
      },
      stop,
    );
    this.#running = Promise.all([receiving, this.#beat(stop)]);
  }

  /** Receives only while open: a message must not wait here for a bind that another task may have. */
  setOpen(open: boolean): void {
    this.#open = open;
    this.#wake();
  }

  /** No further receive; resolves when the one under way has ended. Held messages stay with their holders. */
  async stopReceiving(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#running;
  }

  /** Resolves when every delete and visibility change has ended. */
  async close(): Promise<void> {
    await Promise.all([this.#deletes.close(), this.#changes.close()]);
  }

  async #room(): Promise<number> {
    while (!this.#stopping.signal.aborted) {
      const free = this.#options.capacity - this.#held.size;
      if (this.#open && free > 0) return free;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return 0;
  }

  #onMessages(messages: readonly ReceivedMessage[], askedAt: number): void {
    const held = messages.map((message) => this.#hold(message, askedAt));
    for (const { message } of held) this.#options.onMessage(message);
  }

  #hold(received: ReceivedMessage, receivedAt: number): Held {
    const { clock, log, name, visibilitySeconds } = this.#options;
    const { receiptHandle } = received;
    const held: Held = {
      // SQS counts from some moment of the long poll: from its beginning at the earliest.
      invisibleUntil: receivedAt + visibilitySeconds * 1_000,
      gone: false,
      message: {
        ...received,
        lane: name,
        receivedAt,
        remainingMs: () => held.invisibleUntil - clock.monotonic(),
        delete: async () => {
          await this.#deletes.add(receiptHandle);
          held.gone = true;
        },
        giveBack: async (delayMs = 0) => {
          held.gone = true;
          try {
            await this.#changes.add({ receiptHandle, timeoutSeconds: Math.ceil(delayMs / 1_000) });
          } catch (cause) {
            const error = toError(cause).message;
            log.warn('cannot give a message back, it returns when its visibility ends', { lane: name, error });
          }
        },
        release: () => {
          this.#held.delete(held);
          this.#wake();
        },
      },
    };
    this.#held.add(held);
    return held;
  }

  /** Ends with the intake: a drain is shorter than what the last beat has given. */
  async #beat(stop: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    for (await clock.sleep(heartbeatMs, stop); !stop.aborted; await clock.sleep(heartbeatMs, stop)) {
      for (const held of this.#held) if (!held.gone) void this.#extend(held);
    }
  }

  async #extend(held: Held): Promise<void> {
    const { clock, log, name, visibilitySeconds } = this.#options;
    const invisibleUntil = clock.monotonic() + visibilitySeconds * 1_000;
    try {
      await this.#changes.add({ receiptHandle: held.message.receiptHandle, timeoutSeconds: visibilitySeconds });
      held.invisibleUntil = invisibleUntil;
    } catch (cause) {
      log.warn('cannot extend the visibility of a held message', { lane: name, error: toError(cause).message });
    }
  }
}
