import type { Behaviour } from '../play/behaviour.ts';
import { endingOf } from '../play/endings.ts';
import type { Stage } from '../play/stage.ts';
import { maxShortMessageOctets } from '../smpp.ts';
import type { Delivery } from './deliveries.ts';
import type { Notice } from './message.ts';
import { excerptOf, receiptText, statWords } from './receipt-text.ts';
import { messageStates, type ShortMessage } from './short-message.ts';

type Receipts = Behaviour['receipts'];

/** esm_class of an intermediate notification (SMPP 3.4, 5.2.12). */
const intermediateEsmClass = 0x20;
/** network_error_code begins with the kind of network (SMPP 3.4, 5.3.2.31). */
const gsmNetwork = 3;

type OfShortMessage = Pick<
  ShortMessage,
  'receiptId' | 'systemId' | 'session' | 'to' | 'source' | 'destination' | 'submittedAt' | 'userMessageReference'
>;

/** What a receipt tells of its message: not the octets, which would be kept as long as the receipt waits. */
export interface ReceiptSubject extends OfShortMessage {
  readonly excerpt: string;
}

/** A receipt that is due. */
export interface DueReceipt {
  readonly subject: ReceiptSubject;
  readonly notice: Notice;
}

export interface ReceiptPorts {
  readonly stage: Stage;
  /** An id that no message has, as receipts have ids. */
  readonly strangerId: () => string;
}

export function subjectOf(short: ShortMessage, stage: Stage): ReceiptSubject {
  const { receiptId, systemId, session, to, source, destination, submittedAt, userMessageReference } = short;
  const excerpt = excerptOf(short, stage.behaviour.handsets);
  return { receiptId, systemId, session, to, source, destination, submittedAt, userMessageReference, excerpt };
}

/** The PDUs of a receipt, in the order in which they are sent. */
export function receiptDeliveries(due: DueReceipt, ports: ReceiptPorts): Delivery[] {
  const { enroute, repeat, strays } = ports.stage.behaviour.receipts;
  const { notice, subject } = due;
  const isTwice = endingOf(subject.to)?.receipts === 'twice';
  const times = 1 + repeat + (isTwice ? 1 : 0);
  const isFinal = notice.state !== 'enroute' && notice.state !== 'buffered';
  const behind: DueReceipt = { subject, notice: { state: 'buffered', err: '000', at: notice.at } };
  const inOrder = isFinal && enroute === 'after' ? [due, behind] : [due];
  return inOrder.flatMap((receipt) => {
    const esmClass = notice.state === 'enroute' ? intermediateEsmClass : undefined;
    const delivery = deliveryOf(receipt, ports.stage, esmClass);
    const repeated = Array.from({ length: times }, () => delivery);
    if (!strays) return repeated;
    const stranger: DueReceipt = { ...receipt, subject: { ...subject, receiptId: ports.strangerId() } };
    return [deliveryOf(stranger, ports.stage, esmClass), ...repeated];
  });
}

function deliveryOf({ subject, notice }: DueReceipt, stage: Stage, fixedEsmClass: number | undefined): Delivery {
  const { receipts } = stage.behaviour;
  const { command, textIn, via, dataCoding, over } = receipts;
  const isUnknown = notice.state === 'delivered' && endingOf(subject.to)?.receipts === 'unknown-state';
  const known = notice.state === 'buffered' ? 'enroute' : notice.state;
  const state = isUnknown ? 'unknown' : known;
  const words = state === 'unknown' ? undefined : receipts.words[state];
  const err = receipts.errs === null ? notice.err : stage.inTurn(receipts.errs);
  const text = receiptText(
    {
      receiptId: subject.receiptId,
      state,
      stat: words === undefined ? statWords[state] : stage.inTurn(words),
      err,
      submittedAt: subject.submittedAt,
      doneAt: notice.at,
      dateForm: stage.inTurn(receipts.dates),
      excerpt: subject.excerpt,
    },
    receipts,
  );
  return {
    command,
    systemId: subject.systemId,
    ...(over === 'another-session' ? { notOver: subject.session } : {}),
    fields: {
      ...addressesOf(subject),
      esm_class: fixedEsmClass ?? stage.inTurn(receipts.esmClasses),
      data_coding: dataCoding,
      ...textFields(via.includes('text') ? octetsOf(text) : Buffer.alloc(0), { command, textIn }),
      ...(via.includes('tlvs') ? tlvFields(subject, receipts, { state: messageStates[state], err }) : {}),
      ...(Object.keys(receipts.extraTlvs).length > 0 ? { extraTlvs: receipts.extraTlvs } : {}),
    },
  };
}

/** From the recipient of the message to its sender. */
function addressesOf({ source, destination }: ReceiptSubject): Record<string, unknown> {
  return {
    source_addr_ton: destination.ton,
    source_addr_npi: destination.npi,
    source_addr: destination.digits,
    dest_addr_ton: source.ton,
    dest_addr_npi: source.npi,
    destination_addr: source.digits,
  };
}

function textFields(
  octets: Buffer,
  { command, textIn }: Pick<Receipts, 'command' | 'textIn'>,
): Record<string, unknown> {
  const isPayload = command === 'data_sm' || textIn === 'message_payload';
  if (!isPayload) return { short_message: octets.subarray(0, maxShortMessageOctets) };
  return {
    ...(command === 'deliver_sm' ? { short_message: Buffer.alloc(0) } : {}),
    ...(octets.length > 0 ? { message_payload: octets } : {}),
  };
}

function tlvFields(
  { receiptId, userMessageReference }: ReceiptSubject,
  { tlvs, networkErrorCode }: Receipts,
  { state, err }: { readonly state: number; readonly err: string },
): Record<string, unknown> {
  const values: Readonly<Record<Receipts['tlvs'][number], unknown>> = {
    receipted_message_id: receiptId,
    message_state: state,
    network_error_code: networkErrorCode === 'ascii' ? asciiErrorCode(err) : octetsErrorCode(err),
    user_message_reference: userMessageReference,
  };
  return Object.fromEntries(tlvs.map((name) => [name, values[name]]).filter(([, value]) => value !== undefined));
}

function asciiErrorCode(err: string): Buffer {
  return octetsOf(err.padStart(3, '0').slice(-3));
}

function octetsErrorCode(err: string): Buffer {
  const code = /^\d{1,5}$/.test(err) ? Number(err) % 0x1_0000 : 0;
  return octetsOf(String.fromCharCode(gsmNetwork, code >> 8, code & 0xff));
}

/** Not of the pool that Buffer.from takes from: a receipt that waits for its ESME would keep all of that. */
function octetsOf(text: string): Buffer {
  const octets = Buffer.alloc(text.length);
  octets.write(text, 'latin1');
  return octets;
}
