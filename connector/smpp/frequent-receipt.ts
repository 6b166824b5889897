import type { ReceiptText } from './receipt-text.ts';

const labels = ['id:', ' sub:', ' dlvrd:', ' submit date:', ' done date:', ' stat:', ' err:', ' text:'].map((label) =>
  Array.from(label, (character) => character.charCodeAt(0)),
);
/** All but `text`. */
const words = labels.length - 1;

/** A short_message has no more. */
const mostOctets = 254;
const blank = 0x20;
const colon = 0x3a;
const del = 0x7f;

/** Of each word its start and its end. Filled anew by each call, which spares as many objects. */
const bounds = new Uint8Array(2 * words);

/**
 * What a receipt says that is written to the letter as Appendix B of SMPP 3.4 has it, as nearly all are: what `readReceiptText`
 * makes of it, in a fraction of the time. Undefined for any other.
 */
export function readFrequentReceipt(octets: Buffer): ReceiptText | undefined {
  if (octets.length > mostOctets) return undefined;
  const end = findWords(octets);
  // What is behind `text` cannot change what was said before.
  if (end === 0 || (end < octets.length && behindLabel(octets, end, words) === 0)) return undefined;
  const text = octets.toString('latin1', 0, end);
  return {
    id: text.slice(bounds[0], bounds[1]),
    stat: text.slice(bounds[10], bounds[11]),
    err: text.slice(bounds[12], bounds[13]),
    submitDate: text.slice(bounds[6], bounds[7]),
    doneDate: text.slice(bounds[8], bounds[9]),
    hasCounts: true,
  };
}

/** Where the last word ends, or 0. A word is of printable ASCII without a colon, behind which a field may begin. */
function findWords(octets: Buffer): number {
  const { length } = octets;
  let at = 0;
  for (let word = 0; word < words; word++) {
    const start = behindLabel(octets, at, word);
    if (start === 0) return 0;
    at = start;
    while (at < length) {
      const octet = octets[at] as number;
      if (octet <= blank || octet >= del || octet === colon) break;
      at++;
    }
    if (at === start) return 0;
    bounds[2 * word] = start;
    bounds[2 * word + 1] = at;
  }
  return at;
}

/** Where the label ends that stands at `at`, or 0. */
function behindLabel(octets: Buffer, at: number, index: number): number {
  const label = labels[index] as readonly number[];
  const end = at + label.length;
  if (end > octets.length) return 0;
  for (let i = 0; i < label.length; i++) if (octets[at + i] !== label[i]) return 0;
  return end;
}
