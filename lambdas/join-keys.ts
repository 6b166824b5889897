import { createHash } from 'node:crypto';
import type { TableKey } from '#contract/table.ts';

/** The items under which a response and its receipts look for each other. */
export function receiptKeys(carrier: string, smscMessageId: string): TableKey[] {
  if (smscMessageId === '') return [];
  return [{ pk: `receipt#${carrier}#${shorten(smscMessageId)}`, sk: 'join' }];
}

/** Where a receipt looks for those who have its id but for case and zeros. Nothing waits here. */
export function foldedKey(carrier: string, foldedId: string): TableKey {
  return { pk: `receipt#${carrier}#${shorten(foldedId)}`, sk: 'folded' };
}

export function isJoinKey({ sk }: TableKey): boolean {
  return sk === 'join';
}

/** A key's size has a limit, an SMSC's id has none. */
function shorten(smscMessageId: string): string {
  const longest = 200;
  return smscMessageId.length <= longest ? smscMessageId : createHash('sha256').update(smscMessageId).digest('hex');
}
