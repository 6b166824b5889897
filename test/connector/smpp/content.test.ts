import { type ContentRules, contentOf } from '../../../connector/smpp/content.ts';
import { deliverSmOf } from '../../../connector/smpp/deliveries.ts';
import { asRead, deliverSm, pduOf } from '../../support/pdus.ts';

const hex = (digits: string) => Buffer.from(digits, 'hex');
const payload = (octets: Buffer) => ({ tag: 0x0424, value: octets });
const sar = (reference: string, total: string, part: string) => [
  { tag: 0x020c, value: hex(reference) },
  { tag: 0x020e, value: hex(total) },
  { tag: 0x020f, value: hex(part) },
];

const usual: ContentRules = { nulTerminated: false, alphabetOf: () => undefined };

function read(given: Parameters<typeof deliverSm>[0], rules = usual) {
  const { octets, udh, concatenation, tlvs } = contentOf(asRead(deliverSm(given)), rules);
  return { octets: Buffer.from(octets).toString('latin1'), udh: Buffer.from(udh).toString('hex'), concatenation, tlvs };
}

function withUdh(udh: string, text = 'Hi') {
  return read({ esmClass: 0x40, shortMessage: Buffer.concat([hex(udh), Buffer.from(text)]) });
}

test.each<[string, string, object | undefined]>([
  ['8 bits', '0500030a0201', { kind: 'udh8', reference: 10, total: 2, part: 1 }],
  ['16 bits', '060804010a0302', { kind: 'udh16', reference: 0x010a, total: 3, part: 2 }],
  ['8 bits behind ports', '0b0504158100000003ff0202', { kind: 'udh8', reference: 255, total: 2, part: 2 }],
  ['16 bits between others', '0c2401010804ffff0201250102', { kind: 'udh16', reference: 65535, total: 2, part: 1 }],
  ['a part 0', '0500030a0200', undefined],
  ['a part over the total', '0500030a0203', undefined],
  ['no concatenation', '06050415810000', undefined],
])('the parts of a UDH of %s are read, wherever they stand (quirks 33 and 34)', (_, udh, concatenation) => {
  expect(withUdh(udh)).toEqual({ octets: 'Hi', udh, concatenation, tlvs: [] });
});

test('a UDH that promises more than there is is text', () => {
  expect(withUdh('', 'Hello')).toMatchObject({ octets: 'Hello', udh: '' });
});

test('without UDHI there is no UDH', () => {
  const shortMessage = Buffer.concat([hex('0500030a0201'), Buffer.from('Hi')]);
  expect(read({ esmClass: 0, shortMessage })).toMatchObject({ udh: '', concatenation: undefined });
});

describe('the TLVs sar_*', () => {
  test.each<[string, ReturnType<typeof sar>, object | undefined]>([
    ['say which part it is', sar('0102', '03', '02'), { kind: 'sar', reference: 0x0102, total: 3, part: 2 }],
    ['may have other sizes', sar('07', '0003', '00000003'), { kind: 'sar', reference: 7, total: 3, part: 3 }],
    ['of a part 0 say nothing', sar('0102', '03', '00'), undefined],
    ['of a part over the total say nothing', sar('0102', '03', '04'), undefined],
    ['of more than 255 parts say nothing', sar('0102', '0100', '01'), undefined],
    ['of a reference over 16 bits say nothing', sar('010000', '02', '01'), undefined],
    ['without octets say nothing', sar('', '02', '01'), undefined],
    ['of which one is not there say nothing', sar('0102', '02', '01').slice(1), undefined],
  ])('%s (quirk 33)', (_, tlvs, concatenation) => {
    expect(read({ tlvs })).toMatchObject({ concatenation, tlvs });
  });

  test('count less than a UDH (quirk 35)', () => {
    const shortMessage = Buffer.concat([hex('0500030a0201'), Buffer.from('Hi')]);
    expect(read({ esmClass: 0x40, shortMessage, tlvs: sar('0102', '03', '02') })).toMatchObject({
      concatenation: { kind: 'udh8', reference: 10, total: 2, part: 1 },
    });
  });

  test('count where the UDH has no part', () => {
    const shortMessage = Buffer.concat([hex('06050415810000'), Buffer.from('Hi')]);
    expect(read({ esmClass: 0x40, shortMessage, tlvs: sar('0102', '03', '02') })).toMatchObject({
      concatenation: { kind: 'sar', reference: 0x0102 },
    });
  });
});

describe('message_payload (quirk 36)', () => {
  test('has the octets where short_message is empty, with its UDH', () => {
    const tlvs = [payload(Buffer.concat([hex('0500030a0201'), Buffer.from('Hi')]))];
    expect(read({ esmClass: 0x40, shortMessage: Buffer.alloc(0), tlvs })).toEqual({
      octets: 'Hi',
      udh: '0500030a0201',
      concatenation: { kind: 'udh8', reference: 10, total: 2, part: 1 },
      tlvs: [],
    });
  });

  test('is a TLV like others where it is not', () => {
    expect(read({ tlvs: [payload(Buffer.from('other'))] })).toMatchObject({
      octets: 'hello',
      tlvs: [{ tag: 0x0424 }],
    });
  });

  test('has them where short_message is a NUL (quirk 42), which without one is a text', () => {
    const shortMessage = Buffer.of(0);
    expect(read({ shortMessage, tlvs: [payload(Buffer.from('Hi'))] })).toMatchObject({ octets: 'Hi', tlvs: [] });
    expect(read({ shortMessage })).toMatchObject({ octets: '\0' });
  });

  test('of a data_sm has them too (quirk 16)', () => {
    const dataSm = asRead(pduOf('data_sm', { tlvs: [payload(Buffer.from('Hi'))] }));
    if (dataSm.command !== 'data_sm') throw new Error(`read as ${dataSm.command}`);
    expect(Buffer.from(contentOf(deliverSmOf(dataSm), usual).octets).toString()).toBe('Hi');
  });
});

describe('a NUL at the end (quirk 42)', () => {
  const nulTerminated = { ...usual, nulTerminated: true };
  const octetsOf = (digits: string, dataCoding: number, rules = nulTerminated) =>
    Buffer.from(read({ dataCoding, shortMessage: hex(digits) }, rules).octets, 'latin1').toString('hex');

  test.each([
    ['4100', 0, '41'],
    ['410000', 0, '4100'],
    ['41', 0, '41'],
    ['00', 0, ''],
    ['', 0, ''],
    ['00410000', 8, '00410000'],
    ['004100', 8, '0041'],
    ['010000', 8, '0100'],
    ['0100', 8, '0100'],
  ])('is taken off %s of data_coding %d where the profile says that there is one', (digits, dataCoding, octets) => {
    expect(octetsOf(digits, dataCoding)).toBe(octets);
  });

  test('is an @ where the profile does not', () => {
    expect(octetsOf('4100', 0, usual)).toBe('4100');
  });

  test('is none of an alphabet that the profile says to be UCS-2', () => {
    expect(octetsOf('0100', 0, { ...nulTerminated, alphabetOf: () => 'ucs2' })).toBe('0100');
  });

  test('is not in message_payload, which has a length', () => {
    const tlvs = [payload(hex('4100'))];
    expect(read({ shortMessage: Buffer.alloc(0), tlvs }, nulTerminated).octets).toBe('A\0');
  });
});
