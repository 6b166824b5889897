import { asciiJson } from '#contract/ascii-json.ts';
import type { ReceivedEvent } from '#contract/cloud-events.ts';
import { expiresAt } from './facts.ts';
import { plainAddress } from './owner-of-receipt.ts';
import type { Item } from './ports.ts';

/**
 * A message from a handset, as it is kept: in the partition of its day (UTC), by time. One partition takes a thousand
 * writes a second; what is more waits in the queue.
 */

/** Attributes to filter on: addresses without a `+`. */
export type InboundFilter = Readonly<Partial<Record<'carrier' | 'sender' | 'recipient', string>>>;

/** The same event has the same key, however often it comes. */
export function inboundItem(event: ReceivedEvent, now: number, retainTextDays: number): Item {
  const { carrier, from, to } = event.data;
  const position = positionOf(event);
  return {
    pk: inboundPartition(dayOf(position)),
    sk: position,
    carrier,
    sender: plainAddress(from),
    recipient: plainAddress(to),
    // The table refuses halves of surrogate pairs, which a text may have.
    event: asciiJson(event),
    expiresAt: expiresAt(now, retainTextDays),
  };
}

export function receivedEventOf(item: Item): ReceivedEvent {
  return JSON.parse(String(item.event)) as ReceivedEvent;
}

export function inboundPartition(day: string): string {
  return `inbound#${day}`;
}

/** `2026-11-23`, of a position: the sort key of an item, or another text that sorts among those. */
export function dayOf(position: string): string {
  return position.slice(0, 10);
}

/** After everything of the day. */
export function endOf(day: string): string {
  return `${day}T24`;
}

export function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
}

/** Times are written in more than one way: a key in one. */
function positionOf({ time, id }: ReceivedEvent): string {
  return `${new Date(time).toISOString()}#${id}`;
}
