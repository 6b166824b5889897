/** An address as PDUs carry it. */
export interface Address {
  readonly ton: number;
  readonly npi: number;
  readonly digits: string;
}

const unknown = 0;
const international = 1;
const alphanumeric = 5;
const isdn = 1;

/** `+447700900123`, a short code or a name, as a PDU's address: international numbers go without "+". */
export function toAddress(number: string): Address {
  if (number.startsWith('+')) return { ton: international, npi: isdn, digits: number.slice(1) };
  if (/^\d*$/.test(number)) return { ton: unknown, npi: isdn, digits: number };
  return { ton: alphanumeric, npi: unknown, digits: number };
}

/** The reverse: an international number gets its "+", whether or not the PDU had one. */
export function fromAddress({ ton, digits }: Pick<Address, 'ton' | 'digits'>): string {
  return ton === international && /^\d/.test(digits) ? `+${digits}` : digits;
}
