import fc from 'fast-check';
import { asciiJson } from '#contract/ascii-json.ts';
import { receivedEvent as schema } from '#contract/cloud-events.ts';
import { parseEventList } from '#contract/connector-events.ts';
import { sourceOf } from '../../connector/arrival.ts';
import { partEvent } from '../../connector/part-event.ts';
import { receivedEvent } from '../../connector/received-event.ts';
import { contentOf } from '../../connector/smpp/content.ts';
import { deliverSm, profile } from '../support/connector-factories.ts';

/** Also what our own codec would not write. */
type Given = NonNullable<Parameters<typeof deliverSm>[0]>;

function arrivalOf(given: Given, source = sourceOf(profile())) {
  const pdu = { ...deliverSm(), ...given };
  const rest = { time: '2026-01-01T00:00:00.000Z', id: 'id-1', fingerprint: 'f'.repeat(32), possibleDuplicate: false };
  return { pdu, content: contentOf(pdu, source), ...rest };
}

function dataOf(given: Given, carrier = profile()) {
  const { data } = schema.parse(receivedEvent(sourceOf(carrier), arrivalOf(given)));
  return data;
}

const payload = (value: Buffer) => ({ shortMessage: Buffer.alloc(0), tlvs: [{ tag: 0x0424, value }] });
const ucs2 = (text: string) => Buffer.from(text, 'utf16le').swap16();
const hex = (digits: string) => Buffer.from(digits, 'hex');

test('a text says as what it was read, and how surely', () => {
  expect(dataOf({})).toMatchObject({ text: 'YES', encoding: 'gsm7', confidence: 'certain', kind: 'text' });
  expect(dataOf({ dataCoding: 8, shortMessage: ucs2('Ä👍') })).toMatchObject({ text: 'Ä👍', encoding: 'ucs2' });
});

test('UCS-2 under a data_coding of 7 bits is recognised (quirk 27)', () => {
  const told = dataOf({ dataCoding: 0, shortMessage: ucs2('Привет, мир') });
  expect(told).toMatchObject({ text: 'Привет, мир', encoding: 'ucs2', confidence: 'likely' });
});

test('the profile says what a data_coding means (quirk 25)', () => {
  const carrier = profile({ text: { receivedEncodings: [{ dataCoding: 0, alphabet: 'latin1' }] } });
  expect(dataOf({ shortMessage: Buffer.from('@é', 'latin1') }, carrier)).toMatchObject({
    text: '@é',
    encoding: 'latin1',
    confidence: 'certain',
  });
});

describe('what is for a program', () => {
  test.each([0x02, 0x04, 0xf5])('is binary by data_coding %d', (dataCoding) => {
    const octets = hex('00ff80');
    expect(dataOf({ dataCoding, shortMessage: octets })).toMatchObject({
      kind: 'binary',
      encoding: 'binary',
      octets: octets.toString('base64'),
      text: '\u0000ÿ\u0080',
    });
  });

  test('is binary by the profile', () => {
    const carrier = profile({ text: { receivedEncodings: [{ dataCoding: 0x11, alphabet: 'binary' }] } });
    expect(dataOf({ dataCoding: 0x11 }, carrier)).toMatchObject({ kind: 'binary' });
  });

  test('is binary by its ports, which are told', () => {
    const udh = hex('06050415810000');
    const shortMessage = Buffer.concat([udh, Buffer.from('ring')]);
    expect(dataOf({ esmClass: 0x40, shortMessage })).toMatchObject({
      kind: 'binary',
      ports: { destination: 0x1581, source: 0 },
      udh: udh.toString('base64'),
    });
  });
});

test('TLVs have the names of the profile (quirk 43)', () => {
  const carrier = profile({ tlvs: { carrierId: { tag: '0x1400', type: 'string' } } });
  expect(dataOf({ tlvs: [{ tag: 0x1400, value: hex('cafe') }] }, carrier).tlvs).toEqual({ carrierId: 'cafe' });
});

describe('an event has room in SNS, whatever a PDU of 64 KB has', () => {
  const sizeOf = (given: Given) => asciiJson(receivedEvent(sourceOf(profile()), arrivalOf(given))).length;
  const many = (tag: number) => Array.from({ length: 16_000 }, () => ({ tag, value: Buffer.alloc(0) }));

  test.each<[string, Given]>([
    ['64 KB of control characters', payload(Buffer.alloc(65_535, 1))],
    ['64 KB of quotation marks', payload(Buffer.alloc(65_535, '"'))],
    ['64 KB of Chinese', { dataCoding: 8, ...payload(ucs2('中'.repeat(32_767))) }],
    ['64 KB of emoji', { dataCoding: 8, ...payload(ucs2('👍'.repeat(16_383))) }],
    ['64 KB of octets', { dataCoding: 4, ...payload(Buffer.alloc(65_535, 0xff)) }],
    ['16,000 TLVs', { tlvs: many(0x1400) }],
    ['a TLV of 64 KB beside a text', { tlvs: [{ tag: 0x1400, value: Buffer.alloc(65_535) }] }],
    [
      '32 KB of text beside 8,000 TLVs',
      {
        ...payload(Buffer.alloc(32_000, 1)),
        tlvs: [{ tag: 0x0424, value: Buffer.alloc(32_000, 1) }, ...many(0x1400).slice(8_000)],
      },
    ],
    ['an address without end', { sourceAddr: '7'.repeat(60_000), destinationAddr: '\u00ff'.repeat(5_000) }],
  ])('%s', (_, given) => {
    expect(sizeOf(given)).toBeLessThanOrEqual(240_000);
  });

  test('nothing of any octets is lost for it', () => {
    const octets = ucs2('中'.repeat(32_767));
    const { text, confidence, octets: told } = dataOf({ dataCoding: 8, ...payload(octets) });
    expect(told).toBe(octets.toString('base64'));
    expect(text).toMatch(/^中{20000,}$/);
    expect(confidence).toBe('guess');
  });

  test('a text is cut between characters', () => {
    const { text } = dataOf({ dataCoding: 8, ...payload(ucs2(`a${'👍'.repeat(16_000)}`)) });
    expect(text).toMatch(/^a(👍)+$/u);
    expect(text.isWellFormed()).toBe(true);
  });

  test('64 KB of ASCII are told whole, and so is a TLV of 60 KB', () => {
    expect(dataOf(payload(Buffer.alloc(65_000, 'x'))).text).toHaveLength(65_000);
    expect(dataOf({ tlvs: [{ tag: 0x1400, value: Buffer.alloc(60_000) }] }).tlvs['0x1400']).toHaveLength(120_000);
  });
});

