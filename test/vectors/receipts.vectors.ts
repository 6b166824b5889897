import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { receiptOptions } from '#contract/carrier-receipts.ts';
import { type ReceiptState, receiptStates } from '#contract/receipts.ts';
import type { KnownPdu, Tlv } from '../../connector/smpp/codec/pdu.ts';
import { readPdu } from '../../connector/smpp/codec/read.ts';
import { tlvTags } from '../../connector/smpp/codec/tables.ts';
import { readReceipt, receiptReader } from '../../connector/smpp/receipt.ts';
import { tagNames } from '../../connector/smpp/tlvs-by-name.ts';
import { asRead, deliverSm } from '../support/pdus.ts';

interface NamedTlvs {
  readonly receipted_message_id?: string;
  readonly message_state?: number;
  readonly network_error_code?: string;
}

interface TextVector {
  readonly text: string;
  readonly tlvs?: NamedTlvs;
  readonly expect: {
    readonly id: string | null;
    readonly stat: string | null;
    readonly err?: string;
    readonly submit_date?: string;
    readonly done_date?: string;
    readonly carried_in?: string;
  };
}

interface PduVector {
  readonly hex: string;
  readonly esm_class: number;
  readonly short_message: string;
  readonly tlvs: readonly { readonly tag: string; readonly value_hex: string }[];
}

interface Vectors {
  readonly message_state_words: Readonly<Record<string, number>>;
  readonly receipts: readonly TextVector[];
  readonly receipt_pdus: readonly PduVector[];
}

const vectors: Vectors = JSON.parse(readFileSync(join(process.env.VECTORS_DIR ?? '', 'receipts.json'), 'utf8'));

function stateOf(number: number | undefined): ReceiptState {
  return receiptStates[(number ?? 0) - 1] ?? 'unknown';
}

function tlvsOf({ receipted_message_id, message_state, network_error_code }: NamedTlvs): Tlv[] {
  const tlvs: Tlv[] = [];
  if (receipted_message_id)
    tlvs.push({ tag: tlvTags.receiptedMessageId, value: Buffer.from(`${receipted_message_id}\0`) });
  if (message_state) tlvs.push({ tag: tlvTags.messageState, value: Buffer.of(message_state) });
  if (network_error_code) tlvs.push({ tag: tlvTags.networkErrorCode, value: Buffer.from(network_error_code, 'hex') });
  return tlvs;
}

function receiptPdu({ text, tlvs = {}, expect: { carried_in } }: TextVector): KnownPdu<'deliver_sm'> {
  const octets = Buffer.from(text, 'latin1');
  const inPayload = carried_in === 'message_payload';
  return asRead(
    deliverSm({
      esmClass: 0x04,
      shortMessage: inPayload ? Buffer.alloc(0) : octets,
      tlvs: [...tlvsOf(tlvs), ...(inPayload ? [{ tag: tlvTags.messagePayload, value: octets }] : [])],
    }),
  );
}

/** A date as the text has it, 10 or 12 digits, from the vectors' ISO form. */
function isDate(written: string | undefined, iso: string): boolean {
  return written?.padEnd(12, '0') === iso.replace(/\D/g, '').slice(2);
}

test.each(vectors.receipts)('$text is read as its source asserts', (vector) => {
  const { id, stat, err, submit_date, done_date } = vector.expect;
  const receipt = readReceipt(receiptPdu(vector));
  // Where TLV and text name the same id in different forms, the TLV counts.
  expect(receipt?.smscMessageId).toBe(vector.tlvs?.receipted_message_id ?? id ?? '');
  expect(receipt?.state).toBe(stateOf(vectors.message_state_words[stat ?? '']));
  if (/stat:/i.test(vector.text)) expect(receipt?.stat).toBe(stat);
  if (err !== undefined) expect(receipt?.err).toBe(err);
  if (submit_date !== undefined) expect(isDate(receipt?.submitDate, submit_date)).toBe(true);
  if (done_date !== undefined) expect(isDate(receipt?.doneDate, done_date)).toBe(true);
  expect(receipt?.networkErrorCode).toBe(vector.tlvs?.network_error_code);
});

const readWithDates = receiptReader(receiptOptions.parse({}), tagNames({}));
const dated = vectors.receipts.filter(({ expect: { done_date } }) => done_date !== undefined);

test.each(dated)('$text, come the hour after, is dated as its source asserts', (vector) => {
  const doneAt = new Date(`${vector.expect.done_date}Z`);
  const { receipt } = readWithDates(receiptPdu(vector), doneAt.getTime() + 3_600_000) ?? {};
  expect(receipt?.doneAt).toBe(doneAt.toISOString());
});

test.each(vectors.receipt_pdus)('$hex is a receipt, with the id and the state of its TLVs or its text', (vector) => {
  const pdu = readPdu(Buffer.from(vector.hex, 'hex')) as KnownPdu<'deliver_sm'>;
  const tlvValue = (tag: number) => {
    const tlv = vector.tlvs.find((candidate) => Number(candidate.tag) === tag);
    return tlv && Buffer.from(tlv.value_hex, 'hex');
  };
  const id = tlvValue(tlvTags.receiptedMessageId)?.toString('latin1').replace('\0', '');
  const state = tlvValue(tlvTags.messageState)?.readUInt8() ?? vectors.message_state_words.DELIVRD;
  expect(pdu).toMatchObject({ command: 'deliver_sm', esmClass: vector.esm_class, flaws: [] });
  expect(readReceipt(pdu)).toMatchObject({
    smscMessageId: id ?? /id:(\S+)/.exec(vector.short_message)?.[1],
    state: stateOf(state),
  });
});
