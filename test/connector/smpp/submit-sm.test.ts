import fc from 'fast-check';
import type { CarrierProfileInput } from '#contract/carrier.ts';
import { userMessageReferenceOf } from '#contract/message-reference.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { readConcatenation, splitUdh } from '#contract/text/concatenation.ts';
import { TooManySegmentsError, UnencodableTextError } from '#contract/text/encode-errors.ts';
import { decodeGsm } from '#contract/text/gsm0338.ts';
import { decodeUcs2 } from '#contract/text/ucs2.ts';
import type { Tlv } from '../../../connector/smpp/codec/pdu.ts';
import { writePdu } from '../../../connector/smpp/codec/write.ts';
import { InvalidPduError } from '../../../connector/smpp/errors.ts';
import { type Segment, type SubmitSm, submitSmsOf } from '../../../connector/smpp/submit-sm.ts';
import { messageId, profile, sms } from '../../support/connector-factories.ts';

const reference = Number.parseInt(messageId.slice(-2), 16);
const twoSegments = 'a'.repeat(153) + 'b'.repeat(100);
const threeSegments = 'a'.repeat(153) + 'b'.repeat(153) + 'c'.repeat(100);

function submitted(message: Partial<OutboundSms>, options: Partial<CarrierProfileInput> = {}): SubmitSm[] {
  return submitSmsOf(sms(message), profile(options)).map(({ pdu }) => pdu);
}

function only(pdus: readonly SubmitSm[]): SubmitSm {
  const [first, ...more] = pdus;
  if (first === undefined || more.length > 0) throw new Error(`expected one submit_sm, got ${pdus.length}`);
  return first;
}

function octetsOf(pdus: readonly SubmitSm[]): string[] {
  return pdus.map((pdu) => writePdu({ ...pdu, sequenceNumber: 1 }).toString('hex'));
}

function inHex(tlvs: readonly Tlv[]): string[] {
  return tlvs.map(({ tag, value }) => `${tag.toString(16)} ${Buffer.from(value).toString('hex')}`);
}

test('a short text is one submit_sm without UDH that asks for a receipt', () => {
  expect(only(submitted({ text: 'Hi @' }))).toMatchObject({
    command: 'submit_sm',
    esmClass: 0,
    dataCoding: 0,
    registeredDelivery: 1,
    shortMessage: Uint8Array.of(0x48, 0x69, 0x20, 0x00),
    tlvs: [],
  });
});

test('a message that wants no receipt asks for none', () => {
  expect(only(submitted({ receipt: false }))).toMatchObject({ registeredDelivery: 0 });
});

test('a text outside the GSM alphabet is UCS-2', () => {
  const { dataCoding, shortMessage } = only(submitted({ text: 'жук' }));
  expect([dataCoding, decodeUcs2(shortMessage)]).toEqual([8, 'жук']);
});

test('the data_coding is the one of the carrier’s profile', () => {
  const text = { encodings: [{ alphabet: 'latin1' as const, dataCoding: 3 }] };
  const { dataCoding, shortMessage } = only(submitted({ text: 'Zürich' }, { text }));
  expect([dataCoding, Buffer.from(shortMessage).toString('latin1')]).toEqual([3, 'Zürich']);
});

test('addresses have the TON and NPI of the carrier’s rules, each its own', () => {
  const addresses: CarrierProfileInput['addresses'] = [
    { of: 'sender', kind: 'alphanumeric', ton: 5, npi: 1 },
    { of: 'recipient', kind: 'international', ton: 0, npi: 1, form: 'plus' },
  ];
  expect(only(submitted({}, { addresses }))).toMatchObject({
    sourceAddrTon: 5,
    sourceAddrNpi: 1,
    sourceAddr: 'ACME',
    destAddrTon: 0,
    destAddrNpi: 1,
    destinationAddr: '+447700900123',
  });
});

