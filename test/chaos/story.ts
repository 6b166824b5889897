import type { ConnectorEvent } from '#contract/connector-events.ts';
import { type ReceiptStory, ReceivedStory } from './delivery-stories.ts';
import { MessageStory, type SegmentStory } from './message-story.ts';
import type { Interval, Plan } from './plan.ts';

/** A message that one life of the connector has from a lane. */
export interface Holding {
  readonly life: number;
  readonly queue: string;
  readonly receiptHandle: string;
}

/** What was seen, and how many seconds after the beginning. */
export interface Line {
  readonly at: number;
  readonly what: string;
}

/**
 * All that the harness saw of each message, by name: at its doors to AWS, on its wires, in its SMSC. Nothing in here
 * is the connector's own word but its events.
 */
export class Story {
  readonly messages: readonly MessageStory[];
  /** Handsets' messages. */
  readonly received: readonly ReceivedStory[];
  /** By the SMSC's id of the segment. */
  readonly receipts = new Map<string, ReceiptStory>();
  readonly log: Line[] = [];
  /** How many messages left their lane for good. */
  through = 0;
  /** Called whenever something went on. */
  onProgress: () => void = () => {};
  readonly #byId = new Map<string, MessageStory>();
  readonly #held = new Map<string, MessageStory>();
  readonly #onLink = new Map<number, Set<SegmentStory>>();
  /** Those that a life has begun with, and that are not over. */
  readonly #inLife = new Map<number, Set<MessageStory>>();
  readonly #startedAt = performance.now();
  #arrivals = 0;

  constructor(plan: Plan) {
    this.messages = plan.messages.map((message) => new MessageStory(message));
    this.received = Array.from({ length: plan.received }, (_, index) => new ReceivedStory(index));
    for (const message of this.messages) this.#byId.set(message.plan.id, message);
  }

  get isOver(): boolean {
    return this.through === this.messages.length && this.messages.every((message) => message.isOver);
  }

  message(index: number): MessageStory {
    const message = this.messages[index];
    if (message === undefined) throw new Error(`there is no message ${index}`);
    return message;
  }

  ofId(id: string): MessageStory {
    const message = this.#byId.get(id);
    if (message === undefined) throw new Error(`there is no message ${id}`);
    return message;
  }

  /** A lane gave it out. */
  taken(message: MessageStory, holding: Holding, receiveCount: string): void {
    message.take(holding);
    this.#held.set(holding.receiptHandle, message);
    const inLife = this.#inLife.get(holding.life) ?? new Set();
    this.#inLife.set(holding.life, inLife.add(message));
    this.note(
      message,
      `received by life ${holding.life}, count ${receiveCount}, as ${holding.receiptHandle.slice(0, 8)}`,
    );
  }

  heldBy(receiptHandle: string): MessageStory | undefined {
    return this.#held.get(receiptHandle);
  }

  deleted(receiptHandle: string): void {
    const message = this.#held.get(receiptHandle);
    // A handle of an earlier receive deletes nothing any more.
    if (message?.holding?.receiptHandle !== receiptHandle) return;
    message.delete();
    this.through += 1;
    this.note(message, `deleted, as ${receiptHandle.slice(0, 8)}`);
  }

  /** The connector put it into its lane again, as it does with a claimed message when it drains. */
  enqueuedAnew(id: string): void {
    const message = this.ofId(id);
    if (message.isDeleted) this.through -= 1;
    message.isDeleted = false;
    this.note(message, 'enqueued anew');
  }

  written(segment: SegmentStory, link: number): void {
    segment.message.checkWrite();
    segment.state = 'written';
    segment.message.lastStep = 'written';
    const onLink = this.#onLink.get(link) ?? new Set();
    this.#onLink.set(link, onLink.add(segment));
    this.note(segment.message, `segment ${segment.number} written on link ${link}`);
  }

  arrived(segment: SegmentStory, smscMessageId: string): void {
    this.#arrivals += 1;
    segment.message.firstArrival ??= this.#arrivals;
    segment.arrivals += 1;
    segment.smscMessageIds.push(smscMessageId);
    this.note(segment.message, `segment ${segment.number} accepted as ${smscMessageId}, time ${segment.arrivals}`);
  }

  refused(segment: SegmentStory, commandStatus: number): void {
    segment.state = 'none';
    this.note(segment.message, `segment ${segment.number} refused with ${commandStatus}`);
  }

  answered(segment: SegmentStory): void {
    if (segment.state !== 'written') return;
    segment.state = 'answered';
    segment.message.lastStep = 'answered';
    this.note(segment.message, `segment ${segment.number} answered`);
  }

  /** The SMSC will not say that it accepted it. */
  unanswered(segment: SegmentStory, why: string): void {
    segment.exposedByCuts += 1;
    this.note(segment.message, `segment ${segment.number} unanswered: ${why}`);
  }

  /** The connection is gone. While its process lives, what was not recorded may be written again. */
  linkEnded(link: number, process: 'killed' | 'lives'): void {
    for (const segment of process === 'killed' ? [] : (this.#onLink.get(link) ?? [])) {
      if (segment.state === 'written' || segment.state === 'answered') this.unanswered(segment, `link ${link} ended`);
    }
    this.#onLink.delete(link);
    this.onProgress();
  }

  /** The events queue has it. */
  recorded(event: ConnectorEvent): void {
    switch (event.type) {
      case 'carrier-state':
        return;
      case 'part':
        throw new Error('no handset of this run sends in parts');
      case 'receipt':
        this.receipts.get(event.smscMessageId)?.record();
        return;
      default: {
        const message = this.ofId(event.messageId);
        message.record(event);
        this.note(message, `event durable: ${event.id}`);
      }
    }
  }

  /**
   * What a life that is over had begun: its messages by their last step, and what time will make visible again.
   */
  lifeEnded(life: number, how: 'killed' | 'stopped'): { byStep: ReadonlyMap<Interval, number>; holdings: Holding[] } {
    const byStep = new Map<Interval, number>();
    const holdings: Holding[] = [];
    for (const message of this.#inLife.get(life) ?? []) {
      if (message.endLife(life, how)) {
        byStep.set(message.lastStep, (byStep.get(message.lastStep) ?? 0) + 1);
        this.note(message, `life ${life} ${how}`);
      }
      if (message.holding?.life === life) holdings.push(message.holding);
    }
    this.#inLife.delete(life);
    this.onProgress();
    return { byStep, holdings };
  }

  note(message: MessageStory, what: string): void {
    message.log.push({ at: this.#now(), what });
    this.onProgress();
  }

  /** To everything: a kill, a fault, a connection. */
  happened(what: string): void {
    this.log.push({ at: this.#now(), what: `-- ${what}` });
  }

  /** The lines of a message, and what happened to everything while it was under way. */
  linesOf({ log }: MessageStory): readonly Line[] {
    const [first, last] = [log[0], log.at(-1)];
    if (first === undefined || last === undefined) return [];
    const meanwhile = this.log.filter(({ at }) => at >= first.at && at <= last.at);
    return [...log, ...meanwhile].sort((a, b) => a.at - b.at);
  }

  #now(): number {
    return (performance.now() - this.#startedAt) / 1_000;
  }
}
