import { tagNames, tlvsByName } from '../../../connector/smpp/tlvs-by-name.ts';

const nameOf = tagNames({ operator: { tag: 0x1400, type: 'string', maxOctets: 255, required: false } });
const tlv = (tag: number, hex: string) => ({ tag, value: Buffer.from(hex, 'hex') });

test('a TLV is called as the carrier’s profile does, else as SMPP does, else by its tag (quirk 43)', () => {
  expect([0x1400, 0x0424, 0x1401, 0x0001].map(nameOf)).toEqual(['operator', 'message_payload', '0x1401', '0x0001']);
  const own = tagNames({ state: { tag: 0x0427, type: 'int8', maxOctets: 1, required: false } });
  expect(own(0x0427)).toBe('state');
});

test('a TLV that comes again has a name of its own: nothing is lost', () => {
  const tlvs = [tlv(0x1400, '01'), tlv(0x1400, '02'), tlv(0x1401, ''), tlv(0x1400, '01')];
  expect(tlvsByName(tlvs, nameOf)).toEqual({ operator: '01', 'operator#2': '02', '0x1401': '', 'operator#3': '01' });
});

test('at most so many octets are told, of JSON: the largest values are left out', () => {
  const tlvs = [tlv(0x1401, 'aa'.repeat(50)), tlv(0x1402, 'bb'), tlv(0x1403, 'cc'.repeat(10)), tlv(0x1404, 'dd')];
  const told = tlvsByName(tlvs, nameOf, 70);
  expect(Object.keys(told)).toEqual(['0x1402', '0x1403', '0x1404']);
  expect(JSON.stringify(told).length).toBeLessThanOrEqual(70);
  expect(tlvsByName(tlvs, nameOf, 0)).toEqual({});
});

test('16,000 empty TLVs are as bounded as one giant', () => {
  const many = Array.from({ length: 16_000 }, () => tlv(0x1402, ''));
  expect(JSON.stringify(tlvsByName(many, nameOf)).length).toBeLessThanOrEqual(20_002);
  expect(tlvsByName([{ tag: 0x1402, value: Buffer.alloc(65_535) }], nameOf)).toEqual({});
});
