import { encodeGsm, esc } from '#contract/text/gsm0338.ts';
import { encodeUcs2 } from '#contract/text/ucs2.ts';
import type { Stage } from '../play/stage.ts';

/** A text as its octets, before it is cut. */
export interface EncodedText {
  readonly dataCoding: number;
  readonly alphabet: 'gsm7' | 'octets' | 'ucs2';
  /** One per septet, if it is GSM 7 bit. */
  readonly octets: Uint8Array;
}

/** `text` in the alphabet that the SMSC takes for it, under the data_coding whose turn it is. */
export function encodeMo(text: string, stage: Stage): EncodedText {
  const { gsm7, gsm7DataCodings, ucs2DataCodings } = stage.behaviour.mo;
  const septets = encodeGsm(text);
  if (gsm7 === 'latin1' || gsm7 === 'ascii') {
    if (/^[\0-\xff]*$/.test(text))
      return { dataCoding: stage.inTurn(gsm7DataCodings), alphabet: 'octets', octets: singleOctets(text, gsm7) };
  } else if (septets !== undefined) {
    const dataCoding = stage.inTurn(gsm7DataCodings);
    if (gsm7 === 'ucs2') return { dataCoding, alphabet: 'ucs2', octets: encodeUcs2(text) };
    return { dataCoding, alphabet: 'gsm7', octets: septets };
  }
  return { dataCoding: stage.inTurn(ucs2DataCodings), alphabet: 'ucs2', octets: encodeUcs2(text) };
}

function singleOctets(text: string, charset: 'latin1' | 'ascii'): Uint8Array {
  return Buffer.from(charset === 'ascii' ? text.replace(/[\x80-\xff]/g, '?') : text, 'latin1');
}

export interface Cutting {
  /** Most octets of a part, at least one unit. */
  readonly maxPart: number;
  /** Cuts also between the two halves of one character. */
  readonly splitPairs: boolean;
}

/** `encoded` in parts of at most so many octets. */
export function cutText({ octets, alphabet }: EncodedText, { maxPart, splitPairs }: Cutting): Uint8Array[] {
  const unit = alphabet === 'ucs2' ? 2 : 1;
  const parts: Uint8Array[] = [];
  let start = 0;
  while (start < octets.length) {
    let end = Math.min(start + maxPart, octets.length);
    const isWhole = splitPairs || end === octets.length || !splitsPair(octets, end, alphabet);
    // In parts of one unit a pair has to be split.
    if (!isWhole && end - unit > start) end -= unit;
    parts.push(octets.subarray(start, end));
    start = end;
  }
  return parts;
}

/** Whether a cut before `index` parts an ESC from its character, or two surrogates. */
function splitsPair(octets: Uint8Array, index: number, alphabet: EncodedText['alphabet']): boolean {
  if (alphabet === 'gsm7') return octets[index - 1] === esc;
  if (alphabet === 'octets') return false;
  const [before = 0, after = 0] = [octets[index - 2], octets[index]];
  return (before & 0xfc) === 0xd8 && (after & 0xfc) === 0xdc;
}
