import fc from 'fast-check';
import { userMessageReferenceOf } from '#contract/message-reference.ts';
import { readConcatenation, splitUdh } from '#contract/text/concatenation.ts';
import { decodeGsm } from '#contract/text/gsm0338.ts';
import { decodeUcs2 } from '#contract/text/ucs2.ts';
import { writePdu } from '../../../connector/smpp/codec/write.ts';
import { InvalidPduError } from '../../../connector/smpp/errors.ts';
import { type SubmitSm, submitSmsOf } from '../../../connector/smpp/submit-sm.ts';
import { messageId, profile, sms } from '../../support/connector-factories.ts';

const reference = Number.parseInt(messageId.slice(-2), 16);

function only(pdus: readonly SubmitSm[]): SubmitSm {
  const [first, ...more] = pdus;
  if (first === undefined || more.length > 0) throw new Error(`expected one submit_sm, got ${pdus.length}`);
  return first;
}

function octetsOf(pdus: readonly SubmitSm[]): string[] {
  return pdus.map((pdu) => writePdu({ ...pdu, sequenceNumber: 1 }).toString('hex'));
}

test('a short text is one submit_sm without UDH that asks for a receipt', () => {
  expect(only(submitSmsOf(sms({ text: 'Hi @' }), profile()))).toMatchObject({
    command: 'submit_sm',
    esmClass: 0,
    dataCoding: 0,
    registeredDelivery: 1,
    shortMessage: Uint8Array.of(0x48, 0x69, 0x20, 0x00),
    tlvs: [],
  });
});

test('a message that wants no receipt asks for none', () => {
  expect(only(submitSmsOf(sms({ receipt: false }), profile()))).toMatchObject({ registeredDelivery: 0 });
});

test('a text outside the GSM alphabet is UCS-2', () => {
  const { dataCoding, shortMessage } = only(submitSmsOf(sms({ text: 'жук' }), profile()));
  expect([dataCoding, decodeUcs2(shortMessage)]).toEqual([8, 'жук']);
});

test.each([
  ['an international number', '+447700900123', { ton: 1, npi: 1, digits: '447700900123' }],
  ['a short code', '12345', { ton: 3, npi: 0, digits: '12345' }],
  ['an alphanumeric name', 'ACME 24', { ton: 5, npi: 0, digits: 'ACME 24' }],
  ['a name that begins with a plus', '+ACME', { ton: 5, npi: 0, digits: '+ACME' }],
])('%s has its TON and NPI, as sender and as recipient', (_, address, { ton, npi, digits }) => {
  expect(only(submitSmsOf(sms({ from: address, to: address }), profile()))).toMatchObject({
    sourceAddrTon: ton,
    sourceAddrNpi: npi,
    sourceAddr: digits,
    destAddrTon: ton,
    destAddrNpi: npi,
    destinationAddr: digits,
  });
});

test('a message without sender leaves it to the SMSC', () => {
  const { from: _, ...withoutSender } = sms();
  expect(only(submitSmsOf(withoutSender, profile()))).toMatchObject({
    sourceAddrTon: 0,
    sourceAddrNpi: 0,
    sourceAddr: '',
  });
});

test('any text can be written, and the handset that joins its parts reads it as it was', () => {
  const anyText = fc.string({ unit: fc.constantFrom('a', '€', 'ж', '😀', '\n'), minLength: 1, maxLength: 700 });
  fc.assert(
    fc.property(anyText, (text) => {
      const pdus = submitSmsOf(sms({ text }), profile());
      const parts = pdus.map(({ esmClass, dataCoding, shortMessage }) => {
        const { udh, body } = esmClass === 0x40 ? splitUdh(shortMessage) : { udh: Uint8Array.of(), body: shortMessage };
        return { concatenation: readConcatenation(udh), text: dataCoding === 8 ? decodeUcs2(body) : decodeGsm(body) };
      });
      const numbered = pdus.map((__, index) => ({ reference, total: pdus.length, part: index + 1 }));

      expect(octetsOf(pdus)).toHaveLength(pdus.length);
      expect(parts.map((part) => part.text).join('')).toBe(text);
      expect(parts.map((part) => part.concatenation)).toEqual(pdus.length > 1 ? numbered : [undefined]);
    }),
  );
});

test('a message that is submitted again, by any process, has the same octets', () => {
  const long = sms({ text: 'a'.repeat(400) });
  expect(octetsOf(submitSmsOf(long, profile()))).toEqual(
    octetsOf(submitSmsOf({ ...long, priority: 'urgent' }, profile())),
  );
});

test('a text of 255 segments is the longest; a longer one cannot be written', () => {
  expect(submitSmsOf(sms({ text: 'a'.repeat(255 * 153) }), profile())).toHaveLength(255);
  expect(() => submitSmsOf(sms({ text: 'a'.repeat(255 * 153 + 1) }), profile())).toThrow(InvalidPduError);
});

test('each segment carries its user_message_reference when the carrier takes one', () => {
  const references = submitSmsOf(sms({ text: 'a'.repeat(200) }), profile({ userMessageReference: true })).map(
    ({ tlvs }) => tlvs,
  );
  const tlvOf = (segment: number) => {
    const reference = userMessageReferenceOf(messageId, segment);
    return [{ tag: 0x0204, value: Buffer.of(reference >> 8, reference & 0xff) }];
  };
  expect(references).toEqual([tlvOf(1), tlvOf(2)]);
});

test('without being told so, no segment carries a TLV', () => {
  expect(submitSmsOf(sms({ text: 'a'.repeat(200) }), profile()).flatMap(({ tlvs }) => tlvs)).toEqual([]);
});
