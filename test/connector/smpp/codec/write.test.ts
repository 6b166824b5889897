import fc from 'fast-check';
import { commandNames, type Field, layouts } from '../../../../connector/smpp/codec/layouts.ts';
import type { PduToWrite } from '../../../../connector/smpp/codec/pdu.ts';
import { encodePdu, longestOf, writePdu } from '../../../../connector/smpp/codec/write.ts';
import { pduOf, submitSm } from '../../../support/pdus.ts';
import { anyPdu } from './any-pdu.ts';

const frame = { commandStatus: 0, sequenceNumber: 1, tlvs: [] };

const bind: PduToWrite<'bind_transceiver'> = {
  ...frame,
  command: 'bind_transceiver',
  systemId: 'user',
  password: 'secret',
  systemType: '',
  interfaceVersion: 0x34,
  addrTon: 0,
  addrNpi: 0,
  addressRange: '',
};

function expectHex(pdu: PduToWrite, hex: string): void {
  expect(writePdu(pdu).toString('hex')).toBe(hex.replaceAll(' ', ''));
}

test('a bind_transceiver is written as the specification lays it out', () => {
  expectHex(bind, '00000021 00000009 00000000 00000001 7573657200 73656372657400 00 34 00 00 00');
});

test('a submit_sm is written with its TLVs', () => {
  const pdu = submitSm({
    serviceType: 'CMT',
    sourceAddrTon: 5,
    sourceAddrNpi: 0,
    sourceAddr: 'AB',
    destinationAddr: '49',
    validityPeriod: '000001000000000R',
    registeredDelivery: 1,
    dataCoding: 8,
    shortMessage: Buffer.from('hi'),
    tlvs: [{ tag: 0x0204, value: Buffer.of(1, 2) }],
  });
  const header = '00000040 00000004 00000000 00000001';
  const addresses = '434d5400 05 00 414200 01 01 343900';
  const rest = `00 00 00 00 ${Buffer.from('000001000000000R').toString('hex')}00 01 00 08 00 02 6869 0204 0002 0102`;
  expectHex(pdu, `${header} ${addresses} ${rest}`);
});

test.each([
  ['enquire_link', '00000015'],
  ['enquire_link_resp', '80000015'],
  ['unbind', '00000006'],
  ['unbind_resp', '80000006'],
  ['generic_nack', '80000000'],
] as const)('%s is written as a header alone', (command, id) => {
  expectHex({ ...frame, command, commandStatus: 3 }, `00000010 ${id} 00000003 00000001`);
});

test('a response echoes any sequence number of 32 bits, 0 too', () => {
  for (const sequenceNumber of [0, 0x80000000, 0xffffffff]) {
    const octets = writePdu({ ...frame, command: 'deliver_sm_resp', sequenceNumber, messageId: '' });
    expect(octets.readUInt32BE(12)).toBe(sequenceNumber);
  }
});

test('characters up to U+00FF are written as Latin-1', () => {
  expect(writePdu(submitSm({ sourceAddr: 'Caf\u00e9' })).toString('latin1')).toContain('Caf\u00e9\0');
});

test('a password of 64 octets is written (quirk 44)', () => {
  expect(writePdu({ ...bind, password: 'p'.repeat(64) })).toHaveLength(0x21 - 'secret'.length + 64);
});

