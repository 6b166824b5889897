/**
 * Septets without spare bits between them, as the radio carries them and some SMSCs SMPP (quirk 28): the
 * first in the low bits of the first octet (3GPP TS 23.038, 6.1.2.1).
 *
 * Octets do not say how many septets they are. Seven spare bits at the end could be one more `@` (0x00), so
 * 6.1.2.3.1 fills them with a CR, and has a CR that really is the last character and ends with an octet
 * doubled. Whoever reads takes one such CR away, and nothing else: zeros in its place are an `@`.
 */

const cr = 0x0d;

/** Bits between a UDH of so many octets, its length octet included, and the first septet (3GPP TS 23.040, 9.2.3.24). */
export function fillBitsAfter(udhOctets: number): number {
  return (7 - ((8 * udhOctets) % 7)) % 7;
}

/** The octets behind a UDH, which begin with `fillBits` of 0. */
export function packSeptets(septets: Uint8Array, fillBits = 0): Uint8Array {
  if (septets.length === 0) return septets;
  const padded = isPaddedByCr(septets, fillBits) ? Buffer.concat([septets, Uint8Array.of(cr)]) : septets;
  const octets = new Uint8Array(Math.ceil((fillBits + 7 * padded.length) / 8));
  let bit = fillBits;
  for (const septet of padded) {
    const at = bit >> 3;
    const shifted = (septet & 0x7f) << (bit & 7);
    octets[at] = (octets[at] ?? 0) | (shifted & 0xff);
    if (shifted > 0xff) octets[at + 1] = shifted >> 8;
    bit += 7;
  }
  return octets;
}

/** The septets of all of `octets`, one per octet. */
export function unpackSeptets(octets: Uint8Array, fillBits = 0): Uint8Array {
  const septets = new Uint8Array(Math.max(0, Math.floor((8 * octets.length - fillBits) / 7)));
  for (let index = 0; index < septets.length; index++) {
    const bit = fillBits + 7 * index;
    const pair = (octets[bit >> 3] ?? 0) | ((octets[(bit >> 3) + 1] ?? 0) << 8);
    septets[index] = (pair >> (bit & 7)) & 0x7f;
  }
  return endsWithOctet(septets.length, fillBits) && septets.at(-1) === cr ? septets.subarray(0, -1) : septets;
}

function isPaddedByCr(septets: Uint8Array, fillBits: number): boolean {
  if (endsWithOctet(septets.length + 1, fillBits)) return true;
  return endsWithOctet(septets.length, fillBits) && septets.at(-1) === cr;
}

export function endsWithOctet(septets: number, fillBits: number): boolean {
  return septets > 0 && (fillBits + 7 * septets) % 8 === 0;
}
