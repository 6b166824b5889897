import { Itinerary } from '../../../connector/smpp/itinerary.ts';
import type { SessionEnd } from '../../../connector/smpp/reconnect.ts';
import { esme } from '../../../connector/smpp/status.ts';
import { profile } from '../../support/connector-factories.ts';

const { reconnect } = profile();
const refused = (name: keyof typeof esme): SessionEnd => ({ kind: 'refused', commandStatus: esme[name] });
const unreachable: SessionEnd = { kind: 'unreachable', cause: new Error('ECONNREFUSED') };
const dropped: SessionEnd = { kind: 'ended', why: 'socket' };
const retired: SessionEnd = { kind: 'ended', why: 'retired' };
const noSecret: SessionEnd = { kind: 'no-secret', cause: new Error('none') };
/** A session that was there for a while. */
const lasted = (end: SessionEnd) => ({ end, lasted: true });

type Step = SessionEnd | ReturnType<typeof lasted>;

/** After each end: `HOST +DELAY` of what follows, with the longest delay that chance allows, and at once. */
function journey(hosts: number, steps: readonly Step[], rules: Partial<typeof reconnect> = {}): string[] {
  const itinerary = new Itinerary(hosts, { ...reconnect, ...rules }, () => 1);
  let now = 0;
  return steps.map((step) => {
    const { end, lasted: didLast } = 'end' in step ? step : { end: step, lasted: false };
    const delayMs = itinerary.next(end, didLast, now);
    now += delayMs;
    return `${'ABC'[itinerary.host]} +${delayMs}`;
  });
}

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

test.each<[string, SessionEnd]>([
  ['an SMSC that cannot be reached', unreachable],
  ['a bind refused for no reason that is known', refused('RBINDFAIL')],
  ['a session that is dropped at once', dropped],
])('%s is asked again after 250 ms, then ever more seldom, up to 8 s', (_, end) => {
  expect(journey(1, times(8, end))).toEqual(
    [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000].map((delay) => `A +${delay}`),
  );
});

test('chance makes the delay anything between nothing and its ceiling', () => {
  const delays = [0, 0.5, 0.999].map((random) => new Itinerary(1, reconnect, () => random).next(unreachable, false, 0));
  expect(delays).toEqual([0, 125, 249]);
});

test('a session that lasted ends the run of failures', () => {
  expect(journey(1, [unreachable, unreachable, unreachable, lasted(dropped), dropped])).toEqual([
    'A +250',
    'A +500',
    'A +1000',
    'A +250',
    'A +500',
  ]);
});

test.each(['RINVPASWD', 'RINVSYSID', 'RINVSYSTYP'] as const)(
  'after ESME_%s no other host is asked, and the first one after five minutes, lest the account be locked (quirk 52)',
  (name) => {
    expect(journey(2, times(20, refused(name)))).toEqual(times(20, 'A +300000'));
    expect(journey(3, [unreachable, refused(name), unreachable])).toEqual(['B +0', 'A +300000', 'B +0']);
  },
);

test('while the SMSC holds a session that is gone, the wait grows to 30 s (quirk 52, demand 6)', () => {
  expect(journey(1, times(10, refused('RALYBND')))).toEqual(
    [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000].map((delay) => `A +${delay}`),
  );
});

test('which refusals mean wrong credentials, or already bound, is for the carrier to say (quirk 46)', () => {
  const rules = { wrongCredentialsStatuses: [3], wrongCredentialsDelayMs: 60_000, alreadyBoundStatuses: [6] };
  expect(journey(1, [{ kind: 'refused', commandStatus: 3 }], rules)).toEqual(['A +60000']);
  expect(journey(1, [refused('RINVPASWD')], rules)).toEqual(['A +250']);
  const six: SessionEnd = { kind: 'refused', commandStatus: 6 };
  expect(journey(1, times(9, six), rules).at(-1)).toBe('A +30000');
});

test('the next host is asked at once, and there is a wait when all have failed (quirk 57)', () => {
  expect(journey(3, times(7, unreachable))).toEqual(['B +0', 'C +0', 'A +250', 'B +0', 'C +0', 'A +500', 'B +0']);
});

test('of a round in which one host held a stale session, the longer wait counts', () => {
  const round = [refused('RALYBND'), unreachable];
  expect(
    journey(2, times(9, round).flat())
      .filter((step) => step.startsWith('A'))
      .at(-1),
  ).toBe('A +30000');
});

test('after a session that lasted, on whatever host, the preferred one is asked first', () => {
  expect(journey(2, [unreachable, lasted(dropped), unreachable, unreachable])).toEqual([
    'B +0',
    'A +250',
    'B +0',
    'A +500',
  ]);
});

test('a session that we gave up for another is followed at once, by the preferred host', () => {
  expect(journey(2, [unreachable, retired, unreachable, unreachable])).toEqual(['B +0', 'A +0', 'B +0', 'A +250']);
});

test('a password that cannot be read is waited for, up to a minute, and no host is passed over', () => {
  expect(journey(2, [unreachable, ...times(10, noSecret)])).toEqual([
    'B +0',
    ...[250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].map((delay) => `B +${delay}`),
  ]);
});

test('no host is asked again sooner than the carrier wants (quirk 53)', () => {
  const rules = { minDelayMs: 45_000 };
  expect(journey(1, [unreachable, lasted(dropped), retired, refused('RALYBND')], rules)).toEqual(times(4, 'A +45000'));
  // Another host may be asked at once.
  expect(journey(2, times(4, unreachable), rules)).toEqual(['B +0', 'A +45000', 'B +0', 'A +45000']);
});
