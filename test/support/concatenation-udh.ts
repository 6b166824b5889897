import { concatenationElement } from '#contract/text/concatenation.ts';

/** The UDH of one part with an 8-bit reference and no other element, 6 octets. */
export function concatenationUdh(reference: number, total: number, part: number): Uint8Array {
  return Uint8Array.of(5, ...concatenationElement({ kind: 'udh8', reference, total, part }));
}