test('a message’s own TON and NPI stand', () => {
  const given = { fromAddressing: { ton: 6, npi: 9 }, toAddressing: { ton: 2, npi: 8 } };
  expect(only(submitted(given))).toMatchObject({
    sourceAddrTon: 6,
    sourceAddrNpi: 9,
    destAddrTon: 2,
    destAddrNpi: 8,
  });
});

test('a message without sender leaves it to the SMSC', () => {
  const { from: _, ...withoutSender } = sms();
  const [segment] = submitSmsOf(withoutSender, profile());
  expect(segment?.pdu).toMatchObject({ sourceAddrTon: 0, sourceAddrNpi: 0, sourceAddr: '' });
});

test('a sender that no C-octet string can have cannot be sent', () => {
  expect(() => submitted({ from: 'Zürich' })).toThrow(InvalidPduError);
});

test('any text can be written, and the handset that joins its parts reads it as it was', () => {
  const anyText = fc.string({ unit: fc.constantFrom('a', '€', 'ж', '😀', '\n'), minLength: 1, maxLength: 700 });
  fc.assert(
    fc.property(anyText, (text) => {
      const pdus = submitted({ text });
      const parts = pdus.map(({ esmClass, dataCoding, shortMessage }) => {
        const { udh, body } = esmClass === 0x40 ? splitUdh(shortMessage) : { udh: Uint8Array.of(), body: shortMessage };
        return { concatenation: readConcatenation(udh), text: dataCoding === 8 ? decodeUcs2(body) : decodeGsm(body) };
      });
      const numbered = pdus.map((__, index) =>
        expect.objectContaining({ reference, total: pdus.length, part: index + 1 }),
      );

      expect(octetsOf(pdus)).toHaveLength(pdus.length);
      expect(parts.map((part) => part.text).join('')).toBe(text);
      expect(parts.map((part) => part.concatenation)).toEqual(pdus.length > 1 ? numbered : [undefined]);
    }),
  );
});

test('a message that is submitted again, by any process, has the same octets', () => {
  const long = { text: 'a'.repeat(400) };
  expect(octetsOf(submitted(long))).toEqual(octetsOf(submitted({ ...long, priority: 'urgent' })));
});

test('a text of 255 segments is the longest; a longer one cannot be sent', () => {
  expect(submitted({ text: 'a'.repeat(255 * 153) })).toHaveLength(255);
  expect(() => submitted({ text: 'a'.repeat(255 * 153 + 1) })).toThrow(TooManySegmentsError);
});

test('a text that none of the carrier’s alphabets has cannot be sent', () => {
  const text = { encodings: [{ alphabet: 'gsm7' as const, dataCoding: 0 }] };
  expect(() => submitted({ text: 'жук' }, { text })).toThrow(UnencodableTextError);
});

