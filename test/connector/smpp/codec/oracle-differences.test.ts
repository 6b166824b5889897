import type { PduToWrite } from '../../../../connector/smpp/codec/pdu.ts';
import { readPdu } from '../../../../connector/smpp/codec/read.ts';
import { tlvName } from '../../../../connector/smpp/codec/tables.ts';
import { writePdu } from '../../../../connector/smpp/codec/write.ts';
import { createFramer } from '../../../../connector/smpp/framer.ts';
import { deliverSm, pduOf, submitSm } from '../../../support/pdus.ts';
import { PDU } from '../../../support/smpp-oracle.ts';
import { asOracleWrites, oracleFields } from './as-oracle.ts';

/** The package with settings of its own, which the oracle's must not change for the other tests. */
function unchangedPackage(): typeof PDU {
  let unchanged: typeof PDU | undefined;
  jest.isolateModules(() => {
    unchanged = jest.requireActual('smpp/lib/pdu.js').PDU;
  });
  return unchanged as typeof PDU;
}

describe('ours differs from node-smpp in what it writes:', () => {
  test.each<PduToWrite>([pduOf('deliver_sm_resp', { commandStatus: 0x58 }), submitSm({ commandStatus: 0x45 })])(
    'a $command with an error status has its fields, node-smpp writes the header alone',
    (pdu) => {
      expect(writePdu(pdu).length).toBeGreaterThan(16);
      expect(asOracleWrites(pdu)).toHaveLength(16);
    },
  );

  test('a short_message over 254 octets is refused, node-smpp writes it', () => {
    const pdu = submitSm({ shortMessage: Buffer.alloc(255) });
    expect(() => writePdu(pdu)).toThrow(expect.objectContaining({ code: 'invalid-pdu', field: 'shortMessage' }));
    expect(asOracleWrites(pdu).length).toBeGreaterThan(255);
  });

  test('a NUL within a string is refused, node-smpp shifts every field behind it', () => {
    const pdu = submitSm({ sourceAddr: 'a\0b' });
    expect(() => writePdu(pdu)).toThrow(expect.objectContaining({ code: 'invalid-pdu', field: 'sourceAddr' }));
    expect(new PDU(asOracleWrites(pdu))).not.toMatchObject({ destination_addr: pdu.destinationAddr });
  });

  test('a character beyond Latin-1 is refused, node-smpp writes its lower octet', () => {
    const pdu = submitSm({ sourceAddr: '\u0416' });
    expect(() => writePdu(pdu)).toThrow(expect.objectContaining({ code: 'invalid-pdu', field: 'sourceAddr' }));
    expect(readPdu(asOracleWrites(pdu))).toMatchObject({ sourceAddr: '\u0016' });
  });

  test('a string of any length over ours is refused, node-smpp knows no limit', () => {
    const pdu = submitSm({ sourceAddr: '4'.repeat(100) });
    expect(() => writePdu(pdu)).toThrow(expect.objectContaining({ code: 'invalid-pdu', field: 'sourceAddr' }));
    expect(readPdu(asOracleWrites(pdu))).toMatchObject({ sourceAddr: pdu.sourceAddr, flaws: ['sourceAddr too long'] });
  });

  test('a time is written as it is, node-smpp makes a relative one of a short string', () => {
    const pdu = submitSm({ validityPeriod: '0430' });
    expect(readPdu(writePdu(pdu))).toMatchObject({ validityPeriod: '0430' });
    expect(readPdu(asOracleWrites(pdu))).toMatchObject({ validityPeriod: '000000000430000R' });
  });

  test('a TLV without a name is written, node-smpp leaves it out', () => {
    const tlvs = [{ tag: 0x1400, value: Buffer.from('1107') }];
    expect(readPdu(writePdu(submitSm({ tlvs })))).toMatchObject({ tlvs });
    expect(readPdu(asOracleWrites(submitSm({ tlvs })))).toMatchObject({ tlvs: [] });
  });

  test('a repeated TLV is written each time, node-smpp holds the last alone', () => {
    const tlvs = [1, 2].map((state) => ({ tag: 0x0427, value: Buffer.of(state) }));
    expect(readPdu(writePdu(deliverSm({ tlvs })))).toMatchObject({ tlvs });
    expect(readPdu(asOracleWrites(deliverSm({ tlvs })))).toMatchObject({ tlvs: tlvs.slice(1) });
  });

  test('a message_state beside that of a query_sm_resp is written, node-smpp writes it over the field', () => {
    const tlvs = [{ tag: 0x0427, value: Buffer.of(7) }];
    const pdu = pduOf('query_sm_resp', { messageState: 2, tlvs });
    expect(readPdu(writePdu(pdu))).toMatchObject({ messageState: 2, tlvs });
    expect(readPdu(asOracleWrites(pdu))).toMatchObject({ messageState: 7, tlvs: [] });
  });

  test('nothing is made up for a field that is not given, node-smpp binds as version 5.0', () => {
    const { interfaceVersion, ...fields } = pduOf('bind_transceiver') as PduToWrite<'bind_transceiver'>;
    expect(() => writePdu(fields as PduToWrite)).toThrow(expect.objectContaining({ field: 'interfaceVersion' }));
    expect(readPdu(new PDU('bind_transceiver', {}).toBuffer())).toMatchObject({ interfaceVersion: 0x50 });
  });
});

