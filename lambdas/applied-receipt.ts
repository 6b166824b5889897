import type { ReceiptEvent } from '#contract/connector-events.ts';
import { belongingOf, type Having, type Owner } from './belonging.ts';
import type { AppliedReceipt } from './facts.ts';

/** Each receipt as a fact of each segment to which it belongs. */
export function matchesOf({ owners, crowdedAt }: Having, receipts: readonly ReceiptEvent[]): AppliedReceipt[] {
  // Of a segment that a response named too: what is stored first stays.
  const surest = owners.toSorted((a, b) => Number(a.matchedBy !== undefined) - Number(b.matchedBy !== undefined));
  return receipts.flatMap((receipt) => {
    const belonging = belongingOf(receipt, { owners: surest, crowdedAt });
    return belonging.kind === 'owned' ? belonging.owners.map((owner) => appliedTo(receipt, owner)) : [];
  });
}

/** The receipt as a fact of the owner's message. */
export function appliedTo(receipt: ReceiptEvent, { messageId, segment, segments, matchedBy }: Owner): AppliedReceipt {
  const applied = { ...receipt, id: `${receipt.id}:${segment}`, messageId, segment };
  return { ...applied, ...(segments !== undefined && { segments }), matchedBy: matchedBy ?? 'id' };
}
