import type { UnmatchedReceiptEvent } from '#contract/cloud-events.ts';
import type { ReceiptEvent } from '#contract/connector-events.ts';

/** What subscribers are told of a receipt that found no message: all of it, and the same id however often it is told. */
export function unmatchedReceiptEvent(receipt: ReceiptEvent): UnmatchedReceiptEvent {
  const { type: _, id, time, carrier, smscMessageId, ...words } = receipt;
  return {
    specversion: '1.0',
    id: `${id}:unmatched`,
    source: `/carriers/${carrier}`,
    type: 'sms.receipt.unmatched',
    dataschema: 'urn:aws-smpp-gateway:schema:sms.receipt.unmatched:1',
    ...(smscMessageId !== '' && { subject: smscMessageId }),
    time,
    datacontenttype: 'application/json',
    data: { carrier, receiptId: id, smscMessageId, ...words },
  };
}
