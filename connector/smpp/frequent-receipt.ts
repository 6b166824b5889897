import type { ReceiptText } from './receipt-text.ts';

/** A short_message has no more. */
const mostOctets = 254;

/** Of printable ASCII without a colon, behind which a field may begin, without what may part two fields, and without quotes. */
const word = '[!#-&(-+\\-./0-9<-{}~]+';
/** What is behind `text` cannot change what was said before. In proportion to the text: no word can end in two places. */
const appendixB = new RegExp(
  `^id:(${word}) sub:${word} dlvrd:${word} submit date:(${word}) done date:(${word}) stat:(${word}) err:(${word})(?: text:|$)`,
);

/**
 * What a receipt says that is written to the letter as Appendix B of SMPP 3.4 has it, as nearly all are: what `readReceiptText`
 * makes of it, in a fraction of the time. Undefined for any other.
 */
export function readFrequentReceipt(octets: Buffer): ReceiptText | undefined {
  const found = octets.length > mostOctets ? null : appendixB.exec(octets.toString('latin1'));
  if (found === null) return undefined;
  return { id: found[1], stat: found[4], err: found[5], submitDate: found[2], doneDate: found[3], hasCounts: true };
}
