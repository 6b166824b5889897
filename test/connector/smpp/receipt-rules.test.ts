import { receiptOptions } from '#contract/carrier-receipts.ts';
import type { Tlv } from '../../../connector/smpp/codec/pdu.ts';
import { type ReadReceipt, receiptReader } from '../../../connector/smpp/receipt.ts';
import { tagNames } from '../../../connector/smpp/tlvs-by-name.ts';
import { asRead, deliverSm } from '../../support/pdus.ts';

/** What a carrier's profile may say of receipts. */
type Given = Parameters<typeof receiptOptions.parse>[0] & object;

interface Received {
  readonly text?: string;
  readonly esmClass?: number;
  readonly tlvs?: readonly Tlv[];
}

const names = tagNames({ operator: { tag: 0x1400, type: 'string', maxOctets: 255, required: false } });

function read(given: Given, { text = '', esmClass = 0x04, tlvs = [] }: Received, arrivedAt?: number) {
  const pdu = asRead(deliverSm({ shortMessage: Buffer.from(text, 'latin1'), esmClass, tlvs }));
  return receiptReader(receiptOptions.parse(given), names)(pdu, arrivedAt);
}

function receipt(given: Given, received: Received): ReadReceipt['receipt'] | undefined {
  return read(given, received)?.receipt;
}

const receiptedMessageId = { tag: 0x001e, value: Buffer.from('8\0') };
const networkErrorCode = (hex: string): Tlv => ({ tag: 0x0423, value: Buffer.from(hex, 'hex') });
const whole = 'id:7 sub:001 dlvrd:001 submit date:2601021504 done date:2601021505 stat:DELIVRD err:000 text:Hello';

describe('receipts.detect (quirk 21)', () => {
  test.each<[string, string[], Received, boolean]>([
    ['a bit of esm_class, where it is listed', ['esm-class'], { text: 'id:7' }, true],
    ['a bit of esm_class, where it is not', ['tlv', 'text'], { text: 'id:7' }, false],
    ['receipted_message_id, where it is listed', ['tlv'], { esmClass: 0, tlvs: [receiptedMessageId] }, true],
    ['receipted_message_id, where it is not', ['esm-class'], { esmClass: 0, tlvs: [receiptedMessageId] }, false],
    ['a text of Appendix B, where texts are listed', ['text'], { esmClass: 0, text: whole }, true],
    ['a text of Appendix B, where they are not', ['esm-class', 'tlv'], { esmClass: 0, text: whole }, false],
    ['a text without dates', ['text'], { esmClass: 0, text: 'id:7 stat:UNDELIV err:21b' }, true],
    ['a text behind other words', ['text'], { esmClass: 0, text: 'SMSAlert^id:7 stat:DELIVRD err:0' }, true],
  ])('%s', (_, detect, received, isReceipt) => {
    expect(read({ detect }, received) !== undefined).toBe(isReceipt);
  });

  test.each([
    'id: 5',
    'id:5 stat:ok err:1',
    'my id:5 stat:DELIVRD',
    'stat:DELIVRD err:000',
    'id: stat:DELIVRD err:000',
    'text:id:5 stat:DELIVRD err:000',
  ])('a person’s %j is no receipt, though texts are listed', (text) => {
    expect(read({ detect: ['esm-class', 'tlv', 'text'] }, { esmClass: 0, text })).toBeUndefined();
  });
});

