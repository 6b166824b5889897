import fc from 'fast-check';
import { commandNames } from '../../../../connector/smpp/codec/layouts.ts';
import { readPdu } from '../../../../connector/smpp/codec/read.ts';
import { commandIdOf } from '../../../../connector/smpp/codec/tables.ts';
import { writePdu } from '../../../../connector/smpp/codec/write.ts';
import { deliverSm, submitSm } from '../../../support/pdus.ts';
import { anyPdu, latin1 } from './any-pdu.ts';

/** A PDU of these octets behind the length; the id, status and sequence number are given in hex. */
function frame(commandId: string, status: string, body: string): Buffer {
  const rest = Buffer.from(`${commandId}${status}00000007${body}`.replaceAll(' ', ''), 'hex');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(rest.length + 4);
  return Buffer.concat([length, rest]);
}

const submitSmResp = '80000004';
const deliverSmResp = '80000005';
const ok = '00000000';
const refused = '0000000b';

function withExtraOctets(octets: Buffer, at: number, extra: Buffer): Buffer {
  const longer = Buffer.concat([octets.subarray(0, at), extra, octets.subarray(at)]);
  longer.writeUInt32BE(longer.length);
  return longer;
}

test('a bind_transceiver is read as the specification lays it out', () => {
  // The example of SMPP 3.4, 3.2.5, as a transceiver.
  const octets = Buffer.from(
    '0000002f000000090000000000000001534d50503354455354007365637265743038005355424d4954310000010100',
    'hex',
  );
  expect(readPdu(octets)).toEqual({
    command: 'bind_transceiver',
    commandStatus: 0,
    sequenceNumber: 1,
    systemId: 'SMPP3TEST',
    password: 'secret08',
    systemType: 'SUBMIT1',
    interfaceVersion: 0,
    addrTon: 1,
    addrNpi: 1,
    addressRange: '',
    tlvs: [],
    raw: octets,
    flaws: [],
  });
});

test('a deliver_sm is read field by field, with its TLVs', () => {
  const body = `434d5400 05 00 414200 01 02 3100 04 05 06 3000 3100 07 01 08 02 02 6869 0427 0001 02 1400 0002 abcd`;
  expect(readPdu(frame('00000005', ok, body))).toMatchObject({
    command: 'deliver_sm',
    sequenceNumber: 7,
    serviceType: 'CMT',
    sourceAddrTon: 5,
    sourceAddrNpi: 0,
    sourceAddr: 'AB',
    destAddrTon: 1,
    destAddrNpi: 2,
    destinationAddr: '1',
    esmClass: 4,
    protocolId: 5,
    priorityFlag: 6,
    scheduleDeliveryTime: '0',
    validityPeriod: '1',
    registeredDelivery: 7,
    replaceIfPresentFlag: 1,
    dataCoding: 8,
    smDefaultMsgId: 2,
    shortMessage: Buffer.from('hi'),
    tlvs: [
      { tag: 0x0427, value: Buffer.from([2]) },
      { tag: 0x1400, value: Buffer.from([0xab, 0xcd]) },
    ],
    flaws: [],
  });
});

