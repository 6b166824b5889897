import type { TextOptions } from '../carrier-text.ts';
import type { Alphabet } from './alphabets.ts';
import type { Stretch } from './clusters.ts';
import { concatenationElement, referenceOf } from './concatenation.ts';
import type { Shifts } from './national-text.ts';
import { fillBitsAfter, packSeptets } from './packed.ts';
import { planText, type TextPlan } from './plan-text.ts';
import { elementIds } from './udh.ts';

/** In which alphabet a text is sent. */
export type Encoding = Alphabet;

export interface ShortMessage {
  /** short_message, the UDH included; or the value of message_payload. */
  readonly octets: Uint8Array;
  /** Whether the octets begin with a UDH, which esm_class has to say. */
  readonly hasUdh: boolean;
  readonly carriedBy: 'short_message' | 'message_payload';
  /** To be told in sar_msg_ref_num, sar_total_segments, sar_segment_seqnum. */
  readonly sar?: { readonly reference: number; readonly total: number; readonly part: number };
  /** Of a long message which one, counted from 1 in the order of the text. */
  readonly segment: number;
}

export interface EncodedText {
  readonly encoding: Encoding;
  readonly dataCoding: number;
  /** On the radio: those that are paid for. */
  readonly segments: number;
  /** In the order in which they are sent. */
  readonly shortMessages: readonly ShortMessage[];
}

/**
 * `text` as the carrier takes it: the same text, options and id always give the same octets. No character is ever
 * left out or replaced but by the carrier's own `replacements`: throws `UnencodableTextError` when none of its
 * alphabets has all of them, and `TooManySegmentsError` for more than 255 segments.
 */
export function encodeText(text: string, options: TextOptions, messageId: string): EncodedText {
  const plan = planText(text, options);
  const { encoding, dataCoding, cut } = plan;
  const segments = cut.ends.length;
  const shortMessages = segments === 1 ? [alone(plan, options)] : severalOf(plan, options, messageId);
  return { encoding, dataCoding, segments, shortMessages };
}

export interface MeasuredText {
  readonly encoding: Encoding;
  readonly segments: number;
  /** Of the whole text: septets, octets of Latin-1, or UTF-16 units. */
  readonly units: number;
  /** How many each of its segments can have. */
  readonly unitsPerSegment: number;
  /** How many more its last segment can have. */
  readonly unitsLeft: number;
}

/** What `encodeText` makes of it, without the octets. Throws as that does. */
export function measureText(text: string, options: TextOptions): MeasuredText {
  const { encoding, cut, room } = planText(text, options);
  const segments = cut.ends.length;
  const unitsOfLast = cut.units - (cut.ends.at(-2) ?? 0);
  const unitsPerSegment = segments === 1 ? room.alone : room.part;
  return { encoding, segments, units: cut.units, unitsPerSegment, unitsLeft: unitsPerSegment - unitsOfLast };
}

function alone(plan: TextPlan, { gsm7, nulTerminated }: TextOptions): ShortMessage {
  const elements = shiftElements(plan.shifts);
  const octets = octetsOf(plan, { start: 0, end: plan.cut.units }, { gsm7, elements, nulTerminated });
  return { octets, hasUdh: elements.length > 0, carriedBy: 'short_message', segment: 1 };
}

function severalOf(plan: TextPlan, options: TextOptions, messageId: string): ShortMessage[] {
  const { gsm7, longMessages, nulTerminated, partOrder } = options;
  const { ends, units } = plan.cut;
  const shifts = shiftElements(plan.shifts);
  if (longMessages === 'payload') {
    const octets = octetsOf(plan, { start: 0, end: units }, { gsm7, elements: shifts, nulTerminated: false });
    return [{ octets, hasUdh: shifts.length > 0, carriedBy: 'message_payload', segment: 1 }];
  }
  // A reference of 8 bits fits, whichever element the SMSC makes of the TLVs.
  const kind = longMessages === 'udh16' ? 'udh16' : 'udh8';
  const reference = referenceOf(messageId, kind);
  const total = ends.length;
  const isSar = longMessages === 'sar';
  const shortMessages = ends.map((end, index): ShortMessage => {
    const part = index + 1;
    const elements = isSar ? shifts : [...concatenationElement({ kind, reference, total, part }), ...shifts];
    return {
      octets: octetsOf(plan, { start: ends[index - 1] ?? 0, end }, { gsm7, elements, nulTerminated }),
      hasUdh: elements.length > 0,
      carriedBy: 'short_message',
      ...(isSar && { sar: { reference, total, part } }),
      segment: part,
    };
  });
  return partOrder === 'reverse' ? shortMessages.reverse() : shortMessages;
}

/** 3GPP TS 23.040, 9.2.3.24.15 and 16. */
function shiftElements({ locking, single }: Shifts): readonly number[] {
  return [
    ...(single === undefined ? [] : [elementIds.singleShift, 1, single]),
    ...(locking === undefined ? [] : [elementIds.lockingShift, 1, locking]),
  ];
}

function udhOctets(elements: readonly number[]): number {
  return elements.length === 0 ? 0 : 1 + elements.length;
}

interface Frame {
  readonly gsm7: TextOptions['gsm7'];
  /** Of the UDH, which there is if there are any. */
  readonly elements: readonly number[];
  /** Some SMSCs want a NUL behind the text (quirk 42). */
  readonly nulTerminated: boolean;
}

/** The UDH and those units of the text. */
function octetsOf(plan: TextPlan, units: Stretch, { gsm7, elements, nulTerminated }: Frame): Uint8Array {
  const header = udhOctets(elements);
  const { encoding, septets } = plan;
  const packed =
    septets && gsm7 === 'packed'
      ? packSeptets(septets.subarray(units.start, units.end), fillBitsAfter(header))
      : undefined;
  const body = packed?.length ?? (units.end - units.start) * (encoding === 'ucs2' ? 2 : 1);
  // From Node's pool: an ArrayBuffer of its own would cost more time than all else.
  const octets = Buffer.allocUnsafe(header + body + (nulTerminated ? 1 : 0));
  if (header > 0) octets[0] = elements.length;
  for (let index = 0; index < elements.length; index++) octets[index + 1] = elements[index] ?? 0;
  if (packed === undefined) writeUnits(plan, units, { octets, at: header });
  else octets.set(packed, header);
  if (nulTerminated) octets[octets.length - 1] = 0;
  return octets;
}

interface Place {
  readonly octets: Uint8Array;
  readonly at: number;
}

/** Octet by octet: faster than any copy for so few. */
function writeUnits({ encoding, septets, text }: TextPlan, { start, end }: Stretch, into: Place): void {
  const { octets } = into;
  let { at } = into;
  if (encoding === 'ucs2') {
    for (let index = start; index < end; index++) {
      const unit = text.charCodeAt(index);
      octets[at++] = unit >> 8;
      octets[at++] = unit & 0xff;
    }
  } else if (septets === undefined) {
    for (let index = start; index < end; index++) octets[at++] = text.charCodeAt(index);
  } else {
    for (let index = start; index < end; index++) octets[at++] = septets[index] ?? 0;
  }
}
