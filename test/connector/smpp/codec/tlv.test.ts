import { tlvInteger } from '../../../../connector/smpp/codec/tlv.ts';

const messageState = 0x0427;

test.each([
  ['of one octet', '02', 2],
  ['of two octets', '0102', 0x0102],
  ['of four octets', 'fffffffe', 0xfffffffe],
  ['of three octets', '010203', 0x010203],
  ['with leading zeros', '00000000000000000002', 2],
  ['that a number just holds', '1fffffffffffff', Number.MAX_SAFE_INTEGER],
])('an integer %s is read', (_, hex, expected) => {
  expect(tlvInteger({ tag: messageState, value: Buffer.from(hex, 'hex') })).toBe(expected);
});

test.each([
  ['no octets', Buffer.alloc(0)],
  ['more than a number holds', Buffer.from('20000000000000', 'hex')],
  ['as many octets as there can be', Buffer.alloc(0xffff, 0xff)],
])('a TLV of %s has no integer', (_, value) => {
  expect(tlvInteger({ tag: messageState, value })).toBeUndefined();
});
