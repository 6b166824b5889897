import { unreachable } from '../unreachable.ts';
import type { Shifts } from './national-text.ts';
import { elementIds, informationElements } from './udh.ts';

/** What makes short messages parts of one, or says for which program and in which tables they are (3GPP TS 23.040, 9.2.3.24). */

/** A part's number and the number of parts are one octet each. */
export const maxSegments = 255;

export interface Concatenation {
  /** 0 to 255, or to 65535 when the sender used the 16-bit element. */
  readonly reference: number;
  /** Number of parts. */
  readonly total: number;
  /** Counted from 1. */
  readonly part: number;
}

/** By its size: a reference of one kind says nothing about those of another. */
export type ReferenceKind = 'udh8' | 'udh16';

export interface UdhConcatenation extends Concatenation {
  readonly kind: ReferenceKind;
}

/** The element of one part, 5 octets or 6, with identifier and length. Throws a RangeError for numbers that no handset would join. */
export function concatenationElement({ kind, reference, total, part }: UdhConcatenation): readonly number[] {
  assertWithin('total', total, 1, maxSegments);
  assertWithin('part', part, 1, total);
  switch (kind) {
    case 'udh8':
      assertWithin('reference', reference, 0, 0xff);
      return [elementIds.concatenation8Bit, 3, reference, total, part];
    case 'udh16':
      assertWithin('reference', reference, 0, 0xffff);
      return [elementIds.concatenation16Bit, 4, reference >> 8, reference & 0xff, total, part];
    default:
      return unreachable(kind);
  }
}

/**
 * The concatenation reference of a message: the last octet of its id, or the last two, which are random in a UUIDv7.
 * From nothing but the id, so that parts sent again after a crash complete the same message on the handset.
 */
export function referenceOf(messageId: string, kind: ReferenceKind = 'udh8'): number {
  return Number.parseInt(messageId.slice(kind === 'udh8' ? -2 : -4), 16);
}

/**
 * Parts the octets of a short message whose esm_class says that a UDH is in front. A UDHL that
 * promises more than there is is text by mistake: no UDH then, and all of it body.
 */
export function splitUdh(octets: Uint8Array): { readonly udh: Uint8Array; readonly body: Uint8Array } {
  const length = 1 + (octets[0] ?? 0);
  const end = length <= octets.length ? length : 0;
  return { udh: octets.subarray(0, end), body: octets.subarray(end) };
}

/** By information element: octets of the reference, in front of the total and the part. */
const references: ReadonlyMap<number, { readonly kind: ReferenceKind; readonly octets: number }> = new Map([
  [elementIds.concatenation8Bit, { kind: 'udh8', octets: 1 }],
  [elementIds.concatenation16Bit, { kind: 'udh16', octets: 2 }],
]);

/**
 * What a UDH says about parts. The element may stand anywhere among others (quirk 34); of several the
 * last counts, and one with impossible numbers counts as absent, both as TS 23.040 has it.
 */
export function readConcatenation(udh: Uint8Array): UdhConcatenation | undefined {
  let found: UdhConcatenation | undefined;
  for (const { id, value } of informationElements(udh)) found = readElement(id, value) ?? found;
  return found;
}

function readElement(id: number, value: Uint8Array): UdhConcatenation | undefined {
  const reference = references.get(id);
  if (reference === undefined || value.length !== reference.octets + 2) return undefined;
  const { kind, octets } = reference;
  const [total = 0, part = 0] = value.subarray(octets);
  if (part < 1 || part > total) return undefined;
  return { kind, reference: integerOf(value.subarray(0, octets)), total, part };
}

/** Of which program a message is, and for which. */
export interface Ports {
  readonly source: number;
  readonly destination: number;
}

/** Octets of each port, by information element (9.2.3.24.3 and 4). */
const portOctets: ReadonlyMap<number, number> = new Map([
  [elementIds.ports8Bit, 1],
  [elementIds.ports16Bit, 2],
]);

/** The application ports of a UDH, of several the last; undefined where it has none. */
export function readPorts(udh: Uint8Array): Ports | undefined {
  let found: Ports | undefined;
  for (const { id, value } of informationElements(udh)) {
    const octets = portOctets.get(id);
    if (octets === undefined || value.length !== 2 * octets) continue;
    // The destination comes first.
    found = { destination: integerOf(value.subarray(0, octets)), source: integerOf(value.subarray(octets)) };
  }
  return found;
}

/** The national tables that a UDH names, of several elements of a kind the last (9.2.3.24.15 and 16). */
export function readShifts(udh: Uint8Array): Shifts {
  let shifts: Shifts = {};
  for (const { id, value } of informationElements(udh)) {
    const [language] = value;
    if (language === undefined || value.length !== 1) continue;
    if (id === elementIds.lockingShift) shifts = { ...shifts, locking: language };
    if (id === elementIds.singleShift) shifts = { ...shifts, single: language };
  }
  return shifts;
}

function integerOf(octets: Uint8Array): number {
  return octets.reduce((high, octet) => high * 0x100 + octet, 0);
}

function assertWithin(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name} must be ${min} to ${max}, got ${value}`);
}
