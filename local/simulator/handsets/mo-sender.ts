import { type Address, toAddress } from '../messages/address.ts';
import type { Behaviour } from '../play/behaviour.ts';

type AddressForm = Behaviour['mo']['senders'][number];

const ton = { unknown: 0, international: 1, national: 2 } as const;
const npi = { unknown: 0, isdn: 1 } as const;
/** What phones have of a number, though SMPP has room for 20 digits only. */
const longDigits = 30;

/** How `number` is written as a sender. Names and short codes have no international or national forms. */
export function senderAddress(number: string, form: AddressForm): Address {
  const address = toAddress(number);
  if (address.ton > ton.international) return address;
  const { digits } = address;
  if (form === 'unknown') return { ton: ton.unknown, npi: npi.unknown, digits };
  if (form === 'long') return { ton: ton.international, npi: npi.isdn, digits: digits.padStart(longDigits, '0') };
  if (address.ton !== ton.international || form === 'international') return address;
  if (form === 'plus') return { ...address, digits: `+${digits}` };
  return { ton: ton.national, npi: npi.isdn, digits: `0${digits.slice(countryCodeLength(digits))}` };
}

/** Country codes of two digits (ITU-T E.164); 1 and 7 have one, all others three. */
const twoDigitCodes = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

function countryCodeLength(digits: string): 1 | 2 | 3 {
  if (/^[17]/.test(digits)) return 1;
  return twoDigitCodes.test(digits) ? 2 : 3;
}
