import fc from 'fast-check';
import { commandNames, type Field, layouts } from '../../../../connector/smpp/codec/layouts.ts';
import type { CommandName, Pdu, PduToWrite, Tlv } from '../../../../connector/smpp/codec/pdu.ts';
import { readPdu } from '../../../../connector/smpp/codec/read.ts';
import { tlvName } from '../../../../connector/smpp/codec/tables.ts';
import { writePdu } from '../../../../connector/smpp/codec/write.ts';
import { deliverSm, submitSm } from '../../../support/pdus.ts';
import { PDU } from '../../../support/smpp-oracle.ts';
import { anyPdu, ascii, latin1 } from './any-pdu.ts';

const runs = { numRuns: 1_000 };
const ok = fc.constant(0);

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function oracleTlv({ tag, value }: Tlv): [string, unknown] {
  const octets = Buffer.from(value);
  const name = tlvName(tag) ?? String(tag);
  switch (name) {
    case 'message_state':
      return [name, octets.readUInt8(0)];
    case 'user_message_reference':
      return [name, octets.readUInt16BE(0)];
    case 'receipted_message_id':
      return [name, octets.toString('latin1', 0, octets.length - 1)];
    default:
      return [name, octets];
  }
}

/** The fields of a PDU of ours as the package names and types them. */
function oracleFields(pdu: PduToWrite | Pdu): Record<string, unknown> {
  const layout: readonly Field[] = layouts[pdu.command as CommandName];
  const body = pdu as unknown as Record<string, unknown>;
  return {
    command_status: pdu.commandStatus,
    sequence_number: pdu.sequenceNumber,
    ...Object.fromEntries(layout.map(({ name }) => [snakeCase(name), body[name]])),
    ...Object.fromEntries(pdu.tlvs.map(oracleTlv)),
  };
}

function asOracleWrites(pdu: PduToWrite): Buffer {
  return new PDU(pdu.command, oracleFields(pdu)).toBuffer();
}

test('what the writer writes is, octet for octet, what node-smpp writes', () => {
  fc.assert(
    fc.property(anyPdu(latin1, ok), (pdu) => {
      expect(writePdu(pdu).toString('hex')).toBe(asOracleWrites(pdu).toString('hex'));
    }),
    runs,
  );
});

test('what the reader reads from node-smpp is what node-smpp was told to write', () => {
  fc.assert(
    fc.property(anyPdu(ascii, ok), (pdu) => {
      const read = readPdu(asOracleWrites(pdu));
      expect(oracleFields(read)).toEqual(oracleFields(pdu));
      expect(read.flaws).toEqual([]);
    }),
    runs,
  );
});

test('what node-smpp reads from the writer is what the writer was told to write', () => {
  fc.assert(
    fc.property(anyPdu(ascii, ok), (pdu) => {
      expect(new PDU(writePdu(pdu))).toMatchObject({ command: pdu.command, ...oracleFields(pdu) });
    }),
    runs,
  );
});

test.each(commandNames)(
  'a header-only %s with an error status is read as node-smpp writes it (quirk 41)',
  (command) => {
    const read = readPdu(new PDU(command, { command_status: 0x45, sequence_number: 7 }).toBuffer());
    expect(read).toMatchObject({ command, commandStatus: 0x45, sequenceNumber: 7 });
    const request = !command.endsWith('_resp') && command !== 'generic_nack';
    const bodyExpected = request && layouts[command].length > 0;
    expect(read.flaws).toHaveLength(bodyExpected ? 1 : 0);
  },
);

describe('ours differs from node-smpp:', () => {
  test('an error response is written with its fields, node-smpp writes the header alone', () => {
    const pdu = {
      command: 'deliver_sm_resp',
      commandStatus: 0x58,
      sequenceNumber: 1,
      messageId: '',
      tlvs: [],
    } as const;
    expect(writePdu(pdu)).toHaveLength(17);
    expect(asOracleWrites(pdu)).toHaveLength(16);
  });

  test('a string is read as Latin-1, node-smpp masks it to ASCII', () => {
    const octets = writePdu(submitSm({ sourceAddr: 'Caf\u00e9' }));
    expect(readPdu(octets)).toMatchObject({ sourceAddr: 'Caf\u00e9' });
    expect(new PDU(octets)).toMatchObject({ source_addr: 'Cafi' });
  });

  test('a message id that is not there is empty, node-smpp has none', () => {
    const octets = Buffer.from('00000010800000040000000000000001', 'hex');
    expect(readPdu(octets)).toMatchObject({ messageId: '' });
    expect(new PDU(octets).message_id).toBeUndefined();
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

  test('every TLV is kept, node-smpp keeps the last of a repeated one', () => {
    const tlvs = [1, 2].map((state) => ({ tag: 0x0427, value: Buffer.from([state]) }));
    const octets = writePdu(deliverSm({ tlvs }));
    expect(readPdu(octets)).toMatchObject({ tlvs });
    expect(new PDU(octets).message_state).toBe(2);
  });

  test('a short_message over 254 octets and a NUL within a string are refused, node-smpp writes both', () => {
    const long = submitSm({ shortMessage: Buffer.alloc(255) });
    const split = submitSm({ sourceAddr: 'a\0b' });
    expect(() => writePdu(long)).toThrow(expect.objectContaining({ code: 'invalid-pdu', field: 'shortMessage' }));
    expect(() => writePdu(split)).toThrow(expect.objectContaining({ code: 'invalid-pdu', field: 'sourceAddr' }));
    expect(asOracleWrites(long).length).toBeGreaterThan(255);
    expect(new PDU(asOracleWrites(split))).not.toMatchObject({ destination_addr: split.destinationAddr });
  });

  test('an integer TLV of a wrong length is read, node-smpp throws', () => {
    const octets = writePdu(deliverSm({ tlvs: [{ tag: 0x0427, value: Buffer.alloc(0) }] }));
    expect(readPdu(octets)).toMatchObject({ tlvs: [{ tag: 0x0427, value: Buffer.alloc(0) }] });
    expect(() => new PDU(octets)).toThrow('out of range');
  });
});
