import fc from 'fast-check';
import type { Guarantee } from '#contract/outbound-sms.ts';
import type { Answer } from '../../support/memory-smsc.ts';
import { Rig, type Running } from './rig.ts';

/** Two connectors at one pair of lanes, one of which is killed, or stops for a while, at whichever step of its work. */

const minute = 60_000;
const hour = 60 * minute;

interface Scenario {
  readonly messages: readonly { readonly to: string; readonly parts: 1 | 2 }[];
  readonly answers: readonly Answer[];
  /** When the second one starts. */
  readonly secondAfterMs: number;
  readonly window: number;
}

const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  messages: fc.array(
    fc.record({
      to: fc.constantFrom('+447700900001', '+447700900002', '+447700900003'),
      parts: fc.constantFrom(1, 1, 2),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  answers: fc.array(fc.constantFrom<Answer>(0, 0, 0, 0, 0x58, 0x08, 'silence', 'drop'), { maxLength: 10 }),
  secondAfterMs: fc.constantFrom(0, 1_000, 20_000),
  window: fc.integer({ min: 1, max: 4 }),
});

function rigOf({ messages, answers }: Scenario, guarantee: Guarantee): Rig {
  const rig = new Rig();
  for (const [n, { to, parts }] of messages.entries()) {
    rig.enqueue(`m${n}.`, { to, guarantee, text: `text ${`m${n}.`.repeat(parts === 2 ? 60 : 1)}` });
  }
  let asked = 0;
  rig.smsc.answer = () => {
    asked += 1;
    return answers[asked - 1] ?? 0;
  };
  return rig;
}

/** Runs it, with `strike` at that step of the first connector. */
async function play(rig: Rig, scenario: Scenario, at: number, strike: (first: Running) => void) {
  let passed = 0;
  let first: Running | undefined;
  rig.onStep = (by) => {
    if (by !== 'a') return;
    passed += 1;
    if (passed === at && first !== undefined) strike(first);
  };
  first = await rig.start('a', { window: scenario.window });
  await rig.clock.advance(scenario.secondAfterMs);
  await rig.start('b', { window: scenario.window });
  await rig.untilSettled(2 * hour);
  // Longer than anything of it may still be on its way.
  await rig.clock.advance(12 * minute);
}

/** Of each segment of the message that was accepted more than once: whether there is an event that says so. */
function unflagged(rig: Rig): string[] {
  const account = rig.account();
  const seen = new Map<string, number>();
  for (const arrival of rig.smsc.arrivals) {
    const key = `${rig.nameOf(arrival)} ${arrival.header.toString('hex')}`;
    if (arrival.accepted) seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const doubled = [...seen].filter(([, count]) => count > 1).map(([key]) => key.split(' ')[0] ?? '');
  return doubled.filter((name) => !account[name]?.some((fact) => fact.includes('flagged')));
}

/** At what step a connector is struck: near its receive most of all, where it does its work. */
const anyStep = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 60 }) }, fc.integer({ min: 1, max: 250 }));

describe('at-least-once, whenever a connector is killed', () => {
  test('no message is lost, each that arrived twice is flagged, and the order per recipient holds', async () => {
    await fc.assert(
      fc.asyncProperty(anyScenario, anyStep, async (scenario, at) => {
        const rig = rigOf(scenario, 'at-least-once');
        await play(rig, scenario, at, (first) => first.kill());
        for (const { name } of rig.messages) {
          expect(rig.arrived('accepted')).toContain(name);
          expect(rig.account()[name]?.filter((fact) => fact.startsWith('submitted'))).not.toEqual([]);
        }
        expect(unflagged(rig)).toEqual([]);
        expect(rig.faults).toEqual([]);
        expectOrder(rig);
      }),
      { numRuns: 40 },
    );
  });

  test('no more is doubled than was written and not yet deleted', async () => {
    await fc.assert(
      fc.asyncProperty(anyScenario, anyStep, async ({ messages, ...rest }, at) => {
        const scenario = { ...rest, messages, answers: [] };
        const rig = rigOf(scenario, 'at-least-once');
        let deleted: readonly string[] = [];
        await play(rig, scenario, at, (first) => {
          deleted = rig.journal.filter((what) => what.startsWith('delete'));
          first.kill();
        });
        // Also what was in the same octets as the last that it heard an answer to.
        const written = rig.smsc.arrivals.filter(({ by }) => by === 'a').map((arrival) => rig.nameOf(arrival));
        const open = written.filter((name) => !deleted.includes(`delete ${name}`));
        const doubled = rig.arrived().length - messages.reduce((sum, { parts }) => sum + parts, 0);
        expect(doubled).toBeLessThanOrEqual(open.length);
      }),
      { numRuns: 25 },
    );
  });
});

describe('at-least-once, whenever a connector stops for ten minutes', () => {
  test('no message is lost, and each that arrived twice is flagged', async () => {
    await fc.assert(
      fc.asyncProperty(anyScenario, anyStep, async (scenario, at) => {
        const rig = rigOf(scenario, 'at-least-once');
        rig.mayFreeze = true;
        await play(rig, scenario, at, (first) => {
          first.life.freeze();
          rig.clock.after(10 * minute, () => first.life.thaw());
        });
        for (const { name } of rig.messages) expect(rig.arrived('accepted')).toContain(name);
        expect(unflagged(rig)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('at-most-once, whenever a connector', () => {
  test.each([
    ['is killed', (first: Running) => first.kill()],
    [
      'stops for ten minutes',
      (first: Running, rig: Rig) => {
        first.life.freeze();
        rig.clock.after(10 * minute, () => first.life.thaw());
      },
    ],
  ])(
    '%s, nothing is accepted twice nor written by both, and each is told at least as sending',
    async (_, strike) => {
      await fc.assert(
        fc.asyncProperty(anyScenario, anyStep, async (scenario, at) => {
          const rig = rigOf(scenario, 'at-most-once');
          rig.mayFreeze = true;
          await play(rig, scenario, at, (first) => strike(first, rig));
          const accepted = rig.smsc.arrivals.filter((arrival) => arrival.accepted);
          const segments = accepted.map((arrival) => `${rig.nameOf(arrival)} ${arrival.header.toString('hex')}`);
          expect(segments).toHaveLength(new Set(segments).size);
          for (const { name } of rig.messages) {
            const writers = rig.smsc.arrivals.filter((arrival) => rig.nameOf(arrival) === name).map(({ by }) => by);
            expect(new Set(writers).size).toBeLessThanOrEqual(1);
            expect(rig.account()[name]).toContain('sending');
          }
          expect(rig.faults).toEqual([]);
        }),
        { numRuns: 25 },
      );
    },
    120_000,
  );
});

/** Per recipient, what came first of each message came in the order in which they were enqueued. */
function expectOrder(rig: Rig): void {
  for (const to of new Set(rig.messages.map(({ sms }) => sms.to))) {
    const names = rig.smsc.arrivals.filter((arrival) => arrival.to === to).map((arrival) => rig.nameOf(arrival));
    const enqueued = rig.messages.filter(({ sms }) => sms.to === to).map(({ name }) => name);
    expect([...new Set(names)]).toEqual(enqueued);
  }
}
