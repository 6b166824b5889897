import { createHash } from 'node:crypto';
import type { PartEvent } from '#contract/connector-events.ts';
import { at, carrier } from './factories.ts';
import { notePersonal } from './log-watch.ts';

/** What of a part differs from the part before. */
export interface GivenPart extends Partial<Omit<PartEvent, 'concatenation' | 'octets'>> {
  /** Counted from 1. @default 1 */
  readonly part?: number;
  /** @default 3 */
  readonly total?: number;
  readonly reference?: number;
  readonly kind?: PartEvent['concatenation']['kind'];
  readonly text?: string;
  readonly octets?: Uint8Array;
  /** When it came, in seconds. */
  readonly seconds?: number;
}

let deliveries = 0;

/** A part of a handset's long message; each call is a delivery of its own, told to be a repeat by nothing but its content. */
export function partEvent(given: GivenPart = {}): PartEvent {
  const {
    part = 1,
    total = 3,
    reference = 7,
    kind = 'udh8',
    seconds = 1,
    text = `part ${part} `,
    octets,
    ...rest
  } = given;
  const { from = '447700900123', to = '60300' } = given;
  notePersonal(from);
  deliveries += 1;
  return {
    type: 'part',
    id: `${carrier}:part:${deliveries}`,
    carrier,
    time: at(seconds),
    from,
    to,
    concatenation: { kind, reference, total, part },
    dataCoding: 0,
    octets: Buffer.from(octets ?? text).toString('base64'),
    udh: Buffer.of(5, 0, 3, reference % 256, total, part).toString('base64'),
    fingerprint: createHash('sha256')
      .update([from, to, kind, reference, total, part, text, octets].join())
      .digest('hex'),
    possibleDuplicate: false,
    tlvs: {},
    assemblySeconds: 600,
    ...rest,
  };
}

/** All parts of one message, in order. */
export function partEvents(total: number, given: GivenPart = {}): PartEvent[] {
  return Array.from({ length: total }, (_, index) => partEvent({ ...given, total, part: index + 1 }));
}
