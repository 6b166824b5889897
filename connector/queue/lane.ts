import { toError } from '#contract/to-error.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { Trouble } from '../trouble.ts';
import { Batcher } from './batcher.ts';
import { Held, type Keeper, type Times } from './held.ts';
import { poll } from './poller.ts';
import { ReadAhead } from './read-ahead.ts';
import type { ReceivedMessage, SqsQueue, VisibilityChange } from './sqs-queue.ts';

/** What a lane needs of its queue; a fake in tests. */
export type LaneQueue = Pick<SqsQueue, 'receive' | 'deleteBatch' | 'changeVisibilityBatch'>;

export interface LaneOptions {
  readonly name: string;
  readonly queue: LaneQueue;
  /** Most messages held at once, whatever they wait for. */
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
  /** When its receive was called, by the monotonic clock: it can stay invisible for 12 h from then, or somewhat later. */
  readonly receivedAt: number;
  /** How long it surely stays invisible, in ms; negative when it may be visible to others already. */
  remainingMs(): number;
  /** It has its turn: another may wait in its place. To be called at the first octet, or more often. */
  begin(): void;
  /** Deletes it; rejects when SQS did not confirm. */
  delete(): Promise<void>;
  /** Makes it visible again, after `delayMs` (0 to 12 h, by default at once); a failure only means another delay. */
  giveBack(delayMs?: number): Promise<void>;
  /** Frees its place in the lane: the holder is through with it. */
  release(): void;
}

/** How often held messages' visibility is extended, in ms. */
const heartbeatMs = 30_000;

/** Each is told of a lane once while it lasts: with SQS away they would be a line for each message. */
const troubles = {
  receive: { begins: 'cannot receive from the lane', ends: 'can receive from the lane again' },
  extend: {
    level: 'warn',
    begins: 'cannot extend the visibility of a held message',
    ends: 'the visibility of held messages can be extended again',
  },
  giveBack: {
    level: 'warn',
    begins: 'cannot give a message back, it returns when its visibility ends',
    ends: 'messages can be given back again',
  },
} as const;

/** Most that SQS takes in one call. */
const maxBatch = 10;

/** One outbound SQS lane: takes messages while the gate is open and there is room, and owns their visibility. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #held = new Set<Held>();
  readonly #deletes: Batcher<string>;
  readonly #changes: Batcher<VisibilityChange>;
  readonly #readAhead: ReadAhead;
  readonly #keeper: Keeper;
  readonly #troubles: Readonly<Record<keyof typeof troubles, Trouble>>;
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #open = false;
  #onRoom: ((room: number) => void) | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    const { queue, clock, capacity } = options;
    const batch = { maxItems: maxBatch, maxBytes: Number.POSITIVE_INFINITY, sizeOf: () => 0, clock };
    this.#deletes = new Batcher({ ...batch, send: (handles) => queue.deleteBatch(handles) });
    this.#changes = new Batcher({ ...batch, send: (changes) => queue.changeVisibilityBatch(changes) });
    this.#readAhead = new ReadAhead(capacity);
    this.#troubles = {
      receive: new Trouble({ ...options, ...troubles.receive }),
      extend: new Trouble({ ...options, ...troubles.extend }),
      giveBack: new Trouble({ ...options, ...troubles.giveBack }),
    };
    this.#keeper = {
      ...options,
      deletes: this.#deletes,
      changes: this.#changes,
      giveBackTrouble: this.#troubles.giveBack,
      onBegun: () => {
        this.#readAhead.onBegun();
        this.#tellRoom();
      },
      onReleased: (held) => this.#release(held),
    };
  }

  /** How many messages are held. */
  get held(): number {
    return this.#held.size;
  }

  start(): void {
    const { clock, random, name } = this.#options;
    const stop = this.#stopping.signal;
    const receiving = poll(
      {
        receive: (maxMessages) => this.#receive(maxMessages),
        room: () => this.#untilRoom(),
        onError: (error, failures) => {
          this.#troubles.receive.failed(error, { lane: name, failures });
          this.#tellRoom();
        },
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
    this.#tellRoom();
  }

  /** No further receive; resolves when those under way have ended. Held messages stay with their holders. */
  async stopReceiving(): Promise<void> {
    this.#stopping.abort();
    this.#tellRoom();
    await this.#running;
  }

  /** Resolves when every delete and visibility change has ended. */
  async close(): Promise<void> {
    await Promise.all([this.#deletes.close(), this.#changes.close()]);
  }

  #untilRoom(): Promise<number> {
    return new Promise((resolve) => {
      this.#onRoom = resolve;
      this.#tellRoom();
    });
  }

  /** To be called whenever there may be more room, or never again. */
  #tellRoom(): void {
    const isOver = this.#stopping.signal.aborted;
    const room = this.#open && !isOver ? this.#readAhead.room : 0;
    if (room > 0 || isOver) this.#onRoom?.(room);
  }

  async #receive(asked: number): Promise<void> {
    const { queue, waitSeconds, visibilitySeconds, clock } = this.#options;
    const askedAt = clock.monotonic();
    this.#readAhead.onAsked(asked);
    let messages: readonly ReceivedMessage[];
    try {
      messages = await queue.receive(asked, waitSeconds, visibilitySeconds);
    } catch (cause) {
      this.#readAhead.onFailed(asked);
      throw cause;
    }
    this.#troubles.receive.succeeded();
    this.#readAhead.onAnswered(asked, messages.length);
    // SQS counts from some moment of the long poll: from its beginning at the earliest.
    this.#hold(messages, { receivedAt: askedAt, invisibleUntil: askedAt + visibilitySeconds * 1_000 });
    this.#tellRoom();
  }

  #hold(messages: readonly ReceivedMessage[], times: Times): void {
    const held = messages.map((message) => new Held(message, times, this.#keeper));
    for (const each of held) {
      this.#held.add(each);
      this.#readAhead.onHeld(each.groupId);
    }
    for (const each of held) this.#options.onMessage(each);
  }

  #release(held: Held): void {
    if (!this.#held.delete(held)) return;
    this.#readAhead.onReleased(held.groupId);
    this.#tellRoom();
  }

  /** Ends with the intake: a drain is shorter than what the last beat has given. */
  async #beat(stop: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    for (await clock.sleep(heartbeatMs, stop); !stop.aborted; await clock.sleep(heartbeatMs, stop)) {
      for (const held of this.#held) if (!held.gone) void this.#extend(held);
    }
  }

  async #extend(held: Held): Promise<void> {
    const { clock, name, visibilitySeconds } = this.#options;
    const invisibleUntil = clock.monotonic() + visibilitySeconds * 1_000;
    try {
      await this.#changes.add({ receiptHandle: held.receiptHandle, timeoutSeconds: visibilitySeconds });
      held.invisibleUntil = invisibleUntil;
      this.#troubles.extend.succeeded();
    } catch (cause) {
      this.#troubles.extend.failed(toError(cause), { lane: name });
    }
  }
}
