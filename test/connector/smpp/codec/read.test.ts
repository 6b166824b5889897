import fc from 'fast-check';
import { commandNames, type Field, layouts } from '../../../../connector/smpp/codec/layouts.ts';
import type { CommandName, PduToWrite } from '../../../../connector/smpp/codec/pdu.ts';
import { readPdu } from '../../../../connector/smpp/codec/read.ts';
import { commandIdOf } from '../../../../connector/smpp/codec/tables.ts';
import { writePdu } from '../../../../connector/smpp/codec/write.ts';
import { deliverSm, pduOf, submitSm } from '../../../support/pdus.ts';
import { anyPdu } from './any-pdu.ts';

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
    incomplete: false,
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

test('what was written is read again, whatever the command, and what is over the specification is named', () => {
  fc.assert(
    fc.property(anyPdu(), (pdu) => {
      const octets = writePdu(pdu);
      const { raw, flaws, incomplete, ...read } = readPdu(octets);
      const refusedResponse = pdu.commandStatus !== 0 && pdu.command.endsWith('_resp');
      // The first octet of an id may then look like a TLV's; that is another test.
      fc.pre(!refusedResponse);
      expect(read).toEqual(pdu);
      expect(raw).toBe(octets);
      expect(flaws).toEqual(fieldsTooLong(pdu).map((name) => `${name} too long`));
      expect(incomplete).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

function fieldsTooLong(pdu: PduToWrite): string[] {
  const layout: readonly Field[] = layouts[pdu.command];
  const body = pdu as unknown as Readonly<Record<string, string>>;
  return layout
    .filter(({ name, kind, specifiedMax }) => kind === 'cstring' && (body[name] as string).length > specifiedMax)
    .map(({ name }) => name);
}

describe('a response', () => {
  test.each([
    ['with an id', ok, '3132333400', '1234', []],
    ['with an id that is not ASCII', ok, '4361 66e9 00', 'Caf\u00e9', []],
    ['with an id of 65 characters (quirk 5)', ok, `${'31'.repeat(65)}00`, '1'.repeat(65), ['messageId too long']],
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
    const pdu = readPdu(frame(submitSmResp, refused, body));
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

  test('with an address over any limit is read whole (quirk 44)', () => {
    const sourceAddr = '4'.repeat(100);
    const octets = withExtraOctets(writePdu(deliverSm({ sourceAddr: '' })), 19, Buffer.from(sourceAddr));
    expect(readPdu(octets)).toMatchObject({ sourceAddr, flaws: ['sourceAddr too long'], incomplete: false });
  });

  test('with a text of 255 octets is read whole', () => {
    const octets = withExtraOctets(writePdu(deliverSm({ shortMessage: Buffer.alloc(254) })), 16 + 56, Buffer.alloc(1));
    octets[octets.length - 256] = 255;
    expect(readPdu(octets)).toMatchObject({ shortMessage: Buffer.alloc(255), flaws: ['shortMessage too long'] });
  });

  test.each([
    ['a tag that has no name', '1400', 'abcd'],
    ['a tag of a vendor (quirk 43)', '3fff', '00'],
    ['a tag of a later version of SMPP', '0600', '010203'],
    ['an integer of no octets', '0427', ''],
    ['an integer of four octets', '0427', '00000002'],
    ['an integer of three octets', '0204', '010203'],
    ['a string without NUL', '001e', '414243'],
  ])('keeps the octets of a TLV with %s', (_, tag, hex) => {
    const value = Buffer.from(hex, 'hex');
    const tlv = Buffer.concat([Buffer.from(tag, 'hex'), Buffer.of(0, value.length), value]);
    expect(readPdu(withExtraOctets(whole, endOfText, tlv))).toMatchObject({
      tlvs: [
        { tag: Number.parseInt(tag, 16), value },
        { tag: 0x0427, value: Buffer.of(2) },
      ],
      flaws: [],
    });
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('with %d trailing octets is read, and has them still', (count) => {
    const octets = withExtraOctets(whole, whole.length, Buffer.alloc(count, 0xff));
    const pdu = readPdu(octets);
    expect(pdu).toMatchObject({ shortMessage: Buffer.from('hello'), raw: octets, incomplete: false });
    expect(pdu.tlvs[0]).toEqual({ tag: 0x0427, value: Buffer.of(2) });
    expect(pdu.flaws).toEqual([count < 4 ? 'octets after the last TLV' : 'TLV cut short']);
  });

  test('is not changed by being read', () => {
    const octets = Buffer.from(whole);
    readPdu(octets);
    expect(octets).toEqual(whole);
  });
});

describe('flawed by its length', () => {
  /** The sizes of SMPP 3.4, chapter 4, without the NUL. */
  const specified: Readonly<Record<string, number>> = {
    systemId: 15,
    password: 8,
    systemType: 12,
    addressRange: 40,
    serviceType: 5,
    sourceAddr: 20,
    destinationAddr: 20,
    messageId: 64,
    scheduleDeliveryTime: 16,
    validityPeriod: 16,
    finalDate: 16,
    'data_sm sourceAddr': 64,
    'data_sm destinationAddr': 64,
    'alert_notification sourceAddr': 64,
    'alert_notification esmeAddr': 64,
    'deliver_sm_resp messageId': 0,
  };
  const strings = commandNames.flatMap((command) =>
    (layouts[command] as readonly Field[])
      .filter(({ kind }) => kind === 'cstring')
      .map(({ name }) => ({ command, name, longest: specified[`${command} ${name}`] ?? specified[name] ?? 0 })),
  );

  test.each(strings)('is a $name of a $command over $longest characters', ({ command, name, longest }) => {
    const value = '1'.repeat(longest);
    const octets = writePdu(pduOf(command, { [name]: value }));
    expect(readPdu(octets)).toMatchObject({ [name]: value, flaws: [] });
    const longer = withExtraOctets(octets, octets.indexOf(value, 16), Buffer.from('1'));
    expect(readPdu(longer)).toMatchObject({ [name]: `${value}1`, flaws: [`${name} too long`], incomplete: false });
  });
});

describe('incomplete', () => {
  const requests = commandNames.filter((command) => !command.endsWith('_resp') && layouts[command].length > 0);

  /** Every field has 3 octets or 1; the last begins at the offset given. */
  function filled(command: CommandName): { octets: Buffer; lastField: number } {
    const layout: readonly Field[] = layouts[command];
    const values = { cstring: '12', octet: 1, 'counted-octets': Buffer.of(1, 2) };
    const octets = writePdu(pduOf(command, Object.fromEntries(layout.map(({ name, kind }) => [name, values[kind]]))));
    return { octets, lastField: octets.length - (layout.at(-1)?.kind === 'octet' ? 1 : 3) };
  }

  test.each(requests)('is a %s without its last field, wherever it ends before', (command) => {
    const { octets, lastField } = filled(command);
    for (let length = 16; length <= lastField; length++) {
      const pdu = readPdu(ofLength(octets, length));
      expect(pdu.incomplete).toBe(true);
      expect(pdu.flaws).toContainEqual(expect.stringMatching(/^no \w+$/));
    }
    expect(readPdu(octets)).toMatchObject({ incomplete: false, flaws: [] });
  });

  test.each(requests)('is a %s whose last field is counted and cut short, not one whose NUL is missing', (command) => {
    const { octets, lastField } = filled(command);
    const isCounted = layouts[command].at(-1)?.kind === 'counted-octets';
    for (let length = lastField + 1; length < octets.length; length++) {
      const pdu = readPdu(ofLength(octets, length));
      expect(pdu.incomplete).toBe(isCounted);
      expect(pdu.flaws).toHaveLength(1);
    }
  });

  test.each([
    ['submit_sm_resp', submitSmResp],
    ['deliver_sm_resp', deliverSmResp],
    ['bind_transceiver_resp', '80000009'],
    ['query_sm_resp', '80000003'],
  ])('is a %s of ESME_ROK without its body, not one of an error (quirk 41)', (_, id) => {
    expect(readPdu(frame(id, ok, '')).incomplete).toBe(true);
    expect(readPdu(frame(id, refused, '')).incomplete).toBe(false);
    expect(readPdu(frame(id, refused, '313200')).incomplete).toBe(false);
  });

  test('is no PDU for the sake of its TLVs', () => {
    const octets = writePdu(deliverSm({ tlvs: [{ tag: 0x0427, value: Buffer.of(2) }] }));
    expect(readPdu(ofLength(octets, octets.length - 1))).toMatchObject({ incomplete: false, flaws: ['TLV cut short'] });
  });

  test.each(['enquire_link', 'enquire_link_resp', 'unbind', 'unbind_resp', 'cancel_sm_resp', 'generic_nack'] as const)(
    'is never a %s: it has no fields',
    (command) => {
      expect(readPdu(writePdu(pduOf(command)))).toMatchObject({ incomplete: false, flaws: [] });
    },
  );
});

function ofLength(octets: Buffer, length: number): Buffer {
  const cut = Buffer.from(octets.subarray(0, length));
  cut.writeUInt32BE(length);
  return cut;
}

test('a command without a layout is read as its header', () => {
  const octets = frame('00000021', ok, '0102');
  expect(readPdu(octets)).toEqual({
    command: 'unknown',
    commandId: 0x21,
    commandStatus: 0,
    sequenceNumber: 7,
    tlvs: [],
    raw: octets,
    flaws: [],
    incomplete: false,
  });
});

test('a command_length that is not the length is a flaw', () => {
  const octets = writePdu(submitSm());
  octets.writeUInt32BE(octets.length + 1);
  expect(readPdu(octets)).toMatchObject({ flaws: ['wrong command_length'] });
});

describe('reading never throws', () => {
  const mutated = fc
    .tuple(anyPdu(), fc.array(fc.tuple(fc.nat(), fc.nat(0xff)), { maxLength: 8 }), fc.nat())
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
