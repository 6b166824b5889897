import { Admission } from '../../../../local/simulator/messages/admission.ts';
import { writeTime } from '../../../../local/simulator/messages/smpp-time.ts';
import type { Content } from '../../../../local/simulator/messages/submission.ts';
import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { Random } from '../../../fuzz/random.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { content, part, stageOf, submission } from '../messages.ts';

function admission(submits: BehaviourChange['submits'] = {}) {
  const clock = new FakeClock();
  const random = new Random(5);
  const stage = stageOf({ submits });
  const admit = new Admission({ stage, clock, random: () => random.uint32() / 2 ** 32 });
  const decide = (
    change: Parameters<typeof submission>[0] = {},
    { systemId = 'me', unanswered = 0 }: { systemId?: string; unanswered?: number } = {},
  ) => admit.decide(submission(change), { systemId, unanswered });
  const status = (...about: Parameters<typeof decide>) => {
    const decision = decide(...about);
    return decision.kind === 'refused' ? decision.status : 0;
  };
  return { clock, stage, decide, status };
}

const day = 24 * 3_600_000;

test('a friendly SMSC takes a message for a day', () => {
  const { decide, clock } = admission();
  expect(decide()).toEqual({ kind: 'accepted', scheduledAt: undefined, expiresAt: clock.now() + day });
});

describe('a limit per second', () => {
  test('holds for any second, not for the one on the wall', async () => {
    const { status, clock } = admission({ perSecond: { limit: 2 } });
    await clock.advance(900);
    expect([status(), status(), status()]).toEqual([0, 0, 0x58]);
    await clock.advance(999);
    expect(status()).toBe(0x58);
    await clock.advance(1);
    expect([status(), status(), status()]).toEqual([0, 0, 0x58]);
  });

  test('does not count what it refuses', async () => {
    const { status, clock } = admission({ perSecond: { limit: 1 } });
    expect(status()).toBe(0);
    for (let tenth = 1; tenth < 10; tenth++) {
      await clock.advance(100);
      expect(status()).toBe(0x58);
    }
    await clock.advance(100);
    expect(status()).toBe(0);
  });

  test('is of each account, with the status that was chosen', () => {
    const { status } = admission({ perSecond: { limit: 1, status: 'ESME_RMSGQFUL' } });
    expect([status(), status({}, { systemId: 'you' }), status()]).toEqual([0, 0, 0x14]);
  });
});

test('more than so many without a response are refused', () => {
  const { status } = admission({ unanswered: { limit: 2, status: 'ESME_RSUBMITFAIL' } });
  expect([0, 1, 2, 3].map((unanswered) => status({}, { unanswered }))).toEqual([0, 0, 0x45, 0x45]);
});

describe('a chance', () => {
  test('refuses its share, with its statuses in turn', () => {
    const { status } = admission({ refuse: { share: 0.25, statuses: [8, 0x14] } });
    const statuses = Array.from({ length: 4_000 }, () => status());
    const refused = statuses.filter((each) => each !== 0);
    expect(refused.length).toBeGreaterThan(900);
    expect(refused.length).toBeLessThan(1_100);
    expect(refused).toEqual(refused.map((_, index) => (index % 2 === 0 ? 8 : 0x14)));
  });

  test('of one refuses all, of none nothing', () => {
    const all = admission({ refuse: { statuses: [8] } });
    const none = admission({ refuse: { share: 0, statuses: [8] } });
    for (let n = 0; n < 100; n++) expect([all.status(), none.status()]).toEqual([8, 0]);
  });
});

test('nobody is no recipient', () => {
  const nobody = { content: content({ to: '', destination: { ton: 0, npi: 0, digits: '' } }) };
  expect(admission().status(nobody)).toBe(0x0b);
  expect(admission({ statuses: { invalidDestination: 4 } }).status(nobody)).toBe(4);
});

