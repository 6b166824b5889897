import type { Tlv } from './pdu.ts';

/** Tag and length: 2 octets each. */
export const tlvHeaderLength = 4;
export const maxTlvValue = 0xffff;

/**
 * The integer that `tlv` is, of however many octets: SMSCs do not keep to the specification's one or two
 * or four. Undefined when there is none, or more than a number holds.
 */
export function tlvInteger({ value }: Tlv): number | undefined {
  if (value.length === 0) return undefined;
  const integer = value.reduce((high, octet) => high * 0x100 + octet, 0);
  return Number.isSafeInteger(integer) ? integer : undefined;
}
