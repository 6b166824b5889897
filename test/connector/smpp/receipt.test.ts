import fc from 'fast-check';
import type { Tlv } from '../../../connector/smpp/codec/pdu.ts';
import { deliverSmOf } from '../../../connector/smpp/deliveries.ts';
import { type Receipt, readReceipt } from '../../../connector/smpp/receipt.ts';
import { asRead, deliverSm, pduOf } from '../../support/pdus.ts';

const receiptedMessageId = (id: string): Tlv => ({ tag: 0x001e, value: Buffer.from(id, 'latin1') });
const networkErrorCode = (hex: string): Tlv => ({ tag: 0x0423, value: Buffer.from(hex, 'hex') });
const messagePayload = (octets: Buffer): Tlv => ({ tag: 0x0424, value: octets });
const messageState = (...octets: number[]): Tlv => ({ tag: 0x0427, value: Buffer.from(octets) });

interface ReceiptParts {
  readonly text?: string;
  readonly tlvs?: readonly Tlv[];
  readonly esmClass?: number;
}

function read({ text = '', tlvs = [], esmClass = 0x04 }: ReceiptParts): Receipt | undefined {
  return readReceipt(asRead(deliverSm({ shortMessage: Buffer.from(text, 'latin1'), tlvs, esmClass })));
}

/** Longer than a short_message holds. */
function readPayload(octets: Buffer): Receipt | undefined {
  return read({ tlvs: [messagePayload(octets)] });
}

const whole =
  'id:0123456789 sub:001 dlvrd:001 submit date:2601021504 done date:2601021505 stat:DELIVRD err:000 text:Hello there';

test('a receipt of Appendix B is read', () => {
  expect(read({ text: whole })).toEqual({
    smscMessageId: '0123456789',
    state: 'delivered',
    stat: 'DELIVRD',
    err: '000',
    submitDate: '2601021504',
    doneDate: '2601021505',
  });
});

describe('what is a receipt', () => {
  test.each([0x04, 0x08, 0x20, 0x24, 0x44])('esm_class %d says so (quirk 21)', (esmClass) => {
    expect(read({ text: whole, esmClass })).toMatchObject({ smscMessageId: '0123456789' });
  });

  test('a receipted_message_id says so, whatever esm_class is (quirk 21)', () => {
    expect(read({ esmClass: 0, tlvs: [receiptedMessageId('42')] })).toMatchObject({ smscMessageId: '42' });
  });

  test('esm_class of a conversation abort, which has a text, does not say so', () => {
    for (const esmClass of [0x18, 0x58]) expect(read({ text: 'Goodbye', esmClass })).toBeUndefined();
  });

  test.each([0x00, 0x03, 0x40, 0x80, 0xc3])(
    'a message with esm_class %d is none, even if its text looks like one',
    (esmClass) => {
      expect(read({ text: whole, esmClass })).toBeUndefined();
    },
  );

  test('a receipt that tells nothing is still a receipt, and has its octets', () => {
    const octets = Buffer.from('your parcel is here').toString('base64');
    expect(read({ text: 'your parcel is here' })).toEqual({ smscMessageId: '', state: 'unknown', octets });
  });

  test.each(['id:7 stat:WHATEVR', 'id:7', 'stat:DELIVRD'])('%j has its octets, for it cannot be read whole', (text) => {
    expect(read({ text })).toMatchObject({ octets: Buffer.from(text).toString('base64') });
  });

  test('what is read has none, and of a long one there are 4,000', () => {
    expect(read({ text: 'id:7 stat:DELIVRD' })).not.toHaveProperty('octets');
    const { octets = '' } = readPayload(Buffer.alloc(60_000, 'x')) ?? {};
    expect(Buffer.from(octets, 'base64').length).toBe(4_000);
  });

  test('a message_state alone says that it is one, whatever esm_class does', () => {
    const text = 'id:7 sub:001 dlvrd:001 stat:DELIVRD err:000';
    const state = { tag: 0x0427, value: Buffer.of(2) };
    expect(read({ esmClass: 0, text, tlvs: [state] })).toMatchObject({ smscMessageId: '7', state: 'delivered' });
  });

  test('where short_message names no id, message_payload may (quirk 16)', () => {
    const payload = { tag: 0x0424, value: Buffer.from('id:7 stat:DELIVRD') };
    expect(read({ text: 'Delivery receipt', tlvs: [payload] })).toMatchObject({
      smscMessageId: '7',
      state: 'delivered',
      tlvs: { message_payload: Buffer.from('id:7 stat:DELIVRD').toString('hex') },
    });
    expect(read({ text: 'id:8 stat:EXPIRED', tlvs: [payload] })).toMatchObject({ smscMessageId: '8' });
  });

  test.each(['7 ', ' 7', '7\r\n', '7\0'])('its id is %j without what is around it', (id) => {
    const tlvs = [{ tag: 0x001e, value: Buffer.from(id) }];
    expect(read({ text: '', tlvs })).toMatchObject({ smscMessageId: '7' });
  });
});

