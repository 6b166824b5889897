import { Itinerary } from '../../../connector/smpp/itinerary.ts';
import type { Course, SessionEnd } from '../../../connector/smpp/reconnect.ts';
import { esme } from '../../../connector/smpp/status.ts';
import { profile } from '../../support/connector-factories.ts';

const { reconnect } = profile();
const refused = (name: keyof typeof esme): SessionEnd => ({ kind: 'refused', commandStatus: esme[name] });
const unreachable: SessionEnd = { kind: 'unreachable', cause: new Error('ECONNREFUSED') };
const dropped: SessionEnd = { kind: 'ended', why: 'socket' };
const renewing: SessionEnd = { kind: 'ended', why: 'renewing' };
const returning: SessionEnd = { kind: 'ended', why: 'returning' };
const noSecret: SessionEnd = { kind: 'no-secret', cause: new Error('none') };
/** A session that was there for a while. */
const lasted = (end: SessionEnd) => ({ end, lasted: true });
/** An attempt that took so long. */
const slow = (end: SessionEnd, triedMs: number) => ({ end, triedMs });
const bound = 'bound';

type Step = SessionEnd | ({ readonly end: SessionEnd } & Partial<Course>) | typeof bound;

/** After each end: `HOST +DELAY` of what follows, with the longest delay that chance allows. */
function journey(hosts: number, steps: readonly Step[], rules: Partial<typeof reconnect> = {}): string[] {
  const itinerary = new Itinerary(hosts, { ...reconnect, ...rules }, () => 1);
  let now = 0;
  return steps.flatMap((step) => {
    if (step === bound) {
      itinerary.bound(now);
      return [];
    }
    const { end, ...course } = 'end' in step ? step : { end: step };
    const delayMs = itinerary.next(end, { lasted: false, triedMs: 0, ...course }, now);
    now += delayMs;
    return [`${'ABC'[itinerary.host]} +${delayMs}`];
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
  const delays = [0, 0.5, 0.999].map((random) =>
    new Itinerary(1, reconnect, () => random).next(unreachable, { lasted: false, triedMs: 0 }, 0),
  );
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

test('a host whose session lasted is asked again, then the others, the preferred one first', () => {
  const steps = [unreachable, unreachable, bound, lasted(dropped), unreachable, unreachable, unreachable, unreachable];
  expect(journey(3, steps as Step[])).toEqual(['B +0', 'C +0', 'C +250', 'A +0', 'B +0', 'A +500', 'B +0']);
});

test('a session that is renewed is followed by one with the same host, not sooner than the first delay (quirk 58)', () => {
  expect(journey(2, [unreachable, bound, renewing, bound, renewing])).toEqual(['B +0', 'B +250', 'B +250']);
  expect(journey(1, [bound, slow(renewing, 0)], { firstDelayMs: 1_000 })).toEqual(['A +1000']);
});

test('a session that is given up to return is followed at once, by the preferred host and then by the others', () => {
  expect(journey(2, [unreachable, bound, returning, unreachable, unreachable])).toEqual([
    'B +0',
    'A +0',
    'B +0',
    'A +250',
  ]);
});

test('a preferred host that refuses the credentials which another took is left for that one at once', () => {
  const wrong = refused('RINVPASWD');
  expect(journey(3, [unreachable, unreachable, bound, returning, wrong, bound, lasted(dropped)])).toEqual([
    'B +0',
    'C +0',
    'A +0',
    'C +0',
    'C +250',
  ]);
  // Which does not take them any more: then nobody is asked.
  expect(journey(2, [unreachable, bound, returning, wrong, wrong])).toEqual(['B +0', 'A +0', 'B +0', 'A +300000']);
});

test('a host that took the credentials stays in use when another refuses them', () => {
  const wrong = refused('RINVPASWD');
  // B drops, A refuses; B is not reached, and A, which refused, is passed over for five minutes.
  expect(journey(2, [unreachable, bound, dropped, wrong, unreachable, unreachable])).toEqual([
    'B +0',
    'A +250',
    'B +0',
    'B +500',
    'B +1000',
  ]);
});

test('of a round every attempt counts as waited (demand 7)', () => {
  const round = [slow(unreachable, 8_000), unreachable];
  expect(journey(2, times(6, round).flat()).filter((step) => step.startsWith('A'))).toEqual(times(6, 'A +0'));
});

test('once the preferred host is bound again, its refusal is like any other', () => {
  expect(journey(2, [unreachable, bound, returning, bound, refused('RINVPASWD')])).toEqual([
    'B +0',
    'A +0',
    'A +300000',
  ]);
});

test('the time that an attempt took is part of the wait for the next (demand 7)', () => {
  expect(journey(1, [...times(6, unreachable), slow(unreachable, 3_000), slow(unreachable, 9_000)]).slice(-2)).toEqual([
    'A +5000',
    'A +0',
  ]);
  expect(journey(1, [slow(refused('RINVPASWD'), 3_000)])).toEqual(['A +300000']);
});

test('a stale session makes the waits of its own round longer, not those of the next', () => {
  const round = [...times(7, unreachable), refused('RALYBND'), unreachable];
  expect(journey(1, round).slice(-2)).toEqual(['A +30000', 'A +8000']);
});

test('refused credentials do not shorten the waits that follow', () => {
  expect(journey(1, [unreachable, unreachable, refused('RINVPASWD'), unreachable]).at(-1)).toBe('A +1000');
});

test('a password that cannot be read is waited for, up to a minute, and no host is passed over', () => {
  expect(journey(2, [unreachable, ...times(10, noSecret)])).toEqual([
    'B +0',
    ...[250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].map((delay) => `B +${delay}`),
  ]);
});

test('a password that was read ends the run of those that could not be', () => {
  expect(journey(1, [noSecret, noSecret, unreachable, noSecret])).toEqual(['A +250', 'A +500', 'A +250', 'A +250']);
});

test('no host is asked again sooner than the carrier wants (quirk 53)', () => {
  const rules = { minDelayMs: 45_000 };
  const ends = [unreachable, bound, lasted(dropped), bound, renewing, refused('RALYBND')] as Step[];
  expect(journey(1, ends, rules)).toEqual(times(4, 'A +45000'));
  // Another host may be asked at once.
  expect(journey(2, times(4, unreachable), rules)).toEqual(['B +0', 'A +45000', 'B +0', 'A +45000']);
  // From the end of each, not of the first.
  expect(journey(2, [unreachable, bound, lasted(dropped)], rules)).toEqual(['B +0', 'B +45000']);
});