test('what was written is read again, whatever the command', () => {
  fc.assert(
    fc.property(anyPdu(latin1), (pdu) => {
      const octets = writePdu(pdu);
      const { raw, flaws, ...read } = readPdu(octets);
      const refusedResponse = pdu.commandStatus !== 0 && pdu.command.endsWith('_resp');
      // The first octet of an id may then look like a TLV's; that is another test.
      fc.pre(!refusedResponse);
      expect(read).toEqual(pdu);
      expect(raw).toBe(octets);
      expect(flaws).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

describe('a response', () => {
  test.each([
    ['with an id', ok, '3132333400', '1234', []],
    ['without a body', ok, '', '', ['no messageId']],
    ['whose id has no NUL (quirk 42)', ok, '39', '9', ['no NUL after messageId']],
    ['with an extra NUL (quirk 42)', ok, '3132330000', '123', ['extra NUL']],
    ['with many extra NULs (quirk 42)', ok, '31323300000000000000', '123', ['extra NUL']],
    ['with octets that are no TLV', ok, '3100 0102', '1', ['octets after the last TLV']],
    ['of an error without a body (quirk 41)', refused, '', '', []],
    ['of an error with an empty id (quirk 41)', refused, '00', '', []],
    ['of an error with an id (quirk 41)', refused, '3132330000', '123', ['extra NUL']],
    ['of an error whose id has no NUL (quirk 41)', refused, '313233', '123', ['no NUL after messageId']],
  ])('%s is read', (_, status, body, messageId, flaws) => {
    expect(readPdu(frame(submitSmResp, status, body))).toMatchObject({ messageId, flaws, tlvs: [] });
  });

  test('keeps its TLVs behind an extra NUL (quirk 42)', () => {
    const pdu = readPdu(frame(submitSmResp, ok, '313200 00 0425 0001 02'));
    expect(pdu).toMatchObject({
      messageId: '12',
      tlvs: [{ tag: 0x0425, value: Buffer.from([2]) }],
      flaws: ['extra NUL'],
    });
  });

  test.each([
    ['', '0425 0001 02'],
    ['', '001d 0005 68656c6c6f'],
    ['', '00 0425 0001 02'],
    // Read as a TLV of tag 0x3132 this would come out even, but an id begins like that.
    ['12', '313200 0425 0001 02'],
  ])('of an error keeps its TLVs apart from the id %j (quirk 41)', (messageId, body) => {
    const pdu = readPdu(frame(deliverSmResp, refused, body));
    expect(pdu).toMatchObject({ messageId, flaws: [] });
    expect(pdu.tlvs).toHaveLength(1);
  });
});

describe('a deliver_sm', () => {
  const whole = writePdu(
    deliverSm({ shortMessage: Buffer.from('hello'), tlvs: [{ tag: 0x0427, value: Buffer.of(2) }] }),
  );
  const endOfText = whole.length - 5;

  test('with a NUL behind the text that sm_length does not count keeps its TLVs (quirk 42)', () => {
    expect(readPdu(withExtraOctets(whole, endOfText, Buffer.alloc(1)))).toMatchObject({
      shortMessage: Buffer.from('hello'),
      tlvs: [{ tag: 0x0427, value: Buffer.of(2) }],
      flaws: ['extra NUL'],
    });
  });

  test('whose last TLV promises more than there is keeps what is there', () => {
    const octets = Buffer.from(whole);
    octets.writeUInt16BE(9, endOfText + 2);
    expect(readPdu(octets)).toMatchObject({ tlvs: [{ tag: 0x0427, value: Buffer.of(2) }], flaws: ['TLV cut short'] });
  });

  test('whose text promises more than there is keeps what is there', () => {
    const octets = Buffer.from(whole.subarray(0, endOfText - 2));
    octets.writeUInt32BE(octets.length);
    expect(readPdu(octets)).toMatchObject({ shortMessage: Buffer.from('hel'), flaws: ['shortMessage cut short'] });
  });

  test('that ends early has its other fields empty', () => {
    const pdu = readPdu(frame('00000005', ok, '00 01 01 343900'));
    expect(pdu).toMatchObject({ sourceAddr: '49', destinationAddr: '', dataCoding: 0, flaws: ['no destAddrTon'] });
    expect(pdu).toMatchObject({ shortMessage: Buffer.alloc(0) });
  });

  test('with an address over any limit is read (quirk 44)', () => {
    const sourceAddr = '4'.repeat(100);
    const octets = withExtraOctets(writePdu(deliverSm({ sourceAddr: '' })), 19, Buffer.from(sourceAddr));
    expect(readPdu(octets)).toMatchObject({ sourceAddr, flaws: ['sourceAddr too long'] });
  });

  test('with a text of 255 octets is read', () => {
    const octets = withExtraOctets(writePdu(deliverSm({ shortMessage: Buffer.alloc(254) })), 16 + 56, Buffer.alloc(1));
    octets[octets.length - 256] = 255;
    expect(readPdu(octets)).toMatchObject({ shortMessage: Buffer.alloc(255), flaws: ['shortMessage too long'] });
  });
});

test('a command without a layout is read as its header', () => {
  const octets = frame('00000103', ok, '0102');
  expect(readPdu(octets)).toEqual({
    command: 'unknown',
    commandId: 0x103,
    commandStatus: 0,
    sequenceNumber: 7,
    tlvs: [],
    raw: octets,
    flaws: [],
  });
});

test('a command_length that is not the length is a flaw', () => {
  const octets = writePdu(submitSm());
  octets.writeUInt32BE(octets.length + 1);
  expect(readPdu(octets)).toMatchObject({ flaws: ['wrong command_length'] });
});

describe('reading never throws', () => {
  const mutated = fc
    .tuple(anyPdu(latin1), fc.array(fc.tuple(fc.nat(), fc.nat(0xff)), { maxLength: 8 }), fc.nat())
    .map(([pdu, changes, cut]) => {
      const octets = writePdu(pdu);
      for (const [at, octet] of changes) octets[at % octets.length] = octet;
      return octets.subarray(0, 16 + (cut % (octets.length - 15)));
    });

  test('for PDUs with octets changed and an end cut off', () => {
    fc.assert(
      fc.property(mutated, (octets) => {
        expect(readPdu(octets).raw).toBe(octets);
      }),
      { numRuns: 3_000 },
    );
  });

  test('for any octets behind any command_id', () => {
    fc.assert(
      fc.property(fc.constantFrom(...commandNames), fc.uint8Array({ maxLength: 300 }), (command, body) => {
        const id = commandIdOf(command).toString(16).padStart(8, '0');
        const octets = frame(id, ok, Buffer.from(body).toString('hex'));
        expect(readPdu(octets)).toMatchObject({ command });
      }),
      { numRuns: 2_000 },
    );
  });

  test('nor takes long for 70,000 octets of empty TLVs', () => {
    const octets = Buffer.concat([writePdu(deliverSm()), Buffer.alloc(70_000), Buffer.of(1)]);
    expect(readPdu(octets).tlvs.length).toBeGreaterThan(17_000);
  });
});
