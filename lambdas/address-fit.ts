import type { ReceiptEvent } from '#contract/connector-events.ts';
import { plainAddress } from './owner-of-receipt.ts';

/**
 * How a receipt's address agrees with a recipient:
 *
 *   same     it is the same number
 *   alike    they end alike: a national form, or one that was rewritten on its way
 *   other    they are two numbers
 *   unknown  one of them is no number, or too short to tell, or not there
 */
export type AddressFit = 'same' | 'alike' | 'other' | 'unknown';

/** What numbers have in common that are one in two forms, and two hardly ever. */
const tellingDigits = 7;

/** By the handset's address, or by the other one: there are SMSCs that leave them as they were in the submit_sm. */
export function fitOf({ from, to }: Pick<ReceiptEvent, 'from' | 'to'>, recipient: string | undefined): AddressFit {
  const byHandset = compare(from, recipient);
  if (byHandset === 'same' || byHandset === 'alike') return byHandset;
  const byOther = compare(to, recipient);
  return byOther === 'same' || byOther === 'alike' ? byOther : byHandset;
}

/** Whether the address says that it is the recipient's. */
export function fits(fit: AddressFit): boolean {
  return fit === 'same' || fit === 'alike';
}

function compare(address: string, recipient = ''): AddressFit {
  const [one, other] = [plainAddress(address), plainAddress(recipient)];
  if (one === '' || other === '') return 'unknown';
  if (one === other) return 'same';
  if (!isTelling(one) || !isTelling(other)) return 'unknown';
  return one.slice(-tellingDigits) === other.slice(-tellingDigits) ? 'alike' : 'other';
}

function isTelling(address: string): boolean {
  return address.length >= tellingDigits && /^\+?\d+$/.test(address);
}
