import { asciiJson } from '#contract/ascii-json.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import type { InvalidInputError } from '#contract/parse.ts';
import { toError } from '#contract/to-error.ts';
import type { BackoffOptions } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Log, LogFields } from './log.ts';
import type { HeldMessage } from './queue/lane.ts';
import { EntryFailedError, type SqsQueue } from './queue/sqs-queue.ts';
import { untilDone } from './retry.ts';
import { Trouble } from './trouble.ts';

export interface LaneEndsOptions {
  /** The lane a message came from, to put it back as a new message. */
  readonly laneQueue: (lane: string) => Pick<SqsQueue, 'send'>;
  readonly deadLetterQueue: Pick<SqsQueue, 'send'>;
  /** Aborts when queue calls are not tried again any more: what is not durable by then is left to SQS. */
  readonly givingUp: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

const troubles = {
  deletion: {
    begins: 'messages cannot be deleted: they are held, and come again should their visibility end',
    ends: 'messages can be deleted again',
  },
  deadLetters: {
    begins: 'unreadable messages cannot be sent to the dead-letter queue: they are held',
    ends: 'unreadable messages can be sent to the dead-letter queue again',
  },
  enqueuing: {
    begins: 'at-most-once messages cannot be put back into their lane: should that go on, they end as uncertain',
    ends: 'at-most-once messages can be put back into their lane again',
  },
  undeleted: {
    begins:
      'settled messages could not be deleted in time: when one comes again it is deleted, by another task sent again, flagged',
    ends: 'settled messages are deleted in time again',
  },
} as const;

/** How many messages are known again that came to their end here. */
const maxSettled = 10_000;

/**
 * For so long a message is tried to be enqueued anew, in ms: SQS drops a second one of the same deduplication id for five minutes,
 * and the answer to the first may have been lost.
 */
const enqueueWithinMs = 240_000;

const queueBackoff: BackoffOptions = { firstDelayMs: 250, maxDelayMs: 10_000 };

/**
 * How messages leave the lanes: deleted, put aside, or put back as new ones. Each is tried until it is done, or until the process
 * gives up.
 */
export class LaneEnds {
  readonly #options: LaneEndsOptions;
  /**
   * By lane and SQS's id, the last that came to their end here, or were claimed. Should one come again – its deletion
   * failed, or was forgotten, or two polls were given the same message – only that is left to do.
   */
  readonly #settled = new Set<string>();
  readonly #troubles: Readonly<Record<keyof typeof troubles, Trouble>>;

  constructor(options: LaneEndsOptions) {
    this.#options = options;
    const troubleOf = (what: keyof typeof troubles) => new Trouble({ ...options, ...troubles[what] });
    this.#troubles = {
      deletion: troubleOf('deletion'),
      deadLetters: troubleOf('deadLetters'),
      enqueuing: troubleOf('enqueuing'),
      undeleted: troubleOf('undeleted'),
    };
  }

  /** Whether nothing is left to do but to delete it. */
  isSettled(held: HeldMessage): boolean {
    return this.#settled.has(nameOf(held));
  }

  async moveToDeadLetters(held: HeldMessage, error: InvalidInputError): Promise<void> {
    const { deadLetterQueue, log } = this.#options;
    const fifo = { groupId: held.groupId || 'none', deduplicationId: held.sqsMessageId };
    log.error('unreadable message goes to the dead-letter queue', {
      sqsMessageId: held.sqsMessageId,
      reason: error.message,
    });
    await this.#persist(this.#troubles.deadLetters, () =>
      deadLetterQueue.send(held.body, fifo, error.message.slice(0, 1_000)),
    );
    await this.deleteSettled(held, { sqsMessageId: held.sqsMessageId });
  }

  /** Of an at-most-once message there is no queue message to give back. It comes after what its recipient has in the lane by now. */
  async enqueueAnew(held: HeldMessage, sms: OutboundSms): Promise<void> {
    const { laneQueue, clock } = this.#options;
    // SQS would swallow a second message with the first one's deduplication id for five minutes.
    const fifo = { groupId: held.groupId, deduplicationId: `${sms.id}:attempt${clock.now()}` };
    const until = clock.monotonic() + enqueueWithinMs;
    await this.#persist(
      this.#troubles.enqueuing,
      () => laneQueue(held.lane).send(asciiJson(sms), fifo),
      (error) => mayPass(error) && clock.monotonic() < until,
    );
  }

  /** Its end is durable, so a delete that fails must not give it back: it would only come sooner. */
  async deleteSettled(held: HeldMessage, about: LogFields): Promise<void> {
    try {
      await this.delete(held);
      this.#troubles.undeleted.succeeded();
    } catch (cause) {
      this.#remember(held);
      this.#troubles.undeleted.failed(toError(cause), about);
    }
  }

  async delete(held: HeldMessage): Promise<void> {
    await this.#persist(this.#troubles.deletion, () => held.delete());
    this.#remember(held);
  }

  #remember(held: HeldMessage): void {
    this.#settled.add(nameOf(held));
    const [oldest] = this.#settled;
    if (this.#settled.size > maxSettled && oldest !== undefined) this.#settled.delete(oldest);
  }

  async #persist(trouble: Trouble, work: () => Promise<void>, worthRetrying = mayPass): Promise<void> {
    await untilDone(
      work,
      {
        ...this.#options,
        backoff: queueBackoff,
        worthRetrying,
        onFailure: (error) => {
          if (mayPass(error)) trouble.failed(error);
        },
      },
      this.#options.givingUp,
    );
    trouble.succeeded();
  }
}

/** The same however often SQS hands it out. */
function nameOf({ lane, sqsMessageId }: HeldMessage): string {
  return `${lane}/${sqsMessageId}`;
}

function mayPass(error: Error): boolean {
  return !(error instanceof EntryFailedError && error.senderFault);
}
