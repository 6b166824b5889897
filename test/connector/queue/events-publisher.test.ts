import {
  type ConnectorEvent,
  maxEventListBytes,
  maxEventsPerList,
  parseEventList,
} from '#contract/connector-events.ts';
import { EventsPublisher } from '../../../connector/queue/events-publisher.ts';
import { messageId } from '../../support/connector-factories.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const base = { carrier: 'acme', time: '2026-01-01T00:00:00.000Z', messageId, clientId: 'client-1' };

function expired(id: string): ConnectorEvent {
  return { ...base, type: 'expired', id };
}

/** An event whose JSON has this many octets. */
function eventOf(octets: number): ConnectorEvent {
  const empty = { ...base, type: 'unsendable', id: 'a', reason: '' } as const;
  return { ...empty, reason: 'x'.repeat(octets - JSON.stringify(empty).length) };
}

function startPublisher(send: (body: string) => Promise<void> = async () => {}) {
  const clock = new FakeClock();
  const bodies: string[] = [];
  const publisher = new EventsPublisher({
    queue: {
      send: async (body) => {
        bodies.push(body);
        await send(body);
      },
    },
    clock,
  });
  /** Publishes all at the same instant. */
  const publish = async (events: readonly ConnectorEvent[]) => {
    const published = Promise.all(events.map((event) => publisher.publish(event)));
    published.catch(() => {});
    await clock.advance(6);
    await published;
  };
  return { publisher, publish, bodies };
}

test('events that come close together are one message, which the contract reads back', async () => {
  const events = [expired('a'), { ...expired('b'), id: 'Jürgen 😀' }];
  const { publish, bodies } = startPublisher();
  await publish(events);
  expect(bodies.map(parseEventList)).toEqual([events.map((event) => ({ kind: 'event', event }))]);
});

test('a message has no more events than the contract says', async () => {
  const { publish, bodies } = startPublisher();
  await publish(new Array(maxEventsPerList + 1).fill(expired('a')));
  expect(bodies.map((body) => parseEventList(body).length)).toEqual([maxEventsPerList, 1]);
});

test('a message has no more octets than the contract says, the list around the events included', async () => {
  const { publish, bodies } = startPublisher();
  await publish([eventOf(20_000), eventOf(20_000), eventOf(maxEventListBytes - 40_000 - 3)]);
  for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxEventListBytes);
});

test('an event is published only when SQS took it', async () => {
  const outage = new Error('down');
  const { publish } = startPublisher(() => Promise.reject(outage));
  await expect(publish([expired('a')])).rejects.toBe(outage);
});

test('closing sends what still waits', async () => {
  const { publisher, bodies } = startPublisher();
  const published = publisher.publish(expired('a'));
  await publisher.close();
  await published;
  expect(bodies).toHaveLength(1);
});