describe('the text of a receipt', () => {
  test.each<[string, string, Partial<Receipt>]>([
    ['in any order', 'err:001 stat:EXPIRED id:7', { smscMessageId: '7', stat: 'EXPIRED', err: '001' }],
    [
      'in any case',
      'ID:7 Stat:delivrd ERR:0 Done Date:2601',
      { smscMessageId: '7', state: 'delivered', doneDate: '2601' },
    ],
    ['without most fields (quirk 11)', 'id:7 stat:UNDELIV', { smscMessageId: '7', state: 'undeliverable' }],
    ['with an err of any kind (quirk 15)', 'id:7 err:21b stat:DELIVRD', { err: '21b' }],
    ['with an empty err', 'id:7 stat:DELIVRD err: text:', { err: '' }],
    ['with blanks behind the colon', 'id: 7 stat: DELIVRD', { smscMessageId: '7', state: 'delivered' }],
    [
      'behind other text (quirk 20)',
      '4790000000SMSAlert^id:7 stat:DELIVRD',
      { smscMessageId: '7', state: 'delivered' },
    ],
    ['behind a word that ends like a field', 'void:1 id:7', { smscMessageId: '7' }],
    ['closed by NUL (quirk 42)', 'id:7 stat:DELIVRD err:000\0', { err: '000' }],
    ['with an empty text in the middle', 'id:7 err:001 text: stat:UNDELIV', { state: 'undeliverable', err: '001' }],
    [
      'with an empty text in the middle, but no err behind it',
      'id:7 text: stat:UNDELIV err:001',
      { state: 'undeliverable', err: undefined },
    ],
    ['with words behind the last field', 'id:7 stat:DELIVRD err:000 hello there', { err: '000' }],
    [
      'with a repeated field, of which the first counts',
      'id:7 stat:DELIVRD id:8 stat:EXPIRED',
      { smscMessageId: '7', stat: 'DELIVRD' },
    ],
  ])('%s is read', (_, text, receipt) => {
    expect(read({ text })).toMatchObject(receipt);
  });

  test.each([
    'text:id:8 stat:EXPIRED',
    'text:stat:EXPIRED',
    'text:stat:EXPIRED err:001',
    'text:hi id:8 stat:EXPIRED err:001 done date:2601',
    'text: id:8 stat:EXPIRED',
    'text: stat:EXPIRED I say',
    'text: err:1 id:8 stat:EXPIRED',
    'text: stat:EXPIRED stat:DELETED',
    'text: stat:EXPIRED err:1 I say',
    'text: text: hi stat:EXPIRED',
    'Text:\nstat:EXPIRED I say',
  ])('cannot be forged by what a person wrote: %j (quirk 20)', (text) => {
    expect(read({ text })).toMatchObject({ smscMessageId: '', state: 'unknown', stat: undefined });
    expect(read({ text: `id:7 stat:DELIVRD ${text}` })).toMatchObject({ smscMessageId: '7', stat: 'DELIVRD' });
  });

  test.each(['text:err:001', 'text: err:001', 'text:\nerr:001'])('has no err of a person: %j (quirk 20)', (text) => {
    expect(read({ text: `id:7 stat:UNDELIV ${text}` })).toMatchObject({
      stat: 'UNDELIV',
      err: undefined,
    });
  });

  test('is not changed by anything that a person wrote (quirk 20)', () => {
    const piece = fc.constantFrom(
      'id:8',
      'stat:EXPIRED',
      'err:001',
      'text:',
      'done date:2601',
      ' ',
      '\0',
      '\n',
      'hi',
      ':',
    );
    fc.assert(
      fc.property(fc.array(piece), fc.boolean(), (pieces, isUsual) => {
        const head = isUsual ? whole.slice(0, whole.indexOf('Hello')) : whole.replace('sub:001 ', '').slice(0, -11);
        expect(read({ text: `${head}${pieces.join('')}`.slice(0, 254) })).toEqual(read({ text: head }));
      }),
      { numRuns: 1_000 },
    );
  });

  test('is read as ASCII, whatever data_coding says (quirk 19)', () => {
    const pdu = asRead(deliverSm({ esmClass: 0x04, dataCoding: 8, shortMessage: Buffer.from(whole) }));
    expect(readReceipt(pdu)).toMatchObject({ smscMessageId: '0123456789', state: 'delivered' });
  });

  test('is read when it is in UCS-2 indeed', () => {
    expect(readPayload(Buffer.from(whole, 'utf16le').swap16())).toMatchObject({ smscMessageId: '0123456789' });
  });

  test('is taken from message_payload when short_message is empty (quirk 16)', () => {
    expect(readPayload(Buffer.from(whole))).toMatchObject({ smscMessageId: '0123456789', state: 'delivered' });
    expect(read({ text: 'id:7', tlvs: [messagePayload(Buffer.from(whole))] })).toMatchObject({ smscMessageId: '7' });
  });

  test('is taken from message_payload when short_message is a NUL (quirks 16 and 42)', () => {
    const tlvs = [{ tag: 0x0424, value: Buffer.from('id:9 stat:EXPIRED') }];
    const pdu = asRead(deliverSm({ esmClass: 0x04, shortMessage: Buffer.of(0), tlvs }));
    expect(readReceipt(pdu)).toMatchObject({ smscMessageId: '9', state: 'expired', tlvs: undefined });
  });

  test('is taken from a data_sm, too (quirk 16)', () => {
    const dataSm = asRead(pduOf('data_sm', { esmClass: 0x04, tlvs: [messagePayload(Buffer.from(whole))] }));
    if (dataSm.command !== 'data_sm') throw new Error(`read as ${dataSm.command}`);
    expect(readReceipt(deliverSmOf(dataSm))).toMatchObject({ smscMessageId: '0123456789', state: 'delivered' });
  });

  test('is found behind a UDH, and where one is announced that is not there (quirk 21)', () => {
    const udh = '\x05\x00\x03\xaa\x02\x01';
    expect(read({ text: udh + whole, esmClass: 0x44 })).toMatchObject({ smscMessageId: '0123456789' });
    expect(read({ text: whole, esmClass: 0x44 })).toMatchObject({ smscMessageId: '0123456789' });
  });
});

