import { type ReceiptState, receiptStates } from '#contract/receipts.ts';
import type { KnownPdu, Tlv } from './codec/pdu.ts';
import { tlvTags } from './codec/tables.ts';
import { tlvInteger } from './codec/tlv.ts';
import { isEmptyMessage } from './is-empty-message.ts';

/** What the TLVs of a receipt say; of repeated ones the first. */
export interface ReceiptTlvs {
  /** receipted_message_id. */
  id: Tlv | undefined;
  state: ReceiptState | undefined;
  networkErrorCode: Tlv | undefined;
  userMessageReference: number | undefined;
  /** Has the receipt's text, where short_message has none (quirk 16). */
  payload: Tlv | undefined;
  /** That tell something else, or nothing that can be. */
  others: readonly Tlv[];
}

/** Of the receipts that have no TLV. */
const nothing: ReceiptTlvs = Object.freeze(emptyTlvs());

function emptyTlvs(): ReceiptTlvs {
  return {
    id: undefined,
    state: undefined,
    networkErrorCode: undefined,
    userMessageReference: undefined,
    payload: undefined,
    others: [],
  };
}

export function readReceiptTlvs(pdu: KnownPdu<'deliver_sm'>): Readonly<ReceiptTlvs> {
  if (pdu.tlvs.length === 0) return nothing;
  const told = emptyTlvs();
  told.others = pdu.tlvs.filter((tlv) => !takeUp(told, tlv, pdu));
  return told;
}

/** Whether the TLV said something that was not said before. */
function takeUp(told: ReceiptTlvs, tlv: Tlv, pdu: KnownPdu<'deliver_sm'>): boolean {
  switch (tlv.tag) {
    case tlvTags.receiptedMessageId:
      if (told.id !== undefined) return false;
      told.id = tlv;
      return true;
    case tlvTags.messageState:
      if (told.state !== undefined) return false;
      told.state = stateOf(tlv);
      return told.state !== undefined;
    case tlvTags.networkErrorCode:
      if (told.networkErrorCode !== undefined) return false;
      told.networkErrorCode = tlv;
      return true;
    case tlvTags.userMessageReference:
      if (told.userMessageReference !== undefined) return false;
      told.userMessageReference = referenceOf(tlv);
      return told.userMessageReference !== undefined;
    case tlvTags.messagePayload:
      // Beside a text of its own it is told with the others too, whichever is the receipt.
      told.payload ??= tlv;
      return told.payload === tlv && isEmptyMessage(pdu.shortMessage);
    default:
      return false;
  }
}

/** message_state counts the states from 1 (SMPP 3.4, 5.2.28). */
function stateOf(tlv: Tlv): ReceiptState | undefined {
  return receiptStates[(tlvInteger(tlv) ?? 0) - 1];
}

/** What is no integer of 16 bits is no reference of ours. */
function referenceOf(tlv: Tlv): number | undefined {
  const reference = tlvInteger(tlv);
  return reference !== undefined && reference <= 0xffff ? reference : undefined;
}

/** The three ASCII digits that some SMSCs write instead of a network's type and a number of two octets (quirk 17): no type is a digit. */
export function networkErrorDigits({ value }: Tlv): string | undefined {
  const isDigits = value.length === 3 && value.every((octet) => octet >= 0x30 && octet <= 0x39);
  return isDigits ? Buffer.from(value).toString('latin1') : undefined;
}
