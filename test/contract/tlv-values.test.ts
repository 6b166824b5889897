import { type TlvType, type TlvValue, tlvDefinition } from '#contract/carrier-tlvs.ts';
import { faultOfTlv, tlvOctets } from '#contract/tlv-values.ts';

function definition(type: TlvType, maxOctets?: number) {
  return tlvDefinition.parse({ tag: '0x1400', type, ...(maxOctets !== undefined && { maxOctets }) });
}

test.each<[TlvType, TlvValue, string]>([
  ['cstring', '110é', '313130e900'],
  ['cstring', '', '00'],
  ['string', '110', '313130'],
  ['int8', 255, 'ff'],
  ['int16', 1, '0001'],
  ['int32', 0xffffffff, 'ffffffff'],
  ['hex', '0aFF', '0aff'],
  ['hex', '', ''],
])('as %s %p is 0x%s', (type, value, hex) => {
  expect(faultOfTlv(definition(type), value)).toBeUndefined();
  expect(Buffer.from(tlvOctets(definition(type), value)).toString('hex')).toBe(hex);
});

test.each<[TlvType, TlvValue, string]>([
  ['cstring', 5, 'must be a string of at most 4 characters of Latin-1, without NUL'],
  ['cstring', 'a\0b', 'must be a string of at most 4 characters of Latin-1, without NUL'],
  ['string', '12345', 'must be a string of at most 4 characters of Latin-1, without NUL'],
  ['string', '\u0416', 'must be a string of at most 4 characters of Latin-1, without NUL'],
  ['int8', 256, 'must be a whole number from 0 to 255'],
  ['int16', '1', 'must be a whole number from 0 to 65535'],
  ['int32', 1.5, 'must be a whole number from 0 to 4294967295'],
  ['hex', '0a0', 'must be pairs of hex digits for at most 4 octets'],
  ['hex', '0a0b0c0d0e', 'must be pairs of hex digits for at most 4 octets'],
])('as %s %p is refused', (type, value, fault) => {
  expect(faultOfTlv(definition(type, 4), value)).toBe(fault);
});
