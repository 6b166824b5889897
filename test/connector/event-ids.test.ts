import fc from 'fast-check';
import { parseEventList } from '#contract/connector-events.ts';
import { eventIds, fingerprint } from '../../connector/event-ids.ts';
import { deliverSm, messageId } from '../support/connector-factories.ts';

const tlv = { tag: 0x1e, value: Buffer.from('id-1') };

test('the same deliver_sm has the same fingerprint, whatever its sequence number', () => {
  const repeat = { ...deliverSm(), sequenceNumber: 77 };
  expect(fingerprint(repeat)).toBe(fingerprint(deliverSm()));
  expect(fingerprint(repeat)).toMatch(/^[0-9a-f]{32}$/);
});

test('each difference gives another fingerprint', () => {
  const all = [
    deliverSm(),
    deliverSm({ sourceAddr: '447700900124' }),
    deliverSm({ destinationAddr: '12346' }),
    deliverSm({ shortMessage: Buffer.from('YES!') }),
    deliverSm({ dataCoding: 3 }),
    deliverSm({ esmClass: 4 }),
    deliverSm({ tlvs: [tlv] }),
    deliverSm({ tlvs: [tlv, tlv] }),
    deliverSm({ tlvs: [{ ...tlv, tag: 0x1f }] }),
    deliverSm({ tlvs: [{ ...tlv, value: Buffer.from('id-2') }] }),
  ];
  expect(new Set(all.map(fingerprint)).size).toBe(all.length);
});

test('octets that look like a TLV are not taken for one', () => {
  const inText = deliverSm({ shortMessage: Buffer.from('YES\u000030\u0000id-1') });
  const asTlv = deliverSm({ shortMessage: Buffer.from('YES'), tlvs: [tlv] });
  expect(fingerprint(inText)).not.toBe(fingerprint(asTlv));
});

test('a submitted event has an id of its own for each segment and each id that the SMSC gave', () => {
  const ids = [
    eventIds.submitted(messageId, 1, 'a', false),
    eventIds.submitted(messageId, 2, 'a', false),
    eventIds.submitted(messageId, 1, 'b', false),
    eventIds.submitted(messageId, 1, 'x'.repeat(81), false),
    eventIds.submitted(messageId, 1, 'x'.repeat(82), false),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(eventIds.submitted(messageId, 1, 'a', false)).toBe(ids[0]);
});

test('each arrival of a part has an id of its own, a receipt the same however often it comes', () => {
  const print = fingerprint(deliverSm());
  expect(eventIds.receipt('acme', print)).toBe(`acme:receipt:${print}`);
  expect(eventIds.part('acme', print, messageId)).toBe(`acme:part:${print}:${messageId}`);
});

test('a second acceptance is told apart from the first also when the SMSC gives no ids', () => {
  const [first, second] = [false, true].map((again) => eventIds.submitted(messageId, 1, '', again));
  expect(second).not.toBe(first);
});

test('any id that an SMSC may give leads to an id that the contract takes', () => {
  const anyId = fc.tuple(fc.string(), fc.nat(1_000)).map(([text, times]) => text.repeat(times));
  fc.assert(
    fc.property(anyId, fc.integer({ min: 1, max: 255 }), (smscMessageId, segment) => {
      const id = eventIds.submitted(messageId, segment, smscMessageId, false);
      const base = { id, carrier: 'acme', time: '2026-01-01T00:00:00.000Z', messageId, clientId: 'client-1' };
      const list = JSON.stringify({ version: 1, events: [{ ...base, type: 'expired' }] });
      expect(parseEventList(list)).toMatchObject([{ kind: 'event' }]);
    }),
  );
});
