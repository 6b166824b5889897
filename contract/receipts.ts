/** message_state of SMPP 3.4, 5.2.28, from 1 on. */
export const receiptStates = [
  'enroute',
  'delivered',
  'expired',
  'deleted',
  'undeliverable',
  'accepted',
  'unknown',
  'rejected',
] as const;
export type ReceiptState = (typeof receiptStates)[number];

/** What an error of a receipt means for whoever would send again. */
export const errorClasses = ['temporary', 'permanent', 'blocked', 'unknown'] as const;
export type ErrorClass = (typeof errorClasses)[number];

/**
 * How the id in a receipt is made from the one in the submit_sm_resp (quirks 1 to 6):
 *
 *   same            as it is, but for case and leading zeros
 *   hex-to-decimal  hex there, decimal in the receipt
 *   decimal-to-hex  decimal there, hex in the receipt
 *   hex-to-text     the hex digits of its characters there, the characters in the receipt
 *   text-to-hex     the other way round
 */
export const idRelations = ['same', 'hex-to-decimal', 'decimal-to-hex', 'hex-to-text', 'text-to-hex'] as const;
export type IdRelation = (typeof idRelations)[number];

export const idFormats = ['auto', ...idRelations] as const;
