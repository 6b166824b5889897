import { encodeGsm, esc } from './gsm0338.ts';
import { encodeUcs2 } from './ucs2.ts';

export type Encoding = 'gsm7' | 'ucs2';

export interface Segmentation {
  readonly encoding: Encoding;
  /** Octets of each segment, without the UDH; views of one buffer. An empty text is one empty segment. */
  readonly segments: readonly Uint8Array[];
}

interface Layout {
  readonly dataCoding: number;
  readonly unitOctets: number;
  /** Octets of a message that is one segment, and of one of several. */
  readonly maxAlone: number;
  readonly maxPart: number;
  /** Whether a cut before the octet at `index` would part the two units of one character. */
  readonly splitsPair: (octets: Uint8Array, index: number) => boolean;
}

/**
 * The radio carries 140 octets; the UDH of a part takes 6 of them (3GPP TS 23.040, 9.2.3.24.1).
 *
 *        | alone                     | a part                                | octets here
 *   -----+---------------------------+---------------------------------------+-------------------
 *   gsm7 | 140 octets = 160 septets  | 134 octets = 153 septets, 1 bit spare | 1 per septet
 *   ucs2 | 140 octets = 70 units     | 134 octets = 67 units                 | 2 per UTF-16 unit
 */
const layouts: Readonly<Record<Encoding, Layout>> = {
  gsm7: { dataCoding: 0, unitOctets: 1, maxAlone: 160, maxPart: 153, splitsPair: splitsEscapePair },
  ucs2: { dataCoding: 8, unitOctets: 2, maxAlone: 140, maxPart: 134, splitsPair: splitsSurrogatePair },
};

/** data_coding of a submit_sm with text in `encoding`. */
export function dataCodingOf(encoding: Encoding): number {
  return layouts[encoding].dataCoding;
}

/** `text` as the segments that are sent: GSM 7 bit if all of it is in that alphabet, else UCS-2. */
export function segmentText(text: string): Segmentation {
  const gsm = encodeGsm(text);
  return gsm === undefined
    ? { encoding: 'ucs2', segments: cut(encodeUcs2(text), layouts.ucs2) }
    : { encoding: 'gsm7', segments: cut(gsm, layouts.gsm7) };
}

function cut(octets: Uint8Array, layout: Layout): Uint8Array[] {
  if (octets.length <= layout.maxAlone) return [octets];
  const segments: Uint8Array[] = [];
  let start = 0;
  while (start < octets.length) {
    let end = start + layout.maxPart;
    if (layout.splitsPair(octets, end)) end -= layout.unitOctets;
    segments.push(octets.subarray(start, end));
    start = end;
  }
  return segments;
}

function splitsEscapePair(octets: Uint8Array, index: number): boolean {
  return octets[index - 1] === esc;
}

function splitsSurrogatePair(octets: Uint8Array, index: number): boolean {
  return surrogateBits(octets[index - 2]) === 0xd8 && surrogateBits(octets[index]) === 0xdc;
}

/** The bits of a unit's high octet that make it a high (0xD8) or a low (0xDC) surrogate. */
function surrogateBits(highOctet: number | undefined): number {
  return (highOctet ?? 0) & 0xfc;
}