describe('of a long text', () => {
  const numbersOf = (segments: readonly Segment[]) => segments.map(({ segment }) => segment);

  test('the parts are numbered by TLVs where the carrier takes those, without UDH', () => {
    const pdus = submitted({ text: twoSegments }, { text: { longMessages: 'sar' } });
    expect(pdus.map(({ esmClass, shortMessage }) => [esmClass, shortMessage.length])).toEqual([
      [0, 153],
      [0, 100],
    ]);
    const referenceInHex = reference.toString(16).padStart(4, '0');
    expect(pdus.map(({ tlvs }) => inHex(tlvs))).toEqual([
      [`20c ${referenceInHex}`, '20e 02', '20f 01'],
      [`20c ${referenceInHex}`, '20e 02', '20f 02'],
    ]);
  });

  test('a reference of 16 bits is in a UDH of 7 octets', () => {
    const pdus = submitted({ text: twoSegments }, { text: { longMessages: 'udh16' } });
    const udhs = pdus.map(({ esmClass, shortMessage }) => [
      esmClass,
      Buffer.from(shortMessage.subarray(0, 7)).toString('hex'),
    ]);
    expect(udhs).toEqual([
      [0x40, `060804${messageId.slice(-4)}0201`],
      [0x40, `060804${messageId.slice(-4)}0202`],
    ]);
  });

  test('a carrier that takes message_payload has the whole of it in one submit_sm', () => {
    const [segment, ...more] = submitSmsOf(sms({ text: twoSegments }), profile({ text: { longMessages: 'payload' } }));
    expect(more).toEqual([]);
    expect(segment).toMatchObject({ segment: 1, segments: 1, pdu: { esmClass: 0, shortMessage: Uint8Array.of() } });
    expect(inHex(segment?.pdu.tlvs ?? [])).toEqual([`424 ${Buffer.from(twoSegments).toString('hex')}`]);
  });

  test('the last part goes first where the carrier wants it so, with its number in the order of the text', () => {
    const segments = submitSmsOf(sms({ text: threeSegments }), profile({ text: { partOrder: 'reverse' } }));
    expect(numbersOf(segments)).toEqual([3, 2, 1]);
    expect(segments.map(({ pdu }) => pdu.shortMessage[5])).toEqual([3, 2, 1]);
    expect(segments.every(({ segments: total }) => total === 3)).toBe(true);
  });

  test('a NUL ends each short message where the SMSC wants one', () => {
    const pdus = submitted({ text: twoSegments }, { text: { nulTerminated: true } });
    expect(pdus.map(({ shortMessage }) => [shortMessage.length, shortMessage.at(-1)])).toEqual([
      [6 + 153 + 1, 0],
      [6 + 100 + 1, 0],
    ]);
  });

  test.each([
    ['all', 'forward', [1, 2, 3]],
    ['first', 'forward', [1]],
    ['last', 'forward', [3]],
    ['first', 'reverse', [1]],
    ['last', 'reverse', [3]],
  ] as const)('a receipt is asked for %s, sent %s', (parts, partOrder, expected) => {
    const options = profile({ receipts: { parts }, text: { partOrder } });
    const segments = submitSmsOf(sms({ text: threeSegments }), options);
    const asked = segments.filter(({ pdu }) => pdu.registeredDelivery === 1);
    expect(numbersOf(asked)).toEqual(expected);
    expect(numbersOf(segments.filter(({ receiptExpected }) => receiptExpected))).toEqual(expected);
    expect(submitSmsOf(sms({ text: threeSegments, receipt: false }), options)).toMatchObject([
      { receiptExpected: false, pdu: { registeredDelivery: 0 } },
      { receiptExpected: false, pdu: { registeredDelivery: 0 } },
      { receiptExpected: false, pdu: { registeredDelivery: 0 } },
    ]);
  });
});

test.each(['first', 'last'] as const)('a text of one segment is the %s of all', (parts) => {
  expect(only(submitted({}, { receipts: { parts } }))).toMatchObject({ registeredDelivery: 1 });
});

describe('TLVs', () => {
  const referenceTlv = (segment: number) =>
    `204 ${userMessageReferenceOf(messageId, segment).toString(16).padStart(4, '0')}`;

  test('without being told so, no segment carries one', () => {
    expect(submitted({ text: twoSegments }).flatMap(({ tlvs }) => tlvs)).toEqual([]);
  });

  test('each segment carries its user_message_reference when the carrier takes one', () => {
    const pdus = submitted({ text: twoSegments }, { userMessageReference: true });
    expect(pdus.map(({ tlvs }) => inHex(tlvs))).toEqual([[referenceTlv(1)], [referenceTlv(2)]]);
  });

  test('those of the message are in each segment, behind the gateway’s own', () => {
    const tlvs = [
      { tag: 0x1400, value: '3131303100' },
      { tag: 0x1401, value: '' },
    ];
    const pdus = submitted({ text: twoSegments, tlvs }, { userMessageReference: true });
    expect(pdus.map((pdu) => inHex(pdu.tlvs))).toEqual([
      [referenceTlv(1), '1400 3131303100', '1401 '],
      [referenceTlv(2), '1400 3131303100', '1401 '],
    ]);
  });
});
