/**
 * The user data header (UDH) that makes short messages parts of one (3GPP TS 23.040, 9.2.3.24).
 * A `udh` here begins with its length octet (UDHL), which does not count itself.
 */

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

const concatenation8Bit = 0x00;
const concatenation16Bit = 0x08;

/** By information element: octets of the reference, in front of the total and the part. */
const referenceOctets: ReadonlyMap<number, number> = new Map([
  [concatenation8Bit, 1],
  [concatenation16Bit, 2],
]);

/** The UDH of one part, 6 octets. Throws a RangeError for numbers that no handset would join. */
export function concatenationUdh(reference: number, total: number, part: number): Uint8Array {
  assertWithin('reference', reference, 0, 0xff);
  assertWithin('total', total, 1, maxSegments);
  assertWithin('part', part, 1, total);
  return Uint8Array.of(5, concatenation8Bit, 3, reference, total, part);
}

/**
 * The concatenation reference of a message: the last octet of its id, which is random in a UUIDv7.
 * From nothing but the id, so that parts sent again after a crash complete the same message on the handset.
 */
export function referenceOf(messageId: string): number {
  return Number.parseInt(messageId.slice(-2), 16);
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

/**
 * What a UDH says about parts. The element may stand anywhere among others (quirk 34); of several the
 * last counts, and one with impossible numbers counts as absent, both as TS 23.040 has it. An element
 * that runs over the end ends the walk; TS 23.040 would ignore the whole UDH, and the part be lost.
 */
export function readConcatenation(udh: Uint8Array): Concatenation | undefined {
  let found: Concatenation | undefined;
  let at = 1;
  while (at + 2 <= udh.length) {
    const [id = 0, length = 0] = udh.subarray(at, at + 2);
    const value = udh.subarray(at + 2, at + 2 + length);
    if (value.length < length) break;
    found = readElement(id, value) ?? found;
    at += 2 + length;
  }
  return found;
}

function readElement(id: number, value: Uint8Array): Concatenation | undefined {
  const size = referenceOctets.get(id);
  if (size === undefined || value.length !== size + 2) return undefined;
  const [total = 0, part = 0] = value.subarray(size);
  if (part < 1 || part > total) return undefined;
  return { reference: value.subarray(0, size).reduce((high, octet) => high * 0x100 + octet, 0), total, part };
}

function assertWithin(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name} must be ${min} to ${max}, got ${value}`);
}
