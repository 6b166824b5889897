import type { AddressKind, AddressRule } from '#contract/carrier-addresses.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { InvalidPduError } from './errors.ts';

/** An address as a submit_sm has it. */
export interface Address {
  readonly ton: number;
  readonly npi: number;
  readonly digits: string;
}

/** Who sends or receives a message, and the TON and NPI that the message has of its own. */
export interface Party {
  readonly of: AddressRule['of'];
  /** E.164 with "+", a short code, or letters; empty: none. */
  readonly address: string;
  readonly addressing?: OutboundSms['fromAddressing'];
}

/**
 * TON and NPI by kind of address, where no rule of the carrier's says otherwise (quirk 67; values: SMPP 3.4, 5.2.5 and 5.2.6):
 *
 *   kind           | looks like     | TON/NPI | as it is written
 *   ---------------+----------------+---------+-----------------------------------------------------
 *   none           |                |   0/0   | empty: the SMSC puts its own sender
 *   international  | +447700900123  |   1/1   | 447700900123
 *   short-code     | 12345          |   3/0   | 12345
 *   alphanumeric   | anything else  |   5/0   | as it is
 */
const usual: Readonly<Record<AddressKind, Pick<Address, 'ton' | 'npi'>>> = {
  none: { ton: 0, npi: 0 },
  international: { ton: 1, npi: 1 },
  'short-code': { ton: 3, npi: 0 },
  alphanumeric: { ton: 5, npi: 0 },
};

const leads: Readonly<Record<AddressRule['form'], string>> = { digits: '', plus: '+', '00': '00' };

/**
 * How the address is written: by the first rule that fits its kind and beginning, else as usual; with the message's own TON and
 * NPI, where it has them. Throws `InvalidPduError` for what a C-octet string of SMPP cannot say (SMPP 3.4, 3.1: ASCII that a NUL
 * ends; quirk 70).
 */
export function addressOf({ of, address, addressing }: Party, rules: readonly AddressRule[]): Address {
  if (!isPrintableAscii(address)) {
    throw new InvalidPduError(`address of the ${of}`, 'of printable ASCII characters', 'others');
  }
  const kind = kindOf(address);
  const digits = kind === 'international' ? address.slice(1) : address;
  const rule = rules.find((each) => each.of === of && each.kind === kind && digits.startsWith(each.prefix ?? ''));
  const { ton, npi } = addressing ?? rule ?? usual[kind];
  return { ton, npi, digits: rule === undefined ? digits : written(digits, kind, rule) };
}

function written(
  digits: string,
  kind: AddressKind,
  { form, prefix = '', replacePrefix = prefix }: AddressRule,
): string {
  const lead = kind === 'international' ? leads[form] : '';
  return `${lead}${replacePrefix}${digits.slice(prefix.length)}`;
}

function kindOf(address: string): AddressKind {
  if (address === '') return 'none';
  if (/^\+\d+$/.test(address)) return 'international';
  return /^\d+$/.test(address) ? 'short-code' : 'alphanumeric';
}

function isPrintableAscii(address: string): boolean {
  return /^[ -~]*$/.test(address);
}
