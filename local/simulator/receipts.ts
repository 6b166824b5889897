/** The body of a delivery receipt, as most SMSCs write it (SMPP 3.4, Appendix B). */

export interface Receipt {
  readonly messageId: string;
  readonly submittedAt: number;
  readonly doneAt: number;
  readonly text: string;
}

/** message_state of a message that arrived (SMPP 3.4, 5.2.28). */
export const stateDelivered = 2;
/** esm_class of a deliver_sm that is a receipt (SMPP 3.4, 5.2.12). */
export const receiptEsmClass = 0x04;

/** registered_delivery, bits 0 and 1: 1 asks for every outcome, 2 for failures, 3 for successes (SMPP 3.4, 5.2.17; 5.0, 4.7.21). */
export function wantsDeliveredReceipt(registeredDelivery: number): boolean {
  const asked = registeredDelivery & 0x03;
  return asked === 1 || asked === 3;
}

export function receiptText({ messageId, submittedAt, doneAt, text }: Receipt): string {
  // Twenty characters of the message, of which no more than ASCII survives in real receipts.
  const excerpt = text.slice(0, 20).replace(/[^\x20-\x7e]/g, '.');
  return (
    `id:${messageId} sub:001 dlvrd:001 submit date:${date(submittedAt)} done date:${date(doneAt)} ` +
    `stat:DELIVRD err:000 text:${excerpt}`
  );
}

/** `YYMMDDhhmm`. */
function date(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\D/g, '').slice(2, 12);
}