test('no word of a receipt is over 255 characters, so that it fits into an event', () => {
  const long = '1'.repeat(60_000);
  const expected = { smscMessageId: '1'.repeat(255), state: 'delivered' };
  expect(readPayload(Buffer.from(`id:${long} stat:DELIVRD`))).toMatchObject(expected);
  expect(read({ tlvs: [receiptedMessageId(long), messageState(2)] })).toMatchObject(expected);
  expect(read({ tlvs: [networkErrorCode(long)] })?.networkErrorCode).toHaveLength(255);
});

test.each([
  ['ENROUTE', 'enroute'],
  ['DELIVRD', 'delivered'],
  ['EXPIRED', 'expired'],
  ['DELETED', 'deleted'],
  ['UNDELIV', 'undeliverable'],
  ['ACCEPTD', 'accepted'],
  ['UNKNOWN', 'unknown'],
  ['REJECTD', 'rejected'],
  ['FAILED', 'undeliverable'],
  ['DELIVERED', 'delivered'],
  ['BUFFRED', 'enroute'],
  ['DND_REJECTED', 'unknown'],
  ['0', 'unknown'],
])('a stat of %s is %s (quirk 12)', (stat, state) => {
  expect(read({ text: `id:7 stat:${stat}` })).toMatchObject({ state, stat });
});

