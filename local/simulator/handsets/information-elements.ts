/** One element of a UDH (3GPP TS 23.040, 9.2.3.24). */
export interface InformationElement {
  readonly id: number;
  readonly value: Uint8Array;
}

/** The elements that we know by their identifier (9.2.3.24). */
export const elementIds = {
  concatenation8Bit: 0x00,
  specialMessage: 0x01,
  ports8Bit: 0x04,
  ports16Bit: 0x05,
  concatenation16Bit: 0x08,
  singleShift: 0x24,
  lockingShift: 0x25,
} as const;

/** Those of `udh`, which begins with its length octet, in order; one that runs over the end ends the walk. */
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