describe('a part', () => {
  const partOf = (given: Given, carrier = profile()) => partEvent(sourceOf(carrier), arrivalOf(given));
  const part = (udh: string, text = 'first ') => ({
    esmClass: 0x40,
    shortMessage: Buffer.concat([hex(udh), Buffer.from(text)]),
  });
  const sar = [
    { tag: 0x020c, value: hex('0102') },
    { tag: 0x020e, value: hex('02') },
    { tag: 0x020f, value: hex('01') },
  ];

  test('says all that its message needs', () => {
    const carrier = profile({
      assemblySeconds: 77,
      text: { receivedEncodings: [{ dataCoding: 0, alphabet: 'ascii' }] },
    });
    const event = partOf(part('050003070201'), carrier);
    expect(event).toEqual({
      type: 'part',
      id: `acme:part:${'f'.repeat(32)}:id-1`,
      carrier: 'acme',
      time: '2026-01-01T00:00:00.000Z',
      from: '+447700900123',
      to: '12345',
      concatenation: { kind: 'udh8', reference: 7, total: 2, part: 1 },
      dataCoding: 0,
      alphabet: 'ascii',
      octets: Buffer.from('first ').toString('base64'),
      udh: hex('050003070201').toString('base64'),
      fingerprint: 'f'.repeat(32),
      possibleDuplicate: false,
      tlvs: {},
      assemblySeconds: 77,
    });
  });

  test('by the TLVs sar_* does not repeat them', () => {
    const tlvs = [...sar, { tag: 0x1400, value: hex('cafe') }];
    const event = partOf({ tlvs });
    expect(event).toMatchObject({ concatenation: { kind: 'sar', reference: 0x0102 }, tlvs: { '0x1400': 'cafe' } });
    expect(event).not.toHaveProperty('udh');
    expect(Object.keys(event?.tlvs ?? {})).toEqual(['0x1400']);
  });

  test('by a UDH tells what the TLVs sar_* say beside it (quirk 35)', () => {
    expect(partOf({ ...part('050003070201'), tlvs: sar })).toMatchObject({
      concatenation: { kind: 'udh8' },
      tlvs: { sar_msg_ref_num: '0102', sar_total_segments: '02', sar_segment_seqnum: '01' },
    });
  });

  test.each<[string, Given]>([
    ['one of one', part('050003070101')],
    ['numbers that cannot be', part('050003070203')],
    [
      'more octets than a part has',
      { esmClass: 0x40, ...payload(Buffer.concat([hex('050003070201'), Buffer.alloc(4_001, 'x')])) },
    ],
  ])('with %s is a message by itself', (_, given) => {
    expect(partOf(given)).toBeUndefined();
  });

  test('fits into an event list, whatever it has', () => {
    const udh = Buffer.concat([hex('fe00030702017000'), Buffer.alloc(247)]);
    const shortMessage = { tag: 0x0424, value: Buffer.concat([udh, Buffer.alloc(4_000, 0xff)]) };
    const tlvs = [shortMessage, ...Array.from({ length: 10_000 }, () => ({ tag: 0x1400, value: hex('ff') }))];
    const address = '\u00ff'.repeat(5_000);
    const event = partOf({
      esmClass: 0x40,
      shortMessage: Buffer.alloc(0),
      tlvs,
      sourceAddr: address,
      destinationAddr: address,
    });
    const list = asciiJson({ version: 1, events: [event] });
    expect(list.length).toBeLessThan(20_000);
    expect(parseEventList(list)).toEqual([{ kind: 'event', event }]);
  });
});

test('any octets with any data_coding and esm_class make a valid event', () => {
  const source = sourceOf(profile());
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 254 }),
      fc.integer({ min: 0, max: 255 }),
      fc.boolean(),
      (octets, dataCoding, hasUdh) => {
        const arrival = arrivalOf({ dataCoding, esmClass: hasUdh ? 0x40 : 0, shortMessage: Buffer.from(octets) });
        const part = partEvent(source, arrival);
        if (part !== undefined)
          expect(parseEventList(asciiJson({ version: 1, events: [part] }))).toMatchObject([{ kind: 'event' }]);
        expect(() => schema.parse(receivedEvent(source, arrival))).not.toThrow();
      },
    ),
    { numRuns: 500 },
  );
});
