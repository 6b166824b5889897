import { createHash } from 'node:crypto';
import type { PartEvent } from '#contract/connector-events.ts';

/** What an assembly knows of a part that came. Times are milliseconds since the epoch. */
export interface PartToken {
  /** As it is written in the table. */
  readonly written: string;
  /** Counted from 1. */
  readonly part: number;
  /** When the SMSC delivered it. */
  readonly time: number;
  /** How long after it the others are waited for. */
  readonly waitMs: number;
  /** Until when: counted from when it was read from the queue, where it may have lain for days. */
  readonly until: number;
  /** Another one each time that the SMSC delivers the part. */
  readonly delivery: string;
  /** The same each time. */
  readonly fingerprint: string;
}

/** Of some 50 octets, for an assembly may have to know of hundreds. */
export function writeToken(event: PartEvent, now: number): string {
  const { concatenation, assemblySeconds, fingerprint } = event;
  const numbers = [concatenation.part, Date.parse(event.time), assemblySeconds * 1_000, now];
  return [...numbers.map((value) => value.toString(36)), deliveryOf(event), digest(fingerprint)].join('.');
}

export function readToken(written: string): PartToken {
  const [part = '', time = '', wait = '', seen = '', delivery = '', fingerprint = ''] = written.split('.');
  const waitMs = Number.parseInt(wait, 36);
  return {
    written,
    part: Number.parseInt(part, 36),
    time: Number.parseInt(time, 36),
    waitMs,
    until: Number.parseInt(seen, 36) + waitMs,
    delivery,
    fingerprint,
  };
}

/** An event that the queue hands out again is the same delivery; the SMSC's repeat of a part is another. */
export function deliveryOf({ id, time }: PartEvent): string {
  return digest(JSON.stringify([id, time]));
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('base64url').slice(0, 12);
}
