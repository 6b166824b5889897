import { asciiJson } from '#contract/ascii-json.ts';
import { type ConnectorEvent, maxEventListBytes, maxEventsPerList } from '#contract/connector-events.ts';
import type { Clock } from '../clock.ts';
import { Batcher } from './batcher.ts';
import type { SqsQueue } from './sqs-queue.ts';

const head = '{"version":1,"events":[';
const tail = ']}';

export interface EventsPublisherOptions {
  readonly queue: Pick<SqsQueue, 'send'>;
  readonly clock: Clock;
}

/** Puts events into the events queue, many to a message (`eventList`). */
export class EventsPublisher {
  readonly #batcher: Batcher<string>;

  constructor({ queue, clock }: EventsPublisherOptions) {
    this.#batcher = new Batcher({
      maxItems: maxEventsPerList,
      maxBytes: maxEventListBytes - head.length - tail.length,
      sizeOf: (json) => json.length + 1,
      clock,
      send: async (events) => {
        // Each event is JSON already; joining them spares a second serialisation.
        await queue.send(`${head}${events.join(',')}${tail}`);
        return [];
      },
    });
  }

  /** Resolves when the event is durable; rejects when SQS did not take it. */
  async publish(event: ConnectorEvent): Promise<void> {
    await this.#batcher.add(asciiJson(event));
  }

  /** Resolves when everything under way has ended. */
  async close(): Promise<void> {
    await this.#batcher.close();
  }
}