describe('receipts.patterns', () => {
  const patterns = ['Message {id} to {any}: {stat} ({err})', 'msg={id};{any}'];

  test('read what is nothing like Appendix B, in any case, the first that fits', () => {
    expect(receipt({ patterns }, { text: 'MESSAGE 12ab TO 4477: Delivrd (21b)' })).toMatchObject({
      smscMessageId: '12ab',
      state: 'delivered',
      stat: 'Delivrd',
      err: '21b',
    });
    expect(receipt({ patterns }, { text: 'msg=9; anything' })).toMatchObject({ smscMessageId: '9', state: 'unknown' });
  });

  test('leave to Appendix B what they do not fit', () => {
    expect(receipt({ patterns }, { text: whole })).toMatchObject({ smscMessageId: '7', state: 'delivered' });
  });

  test('make a text a receipt where texts are listed, if it has an id and a state that is known', () => {
    const given = { patterns, detect: ['text'] };
    expect(read(given, { esmClass: 0, text: 'Message 1 to 4477: DELIVRD (0)' })).toBeDefined();
    expect(read(given, { esmClass: 0, text: 'Message 1 to you: hello (0)' })).toBeUndefined();
    expect(read(given, { esmClass: 0, text: 'msg=9; anything' })).toBeUndefined();
  });
});

describe('the state', () => {
  const statuses = [
    { stats: ['ACCEPTD', 'Handed over'], state: 'delivered' },
    { stats: ['0'], state: 'delivered' },
    { stats: ['FAILED'], state: 'rejected' },
  ];

  test.each([
    ['0', 'delivered'],
    ['acceptd', 'delivered'],
    ['FAILED', 'rejected'],
    ['UNDELIV', 'undeliverable'],
  ])('of a stat of %s is what receipts.statuses says, else the usual (quirks 12 and 13): %s', (stat, state) => {
    expect(receipt({ statuses }, { text: `id:7 stat:${stat}` })).toMatchObject({ state, stat });
  });

  test('of words with blanks comes by a pattern', () => {
    const given = { statuses, patterns: ['{id}: {stat}.'] };
    expect(receipt(given, { text: '7: handed over.' })).toMatchObject({ state: 'delivered' });
  });

  test.each<[string, Received, boolean]>([
    ['a word that nobody knows', { text: 'id:7 stat:QUUX' }, true],
    ['no word at all', { text: 'id:7' }, true],
    ['the word UNKNOWN', { text: 'id:7 stat:UNKNOWN' }, false],
    ['message_state 7', { text: 'id:7', tlvs: [{ tag: 0x0427, value: Buffer.of(7) }] }, false],
    ['a word beside a message_state', { text: 'id:7 stat:QUUX', tlvs: [{ tag: 0x0427, value: Buffer.of(2) }] }, false],
  ])('of %s: whether somebody should look into it is told', (_, received, isStateUnknown) => {
    expect(read({}, received)).toMatchObject({ isStateUnknown });
  });
});

describe('errors', () => {
  const errors = [
    { codes: ['001', '21B'], class: 'temporary' },
    { codes: ['0300ff'], class: 'blocked' },
    { codes: ['033'], class: 'permanent' },
  ];
  const failed = (err: string) => `id:7 stat:UNDELIV err:${err}`;

  test.each<[string, Received, string | undefined]>([
    ['err', { text: failed('001') }, 'temporary'],
    ['err in another case (quirk 15)', { text: failed('21b') }, 'temporary'],
    ['network_error_code in hex', { text: failed('9'), tlvs: [networkErrorCode('0300FF')] }, 'blocked'],
    ['no code that is listed', { text: failed('1') }, 'unknown'],
    ['no code', { text: 'id:7 stat:EXPIRED' }, 'unknown'],
    ['a receipt of no failure', { text: 'id:7 stat:DELIVRD err:001' }, undefined],
    ['a receipt that is not final', { text: 'id:7 stat:ENROUTE err:001' }, undefined],
    ['a word that nobody knows', { text: 'id:7 stat:QUUX err:001' }, undefined],
  ])('have the class of %s', (_, received, errorClass) => {
    expect(receipt({ errors }, received)?.errorClass).toBe(errorClass);
  });

  test('of a network in three digits are an err, where the text has none (quirk 17)', () => {
    const digits = networkErrorCode('303333');
    expect(receipt({ errors }, { text: 'id:7 stat:UNDELIV', tlvs: [digits] })).toMatchObject({
      err: '033',
      networkErrorCode: '303333',
      errorClass: 'permanent',
    });
    expect(receipt({ errors }, { text: failed('001'), tlvs: [digits] })).toMatchObject({ err: '001' });
    expect(receipt({ errors }, { text: 'id:7 stat:UNDELIV', tlvs: [networkErrorCode('030033')] })?.err).toBeUndefined();
  });
});

