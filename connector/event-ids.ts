import { createHash } from 'node:crypto';
import type { ShortMessageBody, Tlv } from './smpp/codec/pdu.ts';

/**
 * Ids of events are made from what they tell, never drawn: the same thing told twice, by this process
 * or by the one that replaces it, has one id, and `track-events` counts it once.
 */
export const eventIds = {
  sending: (messageId: string) => `${messageId}:sending`,
  /** Without an id from the SMSC, a second acceptance would look like the first told twice. */
  submitted: (messageId: string, segment: number, smscMessageId: string, possibleDuplicate: boolean) =>
    `${messageId}:${segment}:submitted:${shorten(smscMessageId) || (possibleDuplicate ? 'again' : '')}`,
  rejected: (messageId: string, segment: number, commandStatus: number) =>
    `${messageId}:${segment}:rejected:${commandStatus}`,
  expired: (messageId: string, possiblySubmitted: boolean) =>
    `${messageId}:expired${possiblySubmitted ? ':possibly-submitted' : ''}`,
  unsendable: (messageId: string) => `${messageId}:unsendable`,
  receipt: (carrier: string, fingerprintOfPdu: string) => `${carrier}:receipt:${fingerprintOfPdu}`,
  /** Nothing tells a repeat of a part from the same part of another message: each arrival is an event of its own. */
  part: (carrier: string, fingerprintOfPdu: string, arrivalId: string) =>
    `${carrier}:part:${fingerprintOfPdu}:${arrivalId}`,
  carrierState: (bindId: string, report: number) => `${bindId}:${report}`,
};

/** Addresses, octets and TLVs of a deliver_sm, hashed: the same for a repeat of it. 32 hex digits. */
export function fingerprint(pdu: ShortMessageBody & { readonly tlvs: readonly Tlv[] }): string {
  const parts: (string | Uint8Array)[] = [
    pdu.sourceAddr,
    pdu.destinationAddr,
    `${pdu.esmClass},${pdu.dataCoding}`,
    pdu.shortMessage,
    ...pdu.tlvs.flatMap(({ tag, value }) => [String(tag), value]),
  ];
  const hash = createHash('sha256');
  // Each with its length before it: no part can be read as the end of the one before.
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 32);
}

/** An SMSC may give an id of any length; an event's id has an end. */
function shorten(smscMessageId: string): string {
  const longest = 80;
  if (smscMessageId.length <= longest) return smscMessageId;
  return createHash('sha256').update(smscMessageId).digest('hex').slice(0, 32);
}
