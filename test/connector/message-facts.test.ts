import { asciiJson } from '#contract/ascii-json.ts';
import type { CarrierProfileInput } from '#contract/carrier.ts';
import { type ConnectorEvent, maxEventListBytes, parseEventList } from '#contract/connector-events.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { MessageFacts } from '../../connector/message-facts.ts';
import type { Tlv } from '../../connector/smpp/codec/pdu.ts';
import { tagNames } from '../../connector/smpp/tlvs-by-name.ts';
import { profile, sms } from '../support/connector-factories.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { asRead } from '../support/pdus.ts';

const first = { segment: 1, segments: 2, receiptExpected: true };

function tell(
  given: Partial<CarrierProfileInput>,
  tell: (facts: MessageFacts) => void,
  message: Partial<OutboundSms> = {},
) {
  const carrier = profile(given);
  const events: ConnectorEvent[] = [];
  const record = async (event: ConnectorEvent) => {
    events.push(event);
  };
  tell(new MessageFacts(sms(message), { carrier, nameOfTag: tagNames(carrier.tlvs), record, clock: new FakeClock() }));
  return events;
}

function response(tlvs: readonly Tlv[] = [], commandStatus = 0, messageId = 'abc') {
  return asRead({ command: 'submit_sm_resp', commandStatus, sequenceNumber: 1, messageId, tlvs });
}

test('an accepted segment is told with the recipient, and with nothing that is as usual', () => {
  const [event] = tell({}, (facts) => facts.submitted(first, response(), false));
  expect(event).toMatchObject({ type: 'submitted', ...first, to: '+447700900123', smscMessageId: 'abc' });
  for (const field of ['rollUp', 'receiptTimeoutSeconds', 'tlvs']) expect(event).not.toHaveProperty(field);
});

test('what is told of one segment is whether a receipt was asked for of that one', () => {
  const [event] = tell({}, (facts) => facts.submitted({ ...first, receiptExpected: false }, response(), false));
  expect(event).toMatchObject({ receiptExpected: false });
});

test('how the carrier’s receipts are rolled up and waited for is told where it is not as usual', () => {
  const receipts = { rollUp: 'any', timeoutSeconds: 3_600 } as const;
  const [event] = tell({ receipts }, (facts) => facts.submitted(first, response(), false));
  expect(event).toMatchObject({ rollUp: 'any', receiptTimeoutSeconds: 3_600 });
});

test('TLVs of a response are told by the profile’s names, else by SMPP’s, else by tag (quirk 43)', () => {
  const tlvs = [
    { tag: 0x1400, value: Uint8Array.of(0x31, 0) },
    { tag: 0x0423, value: Uint8Array.of(3, 0, 8) },
    { tag: 0x3fff, value: Uint8Array.of() },
  ];
  const named = { tlvs: { price: { tag: 0x1400, type: 'cstring' } } } as const;
  const told = { price: '3100', network_error_code: '030008', '0x3fff': '' };
  expect(tell(named, (facts) => facts.submitted(first, response(tlvs), false))).toMatchObject([{ tlvs: told }]);
  expect(tell(named, (facts) => facts.rejected(first, response(tlvs, 0x0b)))).toMatchObject([
    { type: 'rejected', segment: 1, segments: 2, commandStatus: 0x0b, tlvs: told },
  ]);
});

test('a response of 64 KB of TLVs and the longest id is an event that can be sent and read', () => {
  const tlvs = [
    { tag: 0x1400, value: Buffer.alloc(40_000, 0xff) },
    ...Array.from({ length: 1_000 }, (_, index) => ({ tag: 0x1500 + index, value: Buffer.alloc(20) })),
  ];
  const events = tell({}, (facts) => {
    facts.submitted(first, response(tlvs, 0, '\u00ff'.repeat(255)), true);
    facts.rejected(first, response(tlvs, 0x0b));
  });
  const json = asciiJson({ version: 1, events });
  expect(json.length).toBeLessThan(maxEventListBytes);
  expect(parseEventList(json).map(({ kind }) => kind)).toEqual(['event', 'event']);
});