describe('TLVs', () => {
  test('count before the text', () => {
    const receipt = read({ text: 'id:7 stat:ENROUTE', tlvs: [receiptedMessageId('8\0'), messageState(2)] });
    expect(receipt).toMatchObject({ smscMessageId: '8', state: 'delivered', stat: 'ENROUTE' });
  });

  test('alone are enough (quirk 16)', () => {
    const tlvs = [receiptedMessageId('362d9701\0'), messageState(5), networkErrorCode('030001')];
    expect(read({ text: '362d9701 2', tlvs })).toEqual({
      smscMessageId: '362d9701',
      state: 'undeliverable',
      networkErrorCode: '030001',
      errorClass: 'unknown',
    });
  });

  test('of the id alone leave the state to the text (quirk 18)', () => {
    expect(read({ text: 'id:7 stat:REJECTD', tlvs: [receiptedMessageId('8')] })).toMatchObject({ state: 'rejected' });
  });

  test.each([[[]], [[0]], [[9]], [[255]], [[1, 2, 3]]])('of no known state leave it to the text: %j', (octets) => {
    expect(read({ text: 'id:7 stat:DELIVRD', tlvs: [messageState(...octets)] })).toMatchObject({ state: 'delivered' });
  });

  test('of a state in four octets are read', () => {
    expect(read({ tlvs: [messageState(0, 0, 0, 2)] })).toMatchObject({ state: 'delivered' });
  });

  test('of an empty id leave it to the text', () => {
    expect(read({ text: 'id:7', tlvs: [receiptedMessageId('\0')] })).toMatchObject({ smscMessageId: '7' });
  });

  test.each([
    ['in two octets', [0x12, 0x34], 0x1234],
    ['in one', [0x12], 0x12],
    ['in four', [0, 0, 0x12, 0x34], 0x1234],
    ['that is the lowest', [0, 0], 0],
    ['that is the highest', [0xff, 0xff], 0xffff],
    ['of more than 16 bits', [1, 0, 0], undefined],
    ['without octets', [], undefined],
  ])('of a user_message_reference %s tell it, if it can be ours', (_, octets, reference) => {
    const tlvs = [{ tag: 0x0204, value: Buffer.from(octets) }];
    expect(read({ text: whole, tlvs })?.userMessageReference).toBe(reference);
    expect(read({ text: whole, tlvs })).toMatchObject({ smscMessageId: '0123456789' });
  });

  test('of a network error in three digits are kept as they are (quirk 17)', () => {
    expect(read({ tlvs: [networkErrorCode('303033')] })).toMatchObject({ networkErrorCode: '303033' });
  });
});

test('reading a receipt never throws', () => {
  const word = fc.constantFrom('id:', 'stat:', 'text:', 'err:', 'done date:', 'submit ', ' ', '\0', 'x', '7');
  const text = fc.oneof(
    fc.array(word).map((words) => Buffer.from(words.join(''))),
    fc.uint8Array(),
  );
  const tlv = fc.record({ tag: fc.constantFrom(0x1e, 0x423, 0x424, 0x427), value: fc.uint8Array() });
  fc.assert(
    fc.property(text, fc.array(tlv), (octets, tlvs) => {
      expect(
        readReceipt(asRead(deliverSm({ esmClass: 0x04, shortMessage: octets.subarray(0, 254), tlvs }))),
      ).toBeDefined();
    }),
    { numRuns: 1_000 },
  );
});

test.each(['id:', 'id', 'submit date:', ' ', '\0', 'text:', 'text: stat:'])('64 KB of %j take no long time', (unit) => {
  const octets = Buffer.alloc(65_535, unit);
  const startedAt = performance.now();
  expect(readPayload(octets)).toMatchObject({ state: 'unknown' });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
