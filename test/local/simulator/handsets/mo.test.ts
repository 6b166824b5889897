import fc from 'fast-check';
import { decodeText } from '#contract/text/decode.ts';
import { encodeGsm } from '#contract/text/gsm0338.ts';
import { encodeUcs2 } from '#contract/text/ucs2.ts';
import { display, type UserData } from '../../../../local/simulator/handsets/display.ts';
import { type Mo, moDeliveries } from '../../../../local/simulator/handsets/mo.ts';
import { receivedPart } from '../../../../local/simulator/handsets/received-part.ts';
import type { ShortMessage } from '../../../../local/simulator/messages/short-message.ts';
import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { anyText, gsmText } from '../../../contract/text/arbitraries.ts';
import { content, stageOf } from '../messages.ts';

type MoChange = NonNullable<BehaviourChange['mo']>;

const from = '+447700900123';
const to = '12345';
const hello: Mo = { from, to, text: 'Hello' };

function fieldsOf(mo: Partial<Mo>, change: MoChange = {}, reference = 0x1234): Record<string, unknown>[] {
  return moDeliveries({ from, to, ...mo }, { stage: stageOf({ mo: change }), reference }).map(({ fields }) => fields);
}

function octetsOf({ short_message, message_payload }: Record<string, unknown>): Buffer {
  const octets = Buffer.isBuffer(short_message) && short_message.length > 0 ? short_message : message_payload;
  return Buffer.isBuffer(octets) ? octets : Buffer.alloc(0);
}

function hexOf(fields: Record<string, unknown>): string {
  return octetsOf(fields).toString('hex');
}

function text(length: number, letter = 'a'): string {
  return letter.repeat(length);
}

const faultsOf = (mo: Partial<Mo>, change: MoChange = {}): readonly string[] => {
  try {
    fieldsOf(mo, change);
    return [];
  } catch (error) {
    if (error instanceof Error && 'faults' in error && Array.isArray(error.faults)) return error.faults;
    throw error;
  }
};

test('a short text is one deliver_sm', () => {
  expect(moDeliveries(hello, { stage: stageOf({}), reference: 1 })).toEqual([
    {
      command: 'deliver_sm',
      fields: {
        source_addr_ton: 1,
        source_addr_npi: 1,
        source_addr: '447700900123',
        dest_addr_ton: 0,
        dest_addr_npi: 1,
        destination_addr: '12345',
        esm_class: 0,
        data_coding: 0,
        short_message: Buffer.from('Hello'),
      },
    },
  ]);
});

describe('the alphabet', () => {
  test.each([
    ['unpacked', '5€ @', 0, '351b652000'],
    ['packed', '5€ @', 0, 'b54d190400'],
    ['unpacked', 'Ж', 8, '0416'],
    ['packed', 'Ж', 8, '0416'],
    ['ucs2', 'é', 0, '00e9'],
    ['ucs2', 'Ж', 8, '0416'],
    ['latin1', 'ça @', 0, 'e7612040'],
    ['latin1', '€', 8, '20ac'],
    ['ascii', 'ça @', 0, '3f612040'],
    ['ascii', 'Ж', 8, '0416'],
  ] as const)('%s has %s under data_coding %i', (gsm7, message, dataCoding, hex) => {
    const [fields = {}, ...more] = fieldsOf({ text: message }, { gsm7 });
    expect(more).toEqual([]);
    expect([fields.data_coding, hexOf(fields)]).toEqual([dataCoding, hex]);
  });

  test('says its data_codings in turn, the same for all parts of a message', () => {
    const stage = stageOf({ mo: { gsm7DataCodings: [0xf0, 0x10], ucs2DataCodings: [0x18, 0x19] } });
    const codings = (message: string) =>
      moDeliveries({ from, to, text: message }, { stage, reference: 1 }).map(({ fields }) => fields.data_coding);
    expect(codings('a')).toEqual([0xf0]);
    expect(codings(text(200))).toEqual([0x10, 0x10]);
    expect(codings(text(200, 'Ж'))).toEqual([0x18, 0x18, 0x18]);
    expect(codings('a')).toEqual([0xf0]);
    expect(codings('Ж')).toEqual([0x19]);
  });
});

