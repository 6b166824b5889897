import { createHash } from 'node:crypto';
import type { ShortMessageBody, Tlv } from './smpp/codec/pdu.ts';

/**
 * Ids of events are made from what they tell, never drawn: the same thing told twice, by this process
 * or by the one that replaces it, has one id, and `track-events` counts it once.
 */
export const eventIds = {
  sending: (messageId: string) => `${messageId}:sending`,
  submitted: (messageId: string, segment: number, smscMessageId: string) =>
    `${messageId}:${segment}:submitted:${shorten(smscMessageId)}`,
  rejected: (messageId: string, segment: number, commandStatus: number) =>
    `${messageId}:${segment}:rejected:${commandStatus}`,
  expired: (messageId: string) => `${messageId}:expired`,
  unsendable: (messageId: string) => `${messageId}:unsendable`,
  receipt: (carrier: string, pdu: ShortMessageBody & { readonly tlvs: readonly Tlv[] }) =>
    `${carrier}:receipt:${fingerprint(pdu)}`,
  carrierState: (bindId: string, time: string) => `${bindId}:${time}`,
};

/** Addresses, octets and TLVs of a deliver_sm, hashed: the same for a repeat of it. 32 hex digits. */
export function fingerprint(pdu: ShortMessageBody & { readonly tlvs: readonly Tlv[] }): string {
  const hash = createHash('sha256');
  hash.update(`${pdu.sourceAddr}\0${pdu.destinationAddr}\0${pdu.esmClass}\0${pdu.dataCoding}\0`);
  hash.update(pdu.shortMessage);
  for (const { tag, value } of pdu.tlvs) hash.update(`\0${tag}\0`).update(value);
  return hash.digest('hex').slice(0, 32);
}

/** An SMSC may give an id of any length; an event's id has an end. */
function shorten(smscMessageId: string): string {
  const longest = 80;
  if (smscMessageId.length <= longest) return smscMessageId;
  return createHash('sha256').update(smscMessageId).digest('hex').slice(0, 32);
}
