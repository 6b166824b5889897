import type { ReceiptEvent } from '#contract/connector-events.ts';
import { type ReceiptState, receiptStates } from '#contract/receipts.ts';
import type { KnownPdu, Tlv } from './codec/pdu.ts';
import { tlvTags } from './codec/tables.ts';
import { tlvInteger } from './codec/tlv.ts';

export type Receipt = Pick<
  ReceiptEvent,
  'smscMessageId' | 'state' | 'stat' | 'err' | 'networkErrorCode' | 'submitDate' | 'doneDate' | 'userMessageReference'
>;

/**
 * esm_class says so by one of these bits: SMSC delivery receipt, SME acknowledgement, intermediate
 * notification (SMPP 3.4, 5.2.12). A mask, because 0x44 exists (quirk 21).
 */
const receiptBits = 0x04 | 0x08 | 0x20;

/** A receipt must fit into an event, whatever an SMSC puts into it; the longest ids known have 64 characters (quirk 5). */
const maxWordLength = 255;

/** `stat` as Appendix B has it, and as SMSCs write it (quirk 12). Anything else is `unknown`, never a failure. */
const statesByStat: ReadonlyMap<string, ReceiptState> = new Map([
  ['ENROUTE', 'enroute'],
  ['DELIVRD', 'delivered'],
  ['EXPIRED', 'expired'],
  ['DELETED', 'deleted'],
  ['UNDELIV', 'undeliverable'],
  ['ACCEPTD', 'accepted'],
  ['UNKNOWN', 'unknown'],
  ['REJECTD', 'rejected'],
  ['DELIVERED', 'delivered'],
  ['UNDELIVERABLE', 'undeliverable'],
  ['UNDELIVERED', 'undeliverable'],
  ['FAILED', 'undeliverable'],
  ['ACCEPTED', 'accepted'],
  ['ACKED', 'accepted'],
  ['REJECTED', 'rejected'],
  ['BUFFRED', 'enroute'],
  ['BUFFERD', 'enroute'],
  ['BUFFERED', 'enroute'],
]);

/**
 * The delivery receipt that `pdu` is, or undefined when it is a message. What it does not tell is absent,
 * but a receipt stays one: it must never reach a subscriber as a message. TLVs count before the text.
 * Never throws, and takes time in proportion to the octets.
 */
export function readReceipt(pdu: KnownPdu<'deliver_sm'>): Receipt | undefined {
  const idTlv = tlvValue(pdu, tlvTags.receiptedMessageId);
  if ((pdu.esmClass & receiptBits) === 0 && idTlv === undefined) return undefined;
  const fields = textFields(receiptText(pdu));
  const networkErrorCode = tlvValue(pdu, tlvTags.networkErrorCode);
  const stat = fields.get('stat');
  return {
    smscMessageId: withoutNuls(idTlv).slice(0, maxWordLength) || (fields.get('id') ?? ''),
    state: stateOfTlv(tlvOf(pdu, tlvTags.messageState)) ?? statesByStat.get(stat?.toUpperCase() ?? '') ?? 'unknown',
    stat,
    err: fields.get('err'),
    networkErrorCode: networkErrorCode?.toString('hex').slice(0, maxWordLength),
    submitDate: fields.get('submit date'),
    doneDate: fields.get('done date'),
    userMessageReference: referenceOf(tlvOf(pdu, tlvTags.userMessageReference)),
  };
}

function tlvOf(pdu: KnownPdu<'deliver_sm'>, wanted: number): Tlv | undefined {
  return pdu.tlvs.find(({ tag }) => tag === wanted);
}

function tlvValue(pdu: KnownPdu<'deliver_sm'>, wanted: number): Buffer | undefined {
  const tlv = tlvOf(pdu, wanted);
  return tlv && Buffer.from(tlv.value);
}

/** message_state counts the states from 1 (SMPP 3.4, 5.2.28). */
function stateOfTlv(tlv: Tlv | undefined): ReceiptState | undefined {
  return receiptStates[((tlv && tlvInteger(tlv)) ?? 0) - 1];
}

/** What is no integer of 16 bits is no reference of ours. */
function referenceOf(tlv: Tlv | undefined): number | undefined {
  const reference = tlv && tlvInteger(tlv);
  return reference !== undefined && reference <= 0xffff ? reference : undefined;
}

/**
 * The octets as text, whatever data_coding says (quirk 19). Without NULs: they close some texts, and in
 * UTF-16 they are every other octet. A UDH stays: what stands before the fields does no harm (quirk 20),
 * and some SMSCs announce one that is not there (quirk 21).
 */
function receiptText(pdu: KnownPdu<'deliver_sm'>): string {
  const payload = tlvValue(pdu, tlvTags.messagePayload);
  const octets = pdu.shortMessage.length === 0 && payload !== undefined ? payload : Buffer.from(pdu.shortMessage);
  return withoutNuls(octets);
}

function withoutNuls(octets: Buffer | undefined): string {
  return octets?.toString('latin1').replaceAll('\0', '') ?? '';
}

/** In any case and order, and behind anything but a letter: `SMSAlert^id:1` has an id, `void:1` none. */
const fieldNames = /(?<![a-z])(id|sub|dlvrd|submit date|done date|stat|err|text):/gi;

/**
 * The first word of each field of Appendix B; of a repeated field the first counts.
 *
 * `text` holds what a person wrote, which may look like fields, so it ends the search. But some SMSCs put
 * an empty one in the middle (`text: stat:DELIVRD`): fields that follow it at once, one word each, still
 * count, never an id, which would put the receipt on somebody else's message.
 */
function textFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const names = [...text.matchAll(fieldNames)];
  for (const [position, match] of names.entries()) {
    const name = match[0].slice(0, -1).toLowerCase();
    const words = text.slice(match.index + match[0].length, names[position + 1]?.index).trim();
    const word = firstWord(words);
    const behindText = fields.has('text');
    if (name === 'text' ? words !== '' : behindText && (name === 'id' || word !== words)) break;
    if (!fields.has(name)) fields.set(name, word.slice(0, maxWordLength));
  }
  return fields;
}

function firstWord(words: string): string {
  const end = words.search(/\s/);
  return end === -1 ? words : words.slice(0, end);
}
