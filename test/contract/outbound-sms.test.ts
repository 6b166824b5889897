import { asciiJson } from '#contract/ascii-json.ts';
import { type OutboundSms, parseOutboundSms } from '#contract/outbound-sms.ts';
import { sms } from '../support/connector-factories.ts';
import { faultsOf } from '../support/faults.ts';

test('a message is read as it was written', () => {
  const { from: _, ...withoutSender } = sms({ text: 'Grüße 😀', priority: 'urgent', guarantee: 'at-most-once' });
  expect(parseOutboundSms(asciiJson(withoutSender))).toEqual(withoutSender);
  expect(parseOutboundSms(asciiJson(sms()))).toEqual(sms());
});

test('a message of an API that knew of no receipts wants them', () => {
  const { receipt: _, ...older } = sms();
  expect(parseOutboundSms(asciiJson(older))).toEqual(sms());
});

test('a field that a newer API added does not make a message unreadable', () => {
  expect(parseOutboundSms(asciiJson({ ...sms(), added: 1 }))).toEqual(sms());
});

test('addressing and TLVs of its own are read as they were written, and need not be there', () => {
  const own = {
    fromAddressing: { ton: 5, npi: 0 },
    toAddressing: { ton: 0, npi: 18 },
    tlvs: [{ tag: 0x1400, value: '3131' }],
  };
  expect(parseOutboundSms(asciiJson(sms(own)))).toEqual(sms(own));
  expect(parseOutboundSms(asciiJson(sms()))).not.toHaveProperty('tlvs');
});

test.each<[keyof OutboundSms, unknown]>([
  ['fromAddressing', { ton: 7, npi: 0 }],
  ['toAddressing', { ton: 1 }],
  ['tlvs', [{ tag: 0x10000, value: '00' }]],
])('a bad %s is refused', (field, value) => {
  const faults = faultsOf(() => parseOutboundSms(asciiJson({ ...sms(), [field]: value })));
  expect(faults).toEqual([expect.stringMatching(new RegExp(`^${field}\\.`))]);
});

test.each<[keyof OutboundSms, unknown]>([
  ['version', 2],
  ['id', 'not-a-uuid'],
  ['clientId', ''],
  ['carrier', 'Acme!'],
  ['to', ''],
  ['from', ''],
  ['text', ''],
  ['priority', 'asap'],
  ['guarantee', 'exactly-once'],
  ['acceptedAt', '2026-01-01'],
  ['validUntil', '2026-01-01T00:00:00'],
])('a bad %s is refused by name, and its value is not repeated', (field, value) => {
  const faults = faultsOf(() => parseOutboundSms(asciiJson({ ...sms(), [field]: value })));
  expect(faults).toEqual([expect.stringMatching(new RegExp(`^${field}: `))]);
  if (value !== '') expect(faults[0]).not.toContain(`${value}`);
});

test('a message without its fields tells them all', () => {
  const { from: _, receipt: __, ...required } = sms();
  const faults = faultsOf(() => parseOutboundSms('{}'));
  expect(faults.map((fault) => fault.split(':')[0]).toSorted()).toEqual(Object.keys(required).toSorted());
});
