import { splitUdh } from '#contract/text/concatenation.ts';
import { display } from '../handsets/display.ts';
import type { Behaviour } from '../play/behaviour.ts';
import type { Notice } from './message.ts';
import type { MessageState, ShortMessage } from './short-message.ts';
import { hasUdh } from './submission.ts';

type Receipts = Behaviour['receipts'];
export type DateForm = Receipts['dates'][number];

/** `stat` (SMPP 3.4, Appendix B, table B-2). */
export const statWords: Readonly<Record<Exclude<Notice['state'], 'buffered'> | 'unknown', string>> = {
  enroute: 'ENROUTE',
  delivered: 'DELIVRD',
  expired: 'EXPIRED',
  deleted: 'DELETED',
  undelivered: 'UNDELIV',
  rejected: 'REJECTD',
  unknown: 'UNKNOWN',
};

/** What the text of one receipt says. */
export interface ReceiptFacts {
  readonly receiptId: string;
  readonly state: MessageState;
  readonly stat: string;
  readonly err: string;
  readonly submittedAt: number;
  readonly doneAt: number;
  readonly dateForm: DateForm;
  readonly excerpt: string;
}

/** The text of a receipt, as most SMSCs write it (SMPP 3.4, Appendix B) or as `receipts` has it. */
export function receiptText(facts: ReceiptFacts, receipts: Receipts): string {
  const { fields, fieldCase, textBefore, utcOffsetMinutes } = receipts;
  const date = (milliseconds: number) => receiptDate(milliseconds + utcOffsetMinutes * 60_000, facts.dateForm);
  const values: Readonly<Record<Receipts['fields'][number], string>> = {
    id: facts.receiptId,
    sub: '001',
    dlvrd: facts.state === 'delivered' ? '001' : '000',
    'submit date': date(facts.submittedAt),
    'done date': date(facts.doneAt),
    stat: facts.stat,
    err: facts.err,
    text: facts.excerpt,
  };
  const written = fields.map((name) => `${fieldCase === 'upper' ? name.toUpperCase() : name}:${values[name]}`);
  return textBefore + written.join(' ');
}

/** Twenty characters of the message, of which no more than ASCII survives in real receipts. */
export function excerptOf(
  short: Pick<ShortMessage, 'esmClass' | 'octets' | 'dataCoding'>,
  handsets: Behaviour['handsets'],
): string {
  const characters = 20;
  const { udh, body } = hasUdh(short) ? splitUdh(short.octets) : { udh: new Uint8Array(), body: short.octets };
  // No character has more than two octets.
  const { text } = display([{ udh, body: body.subarray(0, 2 * characters) }], short.dataCoding, handsets);
  return text.slice(0, characters).replace(/[^\x20-\x7e]/g, '.');
}

function receiptDate(milliseconds: number, form: DateForm): string {
  if (form === 'empty') return '';
  if (form === 'zeros') return '0000000000';
  const digits = new Date(milliseconds).toISOString().replace(/\D/g, '');
  return digits.slice(form.startsWith('YYYY') ? 0 : 2).slice(0, form.length);
}