describe('refused, by the name of the field, is', () => {
  test.each<[string, string, PduToWrite]>([
    ['an address over 64 characters', 'destinationAddr', submitSm({ destinationAddr: '4'.repeat(65) })],
    ['a password over 64 characters', 'password', { ...bind, password: 'p'.repeat(65) }],
    ['an id over 255 characters', 'messageId', { ...frame, command: 'submit_sm_resp', messageId: '1'.repeat(256) }],
    ['a time over 16 characters', 'validityPeriod', submitSm({ validityPeriod: '0'.repeat(17) })],
    ['a NUL within a string', 'sourceAddr', submitSm({ sourceAddr: 'a\0b' })],
    ['a character beyond Latin-1', 'sourceAddr', submitSm({ sourceAddr: '\u0416' })],
    ['a text over 254 octets', 'shortMessage', submitSm({ shortMessage: Buffer.alloc(255) })],
    ['an integer over 255', 'dataCoding', submitSm({ dataCoding: 256 })],
    ['a negative integer', 'esmClass', submitSm({ esmClass: -1 })],
    ['a fraction', 'protocolId', submitSm({ protocolId: 0.5 })],
    ['NaN', 'sourceAddrTon', submitSm({ sourceAddrTon: Number.NaN })],
    ['a sequence number over 32 bits', 'sequenceNumber', submitSm({ sequenceNumber: 2 ** 32 })],
    ['a negative sequence number', 'sequenceNumber', submitSm({ sequenceNumber: -1 })],
    ['a status over 32 bits', 'commandStatus', submitSm({ commandStatus: 2 ** 32 })],
    ['a TLV tag over 16 bits', 'TLV tag', submitSm({ tlvs: [{ tag: 0x10000, value: Buffer.alloc(0) }] })],
    ['a TLV over 65535 octets', 'TLV 0x0424', submitSm({ tlvs: [{ tag: 0x424, value: Buffer.alloc(65_536) }] })],
    ['a string that is not there', 'sourceAddr', submitSm({ sourceAddr: undefined as never })],
    ['a text that is a string', 'shortMessage', submitSm({ shortMessage: 'hi' as never })],
  ])('%s', (_, field, pdu) => {
    expect(() => writePdu(pdu)).toThrow(expect.objectContaining({ code: 'invalid-pdu', field }));
  });
});

describe('every limit of every command is checked:', () => {
  const fields = commandNames.flatMap((command) =>
    (layouts[command] as readonly Field[]).map((field) => ({ command, ...field })),
  );
  const ofKind = (kind: Field['kind']) => fields.filter((field) => field.kind === kind);
  const refusal = (field: string) => expect.objectContaining({ code: 'invalid-pdu', field });

  test.each(ofKind('octet'))('$name of a $command', ({ command, name }) => {
    for (const value of [0, 255]) expect(writePdu(pduOf(command, { [name]: value }))).toContain(value);
    for (const value of [256, -1, 0.5, Number.NaN, 2 ** 32, '1', null, undefined]) {
      expect(() => writePdu(pduOf(command, { [name]: value }))).toThrow(refusal(name));
    }
  });

  test.each(ofKind('cstring'))('$name of a $command, up to $writtenMax characters', ({ command, name, writtenMax }) => {
    const empty = writePdu(pduOf(command)).length;
    expect(writePdu(pduOf(command, { [name]: '\u00ff'.repeat(writtenMax) }))).toHaveLength(empty + writtenMax);
    for (const value of ['1'.repeat(writtenMax + 1), '\0', '1\0', '\u0100', '\ud83d\ude00', 1, null, undefined]) {
      expect(() => writePdu(pduOf(command, { [name]: value }))).toThrow(refusal(name));
    }
  });

  test.each(ofKind('counted-octets'))(
    '$name of a $command, up to $writtenMax octets',
    ({ command, name, writtenMax }) => {
      const empty = writePdu(pduOf(command)).length;
      expect(writePdu(pduOf(command, { [name]: Buffer.alloc(writtenMax) }))).toHaveLength(empty + writtenMax);
      for (const value of [Buffer.alloc(writtenMax + 1), Buffer.alloc(70_000), 'hi', [1, 2], null, undefined]) {
        expect(() => writePdu(pduOf(command, { [name]: value }))).toThrow(refusal(name));
      }
    },
  );

  test.each(commandNames)('the header and the TLVs of a %s', (command) => {
    const of = (changes: Readonly<Record<string, unknown>>) => () => writePdu(pduOf(command, changes));
    const tlv = (tag: number, octets: number) => of({ tlvs: [{ tag, value: Buffer.alloc(octets) }] });
    for (const value of [-1, 0.5, 2 ** 32, Number.NaN, undefined]) {
      expect(of({ commandStatus: value })).toThrow(refusal('commandStatus'));
      expect(of({ sequenceNumber: value })).toThrow(refusal('sequenceNumber'));
    }
    expect(of({ commandStatus: 0xffffffff, sequenceNumber: 0xffffffff })).not.toThrow();
    expect(tlv(0xffff, 0xffff)()).toHaveLength(writePdu(pduOf(command)).length + 4 + 0xffff);
    expect(tlv(0x10000, 0)).toThrow(refusal('TLV tag'));
    expect(tlv(-1, 0)).toThrow(refusal('TLV tag'));
    expect(tlv(0x1400, 0x10000)).toThrow(refusal('TLV 0x1400'));
  });
});