test('how ids are related is told where the profile says it', () => {
  expect(receipt({ idFormat: 'hex-to-decimal' }, { text: whole })?.idRelation).toBe('hex-to-decimal');
  expect(receipt({}, { text: whole })?.idRelation).toBeUndefined();
});

test('dates are told as they are written, and in UTC where the time of arrival makes them plausible', () => {
  const written = { submitDate: '2601021504', doneDate: '2601021505' };
  const given = { utcOffset: '+02:00' };
  expect(read(given, { text: whole }, Date.UTC(2026, 0, 2, 13, 6))?.receipt).toMatchObject({
    ...written,
    submittedAt: '2026-01-02T13:04:00.000Z',
    doneAt: '2026-01-02T13:05:00.000Z',
  });
  const later = read(given, { text: whole }, Date.UTC(2027, 0, 1))?.receipt;
  expect(later).toMatchObject(written);
  expect(later?.doneAt).toBeUndefined();
});

describe('TLVs that no field tells', () => {
  const payload = { tag: 0x0424, value: Buffer.from('id:9') };

  test('are told by the profile’s names, SMPP’s, or their tags (quirk 43)', () => {
    const tlvs = [
      { tag: 0x1400, value: Buffer.from('acme') },
      { tag: 0x000e, value: Buffer.of(1) },
      { tag: 0x1403, value: Buffer.of(0xff) },
      receiptedMessageId,
      networkErrorCode('030001'),
      { tag: 0x0427, value: Buffer.of(2) },
      { tag: 0x0204, value: Buffer.of(1, 2) },
    ];
    expect(receipt({}, { tlvs })?.tlvs).toEqual({ operator: '61636d65', source_network_type: '01', '0x1403': 'ff' });
  });

  test('are those that could not be read as what they are, too, and what is repeated', () => {
    const tlvs = [
      { tag: 0x0427, value: Buffer.of(77) },
      { tag: 0x0204, value: Buffer.of(1, 2, 3) },
      receiptedMessageId,
      { tag: 0x001e, value: Buffer.from('9') },
    ];
    expect(receipt({}, { tlvs })?.tlvs).toEqual({
      message_state: '4d',
      user_message_reference: '010203',
      receipted_message_id: '39',
    });
  });

  test('are a message_payload only where the text is in short_message', () => {
    expect(receipt({}, { tlvs: [payload] })?.tlvs).toBeUndefined();
    expect(receipt({}, { text: whole, tlvs: [payload] })?.tlvs).toEqual({ message_payload: '69643a39' });
  });

  test('are left out, the largest first, where they are too much for an event', () => {
    const giant = { tag: 0x1500, value: Buffer.alloc(30_000) };
    const small = { tag: 0x1501, value: Buffer.of(1) };
    expect(receipt({}, { text: whole, tlvs: [giant, small] })).toMatchObject({
      smscMessageId: '7',
      tlvs: { '0x1501': '01' },
    });
    expect(receipt({}, { text: whole, tlvs: [giant, small] })?.tlvs).not.toHaveProperty('0x1500');
  });
});

test.each(['id:', 'stat:', 'msg=', 'msg=1;', 'message  to ', ': (', 'a', ' '])(
  '64 KB of %j take no long time with ten patterns',
  (unit) => {
    const patterns = Array.from({ length: 10 }, (_, n) => `{any}msg={id};{any}to {any}: {stat} (${n}`);
    const octets = Buffer.alloc(65_535, unit);
    const startedAt = performance.now();
    const tlvs = [{ tag: 0x0424, value: octets }];
    expect(read({ patterns, detect: ['esm-class', 'text'] }, { tlvs })).toBeDefined();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  },
);
