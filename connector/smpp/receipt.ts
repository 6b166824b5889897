import { type ReceiptOptions, receiptOptions } from '#contract/carrier-receipts.ts';
import type { ReceiptEvent } from '#contract/connector-events.ts';
import type { IdRelation, ReceiptState } from '#contract/receipts.ts';
import type { KnownPdu } from './codec/pdu.ts';
import { readFrequentReceipt } from './frequent-receipt.ts';
import { isEmptyMessage } from './is-empty-message.ts';
import { dateReader, type ReadDate } from './receipt-dates.ts';
import { type ReceiptPattern, receiptPattern } from './receipt-pattern.ts';
import { type ClassOfError, classOfError, type StateOfStat, stateOfStat } from './receipt-state.ts';
import { maxWordLength, type ReceiptText, readReceiptText } from './receipt-text.ts';
import { networkErrorDigits, type ReceiptTlvs, readReceiptTlvs } from './receipt-tlvs.ts';
import { type NameOfTag, tagNames, tlvsByName } from './tlvs-by-name.ts';

/** Of a receipt that cannot be read. Its event has an end. */
const maxUnreadOctets = 4_000;

/** What the event tells beside where the receipt came from. */
export type Receipt = Omit<ReceiptEvent, 'type' | 'id' | 'carrier' | 'time' | 'from' | 'to'>;

export interface ReadReceipt {
  readonly receipt: Receipt;
  /** Its state is `unknown` because nobody knows the SMSC's word, not because the SMSC says so. */
  readonly isStateUnknown: boolean;
}

/**
 * The delivery receipt that `pdu` is, or undefined when it is a message. What it does not tell is absent, but a receipt stays one: it
 * must never reach a subscriber as a message. Of dates only `submitDate` and `doneDate` are told where `arrivedAt`, in ms, is not.
 * Never throws, and takes time in proportion to the octets.
 */
export type ReceiptReader = (pdu: KnownPdu<'deliver_sm'>, arrivedAt?: number) => ReadReceipt | undefined;

/**
 * esm_class says so by one of these bits: SMSC delivery receipt, SME acknowledgement, intermediate
 * notification (SMPP 3.4, 5.2.12). A mask, because 0x44 exists (quirk 21).
 */
const receiptBits = 0x04 | 0x08 | 0x20;
/** Two of the bits of the type stand for this one, which has a person's text: conversation abort. */
const typeBits = 0x3c;
const conversationAbort = 0x18;

/** A carrier's `receipts`, made ready once. */
interface Rules {
  readonly byEsmClass: boolean;
  readonly byTlv: boolean;
  readonly byText: boolean;
  readonly patterns: readonly ReceiptPattern[];
  readonly stateOf: StateOfStat;
  readonly classOf: ClassOfError;
  readonly readDate: ReadDate;
  readonly idRelation: IdRelation | undefined;
  readonly nameOf: NameOfTag;
}

/** As the carrier's profile has it. Made once per carrier. */
export function receiptReader(options: ReceiptOptions, nameOf: NameOfTag): ReceiptReader {
  const rules: Rules = {
    byEsmClass: options.detect.includes('esm-class'),
    byTlv: options.detect.includes('tlv'),
    byText: options.detect.includes('text'),
    patterns: options.patterns.map(receiptPattern),
    stateOf: stateOfStat(options.statuses),
    classOf: classOfError(options.errors),
    readDate: dateReader(options),
    idRelation: options.idFormat === 'auto' ? undefined : options.idFormat,
    nameOf,
  };
  return (pdu, arrivedAt) => readWith(rules, pdu, arrivedAt);
}

const readUsual = receiptReader(receiptOptions.parse({}), tagNames({}));

/** As of a carrier whose profile says nothing of receipts. */
export function readReceipt(pdu: KnownPdu<'deliver_sm'>): Receipt | undefined {
  return readUsual(pdu)?.receipt;
}

function readWith(rules: Rules, pdu: KnownPdu<'deliver_sm'>, arrivedAt: number | undefined): ReadReceipt | undefined {
  const tlvs = readReceiptTlvs(pdu);
  const isMarked = (rules.byEsmClass && isReceiptClass(pdu.esmClass)) || (rules.byTlv && hasReceiptTlv(tlvs));
  if (!isMarked && !rules.byText) return undefined;
  const { octets, fields } = textIn(pdu, tlvs, rules.patterns);
  if (!isMarked && !readsLikeReceipt(fields, rules.stateOf)) return undefined;
  const state = tlvs.state ?? (fields.stat === undefined ? undefined : rules.stateOf(fields.stat));
  const receipt = receiptOf(rules, { tlvs, fields, state: state ?? 'unknown', arrivedAt });
  const isRead = receipt.smscMessageId !== '' && state !== undefined;
  return {
    receipt: isRead ? receipt : { ...receipt, octets: octetsText(octets) },
    isStateUnknown: state === undefined,
  };
}