describe('a PDU encoded into octets that others share', () => {
  const guard = 0xa5;

  test('takes what it says, no more than was said, and touches nothing before or behind', () => {
    fc.assert(
      fc.property(anyPdu(), fc.nat(50), (pdu, offset) => {
        const target = Buffer.alloc(offset + longestOf(pdu) + 8, guard);
        const end = encodePdu(pdu, pdu.sequenceNumber, target, offset);
        expect(end).toBeLessThanOrEqual(offset + longestOf(pdu));
        expect(target.subarray(offset, end).equals(writePdu(pdu))).toBe(true);
        expect(target.subarray(0, offset).every((octet) => octet === guard)).toBe(true);
        expect(target.subarray(end).every((octet) => octet === guard)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('leaves everything before it as it was when it is refused', () => {
    const target = Buffer.alloc(1_000, guard);
    expect(() => encodePdu(submitSm({ shortMessage: Buffer.alloc(255) }), 1, target, 100)).toThrow(
      expect.objectContaining({ code: 'invalid-pdu', field: 'shortMessage' }),
    );
    expect(target.subarray(0, 100).every((octet) => octet === guard)).toBe(true);
  });

  test.each([
    ['a text far over the limit', 'shortMessage', { shortMessage: Buffer.alloc(100_000) }],
    ['an address far over the limit', 'sourceAddr', { sourceAddr: '1'.repeat(100_000) }],
    ['a TLV far over the limit', 'TLV 0x0424', { tlvs: [{ tag: 0x0424, value: Buffer.alloc(100_000) }] }],
  ])('is refused for %s, however little room there is', (_, field, fields) => {
    const target = Buffer.alloc(600);
    expect(() => encodePdu(submitSm(fields), 1, target, 0)).toThrow(
      expect.objectContaining({ code: 'invalid-pdu', field }),
    );
  });

  test('has the sequence number given, whatever the PDU had', () => {
    const target = Buffer.alloc(600);
    encodePdu(submitSm({ sequenceNumber: 1 }), 0x7fffffff, target, 0);
    expect(target.readUInt32BE(12)).toBe(0x7fffffff);
  });

  test.each(commandNames)('a %s with every field at its longest is no longer than was said', (command) => {
    const layout: readonly Field[] = layouts[command];
    const longest = { cstring: (max: number) => '1'.repeat(max), octet: () => 1, 'counted-octets': Buffer.alloc };
    const body = layout.map(({ name, kind, writtenMax }) => [name, longest[kind](writtenMax)]);
    const tlvs = [{ tag: 0x0424, value: Buffer.alloc(1_000) }];
    const pdu = pduOf(command, { ...Object.fromEntries(body), tlvs });
    expect(writePdu(pdu).length).toBeLessThanOrEqual(longestOf(pdu));
  });
});

test('a refusal tells lengths and limits, never what a person wrote', () => {
  const number = '4917012345678'.repeat(5);
  expect(() => writePdu(submitSm({ destinationAddr: number }))).toThrow(
    'destinationAddr must be at most 64 characters, got 65',
  );
  expect(() => writePdu(submitSm({ esmClass: number as never }))).toThrow(
    'esmClass must be an integer of 0 to 255, got string',
  );
  fc.assert(
    fc.property(fc.string({ minLength: 65, unit: fc.constantFrom('x', '\u0416', '\0') }), (sourceAddr) => {
      expect(() => writePdu(submitSm({ sourceAddr }))).not.toThrow(sourceAddr);
    }),
  );
});
