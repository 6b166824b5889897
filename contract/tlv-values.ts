import type { TlvDefinition, TlvValue } from './carrier-tlvs.ts';
import { isLatin1 } from './text/latin1.ts';

/** Octets of a whole number; the other types are as long as their values. */
const integerOctets = { int8: 1, int16: 2, int32: 4 } as const;

/** Why `value` cannot be that TLV, in words that begin with "must"; undefined when it can. */
export function faultOfTlv({ type, maxOctets }: TlvDefinition, value: TlvValue): string | undefined {
  switch (type) {
    case 'int8':
    case 'int16':
    case 'int32': {
      const most = 2 ** (8 * integerOctets[type]) - 1;
      return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most
        ? undefined
        : `must be a whole number from 0 to ${most}`;
    }
    case 'hex':
      return typeof value === 'string' && /^(?:[0-9a-fA-F]{2})*$/.test(value) && value.length <= 2 * maxOctets
        ? undefined
        : `must be pairs of hex digits for at most ${maxOctets} octets`;
    // A character is an octet, and a NUL would end a C-octet string early.
    default:
      return typeof value === 'string' && isLatin1(value) && !value.includes('\0') && value.length <= maxOctets
        ? undefined
        : `must be a string of at most ${maxOctets} characters of Latin-1, without NUL`;
  }
}

/** The TLV's octets. The value must be without fault. */
export function tlvOctets({ type }: TlvDefinition, value: TlvValue): Uint8Array {
  switch (type) {
    case 'int8':
    case 'int16':
    case 'int32': {
      const octets = Buffer.alloc(integerOctets[type]);
      octets.writeUIntBE(Number(value), 0, octets.length);
      return octets;
    }
    case 'hex':
      return Buffer.from(String(value), 'hex');
    case 'cstring':
      return Buffer.from(`${value}\0`, 'latin1');
    default:
      return Buffer.from(String(value), 'latin1');
  }
}