describe('a long text', () => {
  test.each([
    ['GSM 7 bit', 'a', 160, 153],
    ['UCS-2', 'Ж', 70, 67],
  ])('of %s begins beyond what the radio carries', (_, letter, alone, part) => {
    expect(fieldsOf({ text: text(alone, letter) })).toHaveLength(1);
    expect(fieldsOf({ text: text(alone + 1, letter) })).toHaveLength(2);
    expect(fieldsOf({ text: text(2 * part, letter) })).toHaveLength(2);
    expect(fieldsOf({ text: text(2 * part + 1, letter) })).toHaveLength(3);
  });

  test.each([
    ['udh8', 0x40, ['050003340201', '050003340202']],
    ['udh16', 0x40, ['06080412340201', '06080412340202']],
    ['udh-and-sar', 0x40, ['050003340201', '050003340202']],
    ['sar', 0, ['', '']],
    ['pieces', 0, ['', '']],
  ] as const)('by %s has esm_class %i and the UDHs %j', (long, esmClass, udhs) => {
    const parts = fieldsOf({ text: text(200) }, { long });
    expect(parts.map((part) => part.esm_class)).toEqual([esmClass, esmClass]);
    const isSar = long === 'sar' || long === 'udh-and-sar';
    const sar = { sar_msg_ref_num: 0x1234, sar_total_segments: 2 };
    for (const [index, part] of parts.entries()) {
      const udh = udhs[index] ?? 'no such part';
      expect(hexOf(part).replace(/(61)*$/, '')).toBe(udh);
      if (isSar) expect(part).toMatchObject({ ...sar, sar_segment_seqnum: index + 1 });
      else expect(part).not.toHaveProperty('sar_msg_ref_num');
    }
  });

  test('by message_payload is one deliver_sm without a UDH', () => {
    const [fields = {}, ...more] = fieldsOf({ text: text(1_000) }, { long: 'payload' });
    expect(more).toEqual([]);
    expect(fields).toMatchObject({
      esm_class: 0,
      short_message: Buffer.alloc(0),
      message_payload: Buffer.from(text(1_000)),
    });
    expect(fieldsOf(hello, { long: 'payload' })).toMatchObject([{ short_message: Buffer.from('Hello') }]);
  });

  test('has parts no longer than they may be', () => {
    const maxPartOctets = { gsm7: 152, ucs2: 132 };
    expect(fieldsOf({ text: text(305) }, { maxPartOctets }).map((part) => octetsOf(part).length)).toEqual([
      158, 158, 7,
    ]);
    expect(fieldsOf({ text: text(100, 'Ж') }, { maxPartOctets }).map((part) => octetsOf(part).length)).toEqual([
      138, 74,
    ]);
  });

  test('has shorter parts when its UDH is longer', () => {
    expect(fieldsOf({ text: text(304) }, { long: 'udh16' }).map((part) => octetsOf(part).length)).toEqual([159, 159]);
    const elements = { elementsBefore: '050400000000' };
    expect(fieldsOf({ text: text(160) }, elements).map((part) => octetsOf(part).length)).toEqual([158, 26]);
    expect(fieldsOf({ text: text(100, 'Ж') }, elements).map((part) => octetsOf(part).length)).toEqual([140, 84]);
  });

  test('has other elements in front of the concatenation, and a short one has them alone', () => {
    const elementsBefore = '050400000000';
    const [first = {}] = fieldsOf({ text: text(200) }, { elementsBefore });
    expect(hexOf(first).slice(0, 24)).toBe('0b0504000000000003340201');
    expect(fieldsOf(hello, { elementsBefore })).toMatchObject([
      { esm_class: 0x40, short_message: Buffer.from('06050400000000' + '48656c6c6f', 'hex') },
    ]);
  });

  test('can come from the last part to the first', () => {
    const parts = fieldsOf({ text: text(400) }, { partOrder: 'last-to-first' });
    expect(parts.map((part) => octetsOf(part)[5])).toEqual([3, 2, 1]);
  });

  test('is cut through pairs only when that is wanted', () => {
    const emoji = `${text(66, 'Ж')}😀${text(10, 'Ж')}`;
    const lengths = (splitPairs: boolean) =>
      fieldsOf({ text: emoji }, { splitPairs }).map((part) => octetsOf(part).length - 6);
    expect(lengths(false)).toEqual([132, 24]);
    expect(lengths(true)).toEqual([134, 22]);
    const euro = `${text(152)}€${text(10)}`;
    expect(fieldsOf({ text: euro }).map((part) => octetsOf(part).length - 6)).toEqual([152, 12]);
    expect(fieldsOf({ text: euro }, { splitPairs: true }).map((part) => octetsOf(part).length - 6)).toEqual([153, 11]);
  });

  test('Latin-1 has no pairs, whatever its octets look like', () => {
    const looksLikeSurrogates = `${'a'.repeat(151)}Ø-Ü${'a'.repeat(20)}`;
    const parts = fieldsOf({ text: looksLikeSurrogates }, { gsm7: 'latin1' });
    expect(parts.map((part) => octetsOf(part).length - 6)).toEqual([153, 21]);
  });

  test('comes to an end also where a part holds half a character', () => {
    expect(fieldsOf({ text: text(81, '€') }, { maxPartOctets: { gsm7: 1 } })).toHaveLength(162);
    expect(fieldsOf({ text: text(36, '😀') }, { maxPartOctets: { ucs2: 3 } })).toHaveLength(72);
  });

  test('that is packed has its septets behind fill bits', () => {
    const parts = fieldsOf({ text: text(306) }, { gsm7: 'packed' });
    expect(parts.map((part) => octetsOf(part).length)).toEqual([140, 140]);
    expect(parts.map((part) => octetsOf(part)[6])).toEqual([0xc2, 0xc2]);
  });
});