/** SMPP 3.4 has both in receipts alone (5.3.2.12 and 35). */
function hasReceiptTlv({ id, state }: Readonly<ReceiptTlvs>): boolean {
  return id !== undefined || state !== undefined;
}

/** In short_message, or where that names no id, in message_payload (quirk 16). */
function textIn(pdu: KnownPdu<'deliver_sm'>, { payload }: Readonly<ReceiptTlvs>, patterns: readonly ReceiptPattern[]) {
  const octets = pdu.shortMessage;
  if (payload === undefined) return { octets, fields: fieldsOf(octets, patterns) };
  const fields = isEmptyMessage(octets) ? undefined : fieldsOf(octets, patterns);
  if (fields?.id) return { octets, fields };
  return { octets: payload.value, fields: fieldsOf(payload.value, patterns) };
}

/** Of what could not be read: the longest is no receipt any more. */
function octetsText(octets: Uint8Array): string {
  return bufferOf(octets).toString('base64', 0, maxUnreadOctets);
}

function isReceiptClass(esmClass: number): boolean {
  return (esmClass & receiptBits) !== 0 && (esmClass & typeBits) !== conversationAbort;
}

interface Told {
  readonly tlvs: Readonly<ReceiptTlvs>;
  readonly fields: ReceiptText;
  readonly state: ReceiptState;
  readonly arrivedAt: number | undefined;
}

/** TLVs count before the text. */
function receiptOf(rules: Rules, { tlvs, fields, state, arrivedAt }: Told): Receipt {
  const { networkErrorCode: networkError } = tlvs;
  const err = fields.err ?? (networkError && networkErrorDigits(networkError));
  const networkErrorCode = networkError && hexOf(networkError.value).slice(0, maxWordLength);
  return {
    smscMessageId: (tlvs.id && textOf(tlvs.id.value).trim().slice(0, maxWordLength)) || (fields.id ?? ''),
    state,
    stat: fields.stat,
    err,
    networkErrorCode,
    submitDate: fields.submitDate,
    doneDate: fields.doneDate,
    submittedAt: dateOf(rules, fields.submitDate, arrivedAt),
    doneAt: dateOf(rules, fields.doneDate, arrivedAt),
    errorClass: rules.classOf(state, err, networkErrorCode),
    idRelation: rules.idRelation,
    tlvs: tlvs.others.length === 0 ? undefined : tlvsByName(tlvs.others, rules.nameOf),
    userMessageReference: tlvs.userMessageReference,
  };
}

function dateOf({ readDate }: Rules, written: string | undefined, arrivedAt: number | undefined): string | undefined {
  return written === undefined || arrivedAt === undefined ? undefined : readDate(written, arrivedAt);
}

function fieldsOf(octets: Uint8Array, patterns: readonly ReceiptPattern[]): ReceiptText {
  if (patterns.length === 0) return readFrequentReceipt(bufferOf(octets)) ?? readReceiptText(textOf(octets));
  const text = textOf(octets);
  for (const pattern of patterns) {
    const fields = pattern(text);
    if (fields !== undefined) return fields;
  }
  return readReceiptText(text);
}

/**
 * A person may well write "id: 5": an id, a state that is known and one more field are what nobody writes by chance (quirk 21), nor,
 * where the SMSC has a word of its own for the state (quirk 12), an id with counts and both dates.
 */
function readsLikeReceipt(fields: ReceiptText, stateOf: StateOfStat): boolean {
  const { id, stat, err, submitDate, doneDate, hasCounts } = fields;
  if (id === undefined || id === '' || stat === undefined) return false;
  if (hasCounts && submitDate !== undefined && doneDate !== undefined) return true;
  if (stateOf(stat) === undefined) return false;
  return hasCounts || err !== undefined || submitDate !== undefined || doneDate !== undefined;
}

/**
 * Octets as text, whatever data_coding says (quirk 19). Without NULs: they close some texts, and in
 * UTF-16 they are every other octet. A UDH stays: what stands before the fields does no harm (quirk 20),
 * and some SMSCs announce one that is not there (quirk 21).
 */
function textOf(octets: Uint8Array): string {
  const text = bufferOf(octets).toString('latin1');
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}

function hexOf(octets: Uint8Array): string {
  return bufferOf(octets).toString('hex');
}

/** The same octets, not a copy. */
function bufferOf(octets: Uint8Array): Buffer {
  return Buffer.isBuffer(octets) ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}
