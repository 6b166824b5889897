import { concatenationUdh } from '../../support/concatenation-udh.ts';
import type { Esme, ReadPdu } from './esme.ts';
import { type Rig, submitSm } from './rig.ts';

/** The handset of a simulator does what it does at once; receipts come so long after that, if the play says nothing else. */
export const receiptDelayMs = 200;

export interface Reported {
  readonly response: ReadPdu;
  readonly receipt: ReadPdu;
}

/** Submits a message that asks for a receipt, and answers that. */
export async function reported(rig: Rig, esme: Esme, fields: Record<string, unknown> = {}): Promise<Reported> {
  const response = await esme.ask('submit_sm', { ...submitSm, registered_delivery: 1, ...fields });
  expect(response).toMatchObject({ command: 'submit_sm_resp', command_status: 0 });
  await rig.clock.advance(receiptDelayMs);
  return { response, receipt: await nextReceipt(esme) };
}

/** The next PDU, which must be a receipt; it is answered. */
export async function nextReceipt(esme: Esme): Promise<ReadPdu> {
  const receipt = await esme.next();
  expect(['deliver_sm', 'data_sm']).toContain(receipt.command);
  esme.answer(receipt);
  return receipt;
}

/** Its short_message, or else its message_payload. */
export function textOf({ short_message: short, message_payload: payload }: ReadPdu): string {
  const octets = Buffer.isBuffer(short) && short.length > 0 ? short : payload;
  return Buffer.isBuffer(octets) ? octets.toString('latin1') : '';
}

/** The value of a field in the text of a receipt, up to the next space. */
export function fieldOf(receipt: ReadPdu, name: string): string | undefined {
  return new RegExp(`(?<![a-z])${name}:(\\S*)`).exec(textOf(receipt))?.[1];
}

/** Fields of one part of a long message. */
export function partFields(part: number, total: number, text = `part ${part}`): Record<string, unknown> {
  return { esm_class: 0x40, short_message: Buffer.concat([concatenationUdh(9, total, part), Buffer.from(text)]) };
}

/** What was sent is answered and nothing else has come. */
export async function expectSilence(esme: Esme): Promise<void> {
  expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  expect(esme.received).toEqual([]);
}