describe('ours differs from node-smpp in what it reads:', () => {
  test('a string is Latin-1, node-smpp masks it to ASCII', () => {
    const octets = writePdu(submitSm({ sourceAddr: 'Caf\u00e9' }));
    expect(readPdu(octets)).toMatchObject({ sourceAddr: 'Caf\u00e9' });
    expect(new PDU(octets)).toMatchObject({ source_addr: 'Cafi' });
  });

  test('a message id that is not there is empty, node-smpp has none', () => {
    const octets = Buffer.from('00000010800000040000000000000001', 'hex');
    expect(readPdu(octets)).toMatchObject({ messageId: '', incomplete: true });
    expect(new PDU(octets).message_id).toBeUndefined();
  });

  test('a text that is not there is empty, node-smpp has none', () => {
    const octets = writePdu(pduOf('deliver_sm')).subarray(0, -1);
    octets.writeUInt32BE(octets.length);
    expect(readPdu(octets)).toMatchObject({ shortMessage: Buffer.alloc(0), incomplete: true });
    expect(new PDU(octets).short_message).toBeUndefined();
  });

  test('a text is its octets, node-smpp makes spaces of those beyond ASCII in data_coding 0', () => {
    const shortMessage = Buffer.from('Gr\u00fc\u00dfe', 'latin1');
    const octets = writePdu(deliverSm({ shortMessage }));
    expect(readPdu(octets)).toMatchObject({ shortMessage });
    expect(new (unchangedPackage())(octets).short_message).toEqual({ message: 'Gr  e' });
  });

  test('a time is its characters, node-smpp throws for a short relative one', () => {
    const octets = writePdu(submitSm({ validityPeriod: '1R' }));
    expect(readPdu(octets)).toMatchObject({ validityPeriod: '1R', flaws: [] });
    const Unchanged = unchangedPackage();
    expect(() => new Unchanged(octets)).toThrow('null');
  });

  test('a TLV ends where its length says, node-smpp reads a string TLV without NUL into the next', () => {
    const tlvs = [
      { tag: 0x001e, value: Buffer.from('ABC123') },
      { tag: 0x0427, value: Buffer.from([2]) },
    ];
    const octets = writePdu(deliverSm({ tlvs }));
    expect(readPdu(octets)).toMatchObject({ tlvs });
    expect(new PDU(octets).receipted_message_id).toBe("ABC123\u0004'");
  });

  test('a TLV in an error response is not taken for a message id, as node-smpp does', () => {
    const octets = Buffer.from('00000015800000040000000b000000010425000102', 'hex');
    expect(readPdu(octets)).toMatchObject({ messageId: '', tlvs: [{ tag: 0x0425, value: Buffer.from([2]) }] });
    expect(new PDU(octets).message_id).toBe('\u0004%');
  });

  test('every TLV is kept in its order, node-smpp keeps the last of a repeated one', () => {
    const tlvs = [1, 2].map((state) => ({ tag: 0x0427, value: Buffer.from([state]) }));
    const octets = writePdu(deliverSm({ tlvs }));
    expect(readPdu(octets)).toMatchObject({ tlvs });
    expect(new PDU(octets).message_state).toBe(2);
  });

  test('a message_state beside that of a query_sm_resp is kept apart, node-smpp reads it over the field', () => {
    const tlvs = [{ tag: 0x0427, value: Buffer.of(7) }];
    const octets = writePdu(pduOf('query_sm_resp', { messageState: 2, tlvs }));
    expect(readPdu(octets)).toMatchObject({ messageState: 2, tlvs });
    expect(new PDU(octets).message_state).toBe(7);
  });

  test.each([
    ['throws for', 'no octets at all', Buffer.alloc(0), 0x0427],
    ['takes the first octet of', 'four octets', Buffer.of(0, 0, 0, 2), 0x0427],
    ['reads into the next TLV from', 'one octet for two', Buffer.of(7), 0x0204],
  ])('an integer TLV is read as it is, node-smpp %s %s', (what, _, value, tag) => {
    const tlvs = [{ tag, value }, ...(what.includes('next') ? [{ tag: 0x0427, value: Buffer.of(2) }] : [])];
    const octets = writePdu(deliverSm({ tlvs }));
    expect(readPdu(octets)).toMatchObject({ tlvs, flaws: [] });
    const oracle = () => new PDU(octets)[tlvName(tag) as string];
    if (what === 'throws for') expect(oracle).toThrow('out of range');
    else expect(oracle()).toBe(what.includes('next') ? 0x0704 : 0);
  });

  test('extra NULs are named, node-smpp has a TLV of tag 0', () => {
    const octets = Buffer.concat([writePdu(pduOf('submit_sm_resp', { messageId: '12' })), Buffer.alloc(4)]);
    octets.writeUInt32BE(octets.length);
    expect(readPdu(octets)).toMatchObject({ messageId: '12', tlvs: [], flaws: ['extra NUL'] });
    expect(new PDU(octets)).toMatchObject({ message_id: '12', 0: Buffer.alloc(0) });
  });

  test('octets behind the last TLV are named, node-smpp says nothing of them', () => {
    const pdu = pduOf('submit_sm_resp', { messageId: '12' });
    const octets = Buffer.concat([writePdu(pdu), Buffer.of(1, 2, 3)]);
    octets.writeUInt32BE(octets.length);
    expect(readPdu(octets)).toMatchObject({ tlvs: [], raw: octets, flaws: ['octets after the last TLV'] });
    const { command_id, command_length, ...read } = new PDU(octets);
    expect(read).toEqual({ command: pdu.command, ...oracleFields(pdu) });
  });

  test('a message_payload of 20,000 octets is read, node-smpp throws', () => {
    const octets = writePdu(deliverSm({ tlvs: [{ tag: 0x0424, value: Buffer.alloc(20_000) }] }));
    expect([...createFramer().push(octets)].map((frame) => readPdu(frame).flaws)).toEqual([[]]);
    const Unchanged = unchangedPackage();
    expect(() => new Unchanged(octets)).toThrow('PDU length was too large');
  });

  test('a PDU that its connection cuts off is none, node-smpp reads what is left of it', () => {
    const whole = writePdu(pduOf('submit_sm_resp', { messageId: 'ABCDEFGHIJ' }));
    const framer = createFramer();
    expect([...framer.push(whole.subarray(0, -3))]).toEqual([]);
    expect(framer.pendingOctets).toBe(whole.length - 3);
    const endedStream = { read: () => whole.subarray(4, -3) };
    expect(PDU.fromStream(endedStream, whole.length)).toMatchObject({ message_id: 'ABCDEFGH' });
  });
});