describe('the body', () => {
  test.each([
    ['short_message', Buffer.from('Hello'), undefined],
    ['message_payload', Buffer.alloc(0), Buffer.from('Hello')],
    ['both', Buffer.from('Hello'), Buffer.from('Hello')],
  ] as const)('is in %s', (textIn, shortMessage, payload) => {
    const [fields = {}] = fieldsOf(hello, { textIn });
    expect(fields.short_message).toEqual(shortMessage);
    expect(fields.message_payload).toEqual(payload);
  });

  test('of a data_sm is in message_payload', () => {
    const [delivery] = moDeliveries(hello, { stage: stageOf({ mo: { command: 'data_sm' } }), reference: 1 });
    expect(delivery?.command).toBe('data_sm');
    expect(delivery?.fields).toMatchObject({ message_payload: Buffer.from('Hello') });
    expect(delivery?.fields).not.toHaveProperty('short_message');
  });

  test('can end with a NUL, but not in message_payload', () => {
    expect(fieldsOf(hello, { trailingNul: true, textIn: 'both' })).toMatchObject([
      { short_message: Buffer.from('Hello\0'), message_payload: Buffer.from('Hello') },
    ]);
  });

  test('goes with the TLVs that were set', () => {
    expect(fieldsOf(hello, { tlvs: { '0x1400': '3131' } })).toMatchObject([{ extraTlvs: { '0x1400': '3131' } }]);
    expect(fieldsOf(hello)).not.toMatchObject([{ extraTlvs: {} }]);
  });
});

describe('the sender', () => {
  test.each([
    ['international', from, 1, 1, '447700900123'],
    ['plus', from, 1, 1, '+447700900123'],
    ['national', from, 2, 1, '07700900123'],
    ['national', '+12025550123', 2, 1, '02025550123'],
    ['national', '+35312345678', 2, 1, '012345678'],
    ['national', '+79161234567', 2, 1, '09161234567'],
    ['unknown', from, 0, 0, '447700900123'],
    ['long', from, 1, 1, '000000000000000000447700900123'],
    ['international', '12345', 0, 1, '12345'],
    ['national', '12345', 0, 1, '12345'],
    ['plus', '12345', 0, 1, '12345'],
    ['unknown', '12345', 0, 0, '12345'],
    ['long', '12345', 1, 1, '000000000000000000000000012345'],
    ['long', 'Shop', 5, 0, 'Shop'],
  ] as const)('as %s of %s is %i/%i %s', (form, number, ton, npi, digits) => {
    expect(fieldsOf({ from: number, text: 'a' }, { senders: [form] })).toMatchObject([
      { source_addr_ton: ton, source_addr_npi: npi, source_addr: digits },
    ]);
  });

  test('changes its form from message to message, not from part to part', () => {
    const stage = stageOf({ mo: { senders: ['plus', 'national'] } });
    const senders = () =>
      moDeliveries({ from, to, text: text(200) }, { stage, reference: 1 }).map(({ fields }) => fields.source_addr);
    expect([senders(), senders(), senders()]).toEqual([
      ['+447700900123', '+447700900123'],
      ['07700900123', '07700900123'],
      ['+447700900123', '+447700900123'],
    ]);
  });
});

test('all parts for an account go to its sessions', () => {
  const mo = { from: '+447700900123', to: '12345', text: text(200) };
  const systemIds = (account: object) =>
    moDeliveries({ ...mo, ...account }, { stage: stageOf({}), reference: 1 }).map(({ systemId }) => systemId);
  expect(systemIds({ account: 'me' })).toEqual(['me', 'me']);
  expect(systemIds({})).toEqual([undefined, undefined]);
});

describe('raw octets', () => {
  test('go as they are', () => {
    const octets = Uint8Array.of(0, 0xff, 0x1b);
    expect(fieldsOf({ octets })).toMatchObject([{ esm_class: 0, data_coding: 0, short_message: Buffer.from(octets) }]);
    expect(fieldsOf({ octets, dataCoding: 0xf5, udh: Uint8Array.of(9, 9) })).toMatchObject([
      { esm_class: 0x40, data_coding: 0xf5, short_message: Buffer.from('090900ff1b', 'hex') },
    ]);
  });

  test('with an empty header have none', () => {
    const octets = Uint8Array.of(0x41);
    expect(fieldsOf({ octets, udh: new Uint8Array() })).toMatchObject([
      { esm_class: 0, short_message: Buffer.from(octets) },
    ]);
  });

  test('of more than 254 are in message_payload', () => {
    expect(fieldsOf({ octets: Buffer.alloc(254) })).toMatchObject([{ short_message: Buffer.alloc(254) }]);
    expect(fieldsOf({ octets: Buffer.alloc(255) })).toMatchObject([
      { short_message: Buffer.alloc(0), message_payload: Buffer.alloc(255) },
    ]);
  });
});