describe('TON and NPI that are checked', () => {
  const { status } = admission({ addresses: 'checked' });

  test.each<[string, number, number]>([
    ['shop', 5, 0],
    ['12345', 0, 0],
    ['12345', 0, 1],
    ['12345678', 3, 0],
    ['12345', 6, 0],
    ['', 0, 0],
    ['123456789', 1, 1],
    ['447700900123', 1, 1],
  ])('%s fits %i/%i', (digits, ton, npi) => {
    expect(status({ content: content({ source: { ton, npi, digits } }) })).toBe(0);
  });

  test.each<[string, number, number]>([
    ['shop', 1, 1],
    ['shop', 5, 1],
    ['shop', 0, 0],
    ['12345', 1, 1],
    ['12345', 5, 0],
    ['123456789', 0, 0],
    ['447700900123', 1, 0],
    ['447700900123', 2, 1],
    ['+447700900123', 1, 1],
    ['+447700900123', 5, 0],
  ])('%s does not fit %i/%i', (digits, ton, npi) => {
    expect(status({ content: content({ source: { ton, npi, digits } }) })).toBe(0x0a);
    expect(status({ content: content({ destination: { ton, npi, digits } }) })).toBe(0x0b);
    expect(admission().status({ content: content({ source: { ton, npi, digits } }) })).toBe(0);
  });
});

test('data codings may be refused', () => {
  const { status } = admission({ refusedDataCodings: [1, 4] });
  expect([0, 1, 4, 8].map((dataCoding) => status({ content: content({ dataCoding }) }))).toEqual([0, 0x45, 0x45, 0]);
});

describe('the octets of a part', () => {
  const { status } = admission({ maxPartOctets: { gsm7: 152, ucs2: 132 } });
  const partOf = (octets: number, dataCoding: number) => ({
    content: part(1, 2, { body: Buffer.alloc(octets), dataCoding }),
  });

  test.each([
    [152, 0, 0],
    [153, 0, 0x01],
    [132, 8, 0],
    [133, 8, 0x01],
  ])('%i with data_coding %i: status %i', (octets, dataCoding, expected) => {
    expect(status(partOf(octets, dataCoding))).toBe(expected);
  });

  test('count for sar_* TLVs too, and not for a message that is no part', () => {
    const long: Partial<Content> = { octets: Buffer.alloc(153) };
    const sar = { reference: 1, total: 2, part: 1 };
    expect(status({ content: content({ ...long, sar }), hasSar: true })).toBe(0x01);
    expect(status({ content: content(long) })).toBe(0);
  });
});

test('sar_* TLVs beside a UDH may be refused, either of them alone not', () => {
  const { status } = admission({ sar: 'refused-with-udh' });
  expect(status({ content: part(1, 2), hasSar: true })).toBe(0xc4);
  expect(status({ content: part(1, 2) })).toBe(0);
  expect(status({ hasSar: true })).toBe(0);
  expect(admission().status({ content: part(1, 2), hasSar: true })).toBe(0);
});

describe('times', () => {
  const inAnHour = '000000010000000R';

  test('are kept', () => {
    const { decide, clock } = admission();
    expect(decide({ scheduleDeliveryTime: inAnHour, validityPeriod: writeTime(clock.now() + 2 * 3_600_000) })).toEqual({
      kind: 'accepted',
      scheduledAt: clock.now() + 3_600_000,
      expiresAt: clock.now() + 2 * 3_600_000,
    });
  });

  test('without a validity count it from the schedule', () => {
    const { decide, clock } = admission();
    expect(decide({ scheduleDeliveryTime: inAnHour })).toMatchObject({ expiresAt: clock.now() + 3_600_000 + day });
  });

  test('of a schedule that has passed mean at once', () => {
    const { decide, clock } = admission();
    const scheduleDeliveryTime = writeTime(clock.now() - 1_000);
    expect(decide({ scheduleDeliveryTime })).toMatchObject({ kind: 'accepted', scheduledAt: undefined });
  });

  test.each(['nonsense', '000000000000000R', '251231235959000+'])('%s is no validity', (validityPeriod) => {
    expect(admission().status({ validityPeriod })).toBe(0x62);
  });

  test('that are none are no schedule', () => {
    expect(admission().status({ scheduleDeliveryTime: 'nonsense' })).toBe(0x61);
  });

  test('may be refused', () => {
    const { status } = admission({ schedule: 'refused', validity: 'refused' });
    expect([status({ scheduleDeliveryTime: inAnHour }), status({ validityPeriod: inAnHour }), status()]).toEqual([
      0x61, 0x62, 0,
    ]);
  });

  test('may be ignored, whatever they are', () => {
    const { decide, clock } = admission({ schedule: 'ignored', validity: 'ignored' });
    const expected = { kind: 'accepted', scheduledAt: undefined, expiresAt: clock.now() + day };
    expect(decide({ scheduleDeliveryTime: inAnHour, validityPeriod: inAnHour })).toEqual(expected);
    expect(decide({ scheduleDeliveryTime: 'nonsense', validityPeriod: 'nonsense' })).toEqual(expected);
  });
});

