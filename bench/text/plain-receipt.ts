import type { KnownPdu } from '../../connector/smpp/codec/pdu.ts';

export interface PlainReceipt {
  readonly id: string | undefined;
  readonly stat: string | undefined;
  readonly err: string | undefined;
  readonly submitDate: string | undefined;
  readonly doneDate: string | undefined;
}

/** An expression for each field, in any order, as Jasmin and others read receipts: of TLVs and of what `text:` may forge they know nothing. */
const expressions = {
  id: /\bid:(\S+)/i,
  stat: /\bstat:(\w+)/i,
  err: /\berr:(\w+)/i,
  submitDate: /\bsubmit date:(\d+)/i,
  doneDate: /\bdone date:(\d+)/i,
};

export function readPlainly({ shortMessage }: KnownPdu<'deliver_sm'>): PlainReceipt {
  const text = Buffer.from(shortMessage).toString('latin1');
  return {
    id: expressions.id.exec(text)?.[1],
    stat: expressions.stat.exec(text)?.[1],
    err: expressions.err.exec(text)?.[1],
    submitDate: expressions.submitDate.exec(text)?.[1],
    doneDate: expressions.doneDate.exec(text)?.[1],
  };
}

/** SMPP 3.4, Appendix B, to the letter: any other order, or a field that is missing, is no receipt. */
const appendixB = /^id:(\S+) sub:\d+ dlvrd:\d+ submit date:(\d+) done date:(\d+) stat:(\w+) err:(\w+) text:/i;

export function readToTheLetter({ shortMessage }: KnownPdu<'deliver_sm'>): PlainReceipt | undefined {
  const found = appendixB.exec(Buffer.from(shortMessage).toString('latin1'));
  if (found === null) return undefined;
  const [, id, submitDate, doneDate, stat, err] = found;
  return { id, stat, err, submitDate, doneDate };
}