describe('what fits in no PDU is refused:', () => {
  test.each<[string, Partial<Mo>, string]>([
    ['neither text nor octets', {}, 'needs either text or octets'],
    ['both', { text: 'a', octets: Uint8Array.of(1) }, 'needs either text or octets'],
    ['a data_coding of a text', { text: 'a', dataCoding: 0 }, 'dataCoding: goes with octets only'],
    ['a UDH of a text', { text: 'a', udh: Uint8Array.of(0) }, 'udh: goes with octets only'],
    ['a data_coding over 255', { octets: Uint8Array.of(), dataCoding: 256 }, 'dataCoding: must be 0 to 255, got 256'],
    ['a data_coding in between', { octets: Uint8Array.of(), dataCoding: 0.5 }, 'dataCoding: must be 0 to 255, got 0.5'],
    ['a sender of 65 characters', { text: 'a', from: text(65) }, 'from: must have 1 to 64 characters, has 65'],
    ['no recipient', { text: 'a', to: '' }, 'to: must have 1 to 64 characters, has 0'],
    ['a recipient of 65 digits', { text: 'a', to: `+${'1'.repeat(65)}` }, 'to: must have 1 to 64 characters, has 65'],
    ['a sender with a NUL', { text: 'a', from: 'a\0' }, 'from: must be ASCII without NUL'],
    ['a recipient with an accent', { text: 'a', to: 'é' }, 'to: must be ASCII without NUL'],
    ['more than 64 KiB', { octets: Buffer.alloc(0x1_0000) }, 'must fit in 65535 octets, needs 65536'],
    ['more than 255 parts', { text: text(255 * 153 + 1) }, 'text must fit in 255 parts, needs 256'],
  ])('%s', (_, mo, fault) => {
    expect(faultsOf(mo)).toEqual([fault]);
  });

  test('not a number as long as that of data_sm, whose "+" is in no PDU', () => {
    expect(fieldsOf({ text: 'a', from: `+${'1'.repeat(64)}` })).toMatchObject([{ source_addr: '1'.repeat(64) }]);
  });

  test('a text beside a UDH that fills the message', () => {
    expect(faultsOf({ text: 'a' }, { elementsBefore: `708a${'00'.repeat(138)}` })).toEqual([
      'a UDH of 146 octets leaves no room for text',
    ]);
  });
});

describe('a handset would read', () => {
  const short = (fields: Record<string, unknown>): ShortMessage => ({
    ...content({ octets: octetsOf(fields), esmClass: fields.esm_class === 0x40 ? 0x40 : 0 }),
    messageId: '',
    receiptId: '',
    systemId: '',
    session: 1,
    submittedAt: 0,
    expiresAt: 0,
  });
  const shown = (message: string, change: MoChange): string => {
    const stage = stageOf({ handsets: { gsm7: change.gsm7 === 'packed' ? 'packed' : 'unpacked' } });
    const parts = fieldsOf({ text: message }, change);
    const data: UserData[] = parts.map((fields) => receivedPart(short(fields)));
    const dataCoding = Number(parts[0]?.data_coding);
    return display(data, dataCoding, stage.behaviour.handsets).text;
  };
  const long = fc.constantFrom('udh8', 'udh16', 'sar', 'udh-and-sar', 'payload', 'pieces');
  const gsm7 = fc.constantFrom('unpacked', 'packed');

  test('each text as it was, whatever the form', () => {
    fc.assert(
      fc.property(fc.oneof(gsmText(), anyText()), long, gsm7, fc.boolean(), (message, form, alphabet, splitPairs) => {
        // A CR that ends with an octet is doubled in packed septets (3GPP TS 23.038, 6.1.2.3.1).
        const sent = alphabet === 'packed' ? message.replaceAll('\r', '') : message;
        expect(shown(sent, { long: form, gsm7: alphabet, splitPairs })).toBe(sent);
      }),
    );
  });

  test('what is told by the data_coding, for anything that an SMSC says is UCS-2 or GSM', () => {
    fc.assert(
      fc.property(anyText(), (message) => {
        const joined = Buffer.concat(fieldsOf({ text: message }, { long: 'pieces' }).map(octetsOf));
        const octets = encodeGsm(message) ?? encodeUcs2(message);
        expect(joined).toEqual(Buffer.from(octets));
        expect(decodeText(joined, encodeGsm(message) === undefined ? 8 : 0)).toBe(message);
      }),
    );
  });
});
