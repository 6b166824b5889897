import type { UnmatchedReceiptEvent } from '#contract/cloud-events.ts';
import type { ReceiptEvent } from '#contract/connector-events.ts';

/** Why a receipt was given to nobody. */
export type Unmatched =
  | { readonly reason: 'no-message' }
  | { readonly reason: 'shared-id'; readonly messageIds: readonly string[] };

/** What subscribers are told of a receipt that found no message: all of it, and the same id however often it is told. */
export function unmatchedReceiptEvent(receipt: ReceiptEvent, why: Unmatched): UnmatchedReceiptEvent {
  const { type: _, idRelation: __, id, time, carrier, smscMessageId, ...words } = receipt;
  return {
    specversion: '1.0',
    id: `${id}:unmatched`,
    source: `/carriers/${carrier}`,
    type: 'sms.receipt.unmatched',
    dataschema: 'urn:aws-smpp-gateway:schema:sms.receipt.unmatched:1',
    ...(smscMessageId !== '' && { subject: smscMessageId }),
    time,
    datacontenttype: 'application/json',
    data: {
      carrier,
      receiptId: id,
      smscMessageId,
      ...words,
      reason: why.reason,
      ...(why.reason === 'shared-id' && { messageIds: [...why.messageIds] }),
    },
  };
}
