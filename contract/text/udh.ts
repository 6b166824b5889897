/**
 * The user data header (UDH) in front of a short message's text (3GPP TS 23.040, 9.2.3.24). A `udh` begins with
 * its length octet (UDHL), which does not count itself, and is a list of elements: identifier, length, value.
 */

/** Of the elements that we know (9.2.3.24). */
export const elementIds = {
  concatenation8Bit: 0x00,
  specialMessage: 0x01,
  ports8Bit: 0x04,
  ports16Bit: 0x05,
  concatenation16Bit: 0x08,
  singleShift: 0x24,
  lockingShift: 0x25,
} as const;

export interface InformationElement {
  readonly id: number;
  readonly value: Uint8Array;
}

/**
 * The elements of `udh` in order. One that runs over the end ends the walk; TS 23.040 would ignore the whole
 * UDH, and what it says with good elements be lost.
 */
export function informationElements(udh: Uint8Array): InformationElement[] {
  const elements: InformationElement[] = [];
  let at = 1;
  while (at + 2 <= udh.length) {
    const [id = 0, length = 0] = udh.subarray(at, at + 2);
    const value = udh.subarray(at + 2, at + 2 + length);
    if (value.length < length) break;
    elements.push({ id, value });
    at += 2 + length;
  }
  return elements;
}