describe('numbers that end in', () => {
  const to = (ending: string, change: Partial<Content> = {}) => ({
    content: content({ to: `+44770090${ending}`, ...change }),
  });

  test.each([
    ['0906', 0x0b],
    ['0908', 0x14],
  ])('%s are always refused', (ending, status) => {
    const smsc = admission();
    for (let n = 0; n < 5; n++) expect(smsc.status(to(ending))).toBe(status);
  });

  test.each([
    ['0907', [0x58, 0x58, 0, 0]],
    ['0909', [0x08, 0, 0, 0]],
  ])('%s are refused so often, and then not', (ending, statuses) => {
    const { status } = admission();
    expect(statuses.map(() => status(to(ending)))).toEqual(statuses);
  });

  test('0909 count the same octets between the same numbers', () => {
    const { status } = admission();
    const others = [{}, { octets: Buffer.from('other') }, { from: 'other' }, { to: '+1999900909' }];
    expect(others.map((change) => status(to('0909', change)))).toEqual([8, 8, 8, 8]);
    expect(others.map((change) => status(to('0909', change)))).toEqual([0, 0, 0, 0]);
  });

  test('0910 to 0914 are taken', () => {
    const { status } = admission();
    for (const ending of ['0910', '0911', '0912', '0913', '0914']) expect(status(to(ending))).toBe(0);
  });
});

describe('what is longer than the radio carries', () => {
  const of = (octets: number, change: Partial<Content> = {}) =>
    content({ octets: Buffer.alloc(octets, 'a'), ...change });
  const sar = { reference: 1, total: 2, part: 1 };

  test.each([
    ['160 septets', of(160), 0],
    ['161 septets', of(161), 0x01],
    ['160 octets of Latin-1, which are made septets', of(160, { dataCoding: 3 }), 0],
    ['140 octets of UCS-2', of(140, { dataCoding: 8 }), 0],
    ['142 octets of UCS-2', of(142, { dataCoding: 8 }), 0x01],
    ['141 octets of UCS-2 as 3GPP TS 23.038 has it', of(141, { dataCoding: 0x18 }), 0x01],
    ['141 octets of data', of(141, { dataCoding: 4 }), 0x01],
    ['153 septets behind a UDH of 6 octets', part(1, 2, { body: Buffer.alloc(153) }), 0],
    ['154 septets behind a UDH of 6 octets', part(1, 2, { body: Buffer.alloc(154) }), 0x01],
    ['134 octets of UCS-2 behind a UDH', part(1, 2, { body: Buffer.alloc(134), dataCoding: 8 }), 0],
    ['136 octets of UCS-2 behind a UDH', part(1, 2, { body: Buffer.alloc(136), dataCoding: 8 }), 0x01],
    ['153 septets with sar_* TLVs', of(153, { sar }), 0],
    ['154 septets with sar_* TLVs', of(154, { sar }), 0x01],
  ])('is refused, and what is not is taken: %s', (_what, given, expected) => {
    expect(admission().status({ content: given })).toBe(expected);
  });

  test('is taken as message_payload, and where lengths do not matter', () => {
    expect(admission().status({ content: of(1_000), isPayload: true })).toBe(0);
    expect(admission({ lengths: 'any' }).status({ content: of(254) })).toBe(0);
  });
});
