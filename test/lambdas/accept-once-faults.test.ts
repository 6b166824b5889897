import fc from 'fast-check';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { begin, submittedEvent } from '../support/factories.ts';
import type { Fault } from '../support/faulty-ports.ts';
import { type KeyedSends, keyedSends, type Seen } from '../support/keyed-sends.ts';
import { memoryTable } from '../support/memory-table.ts';

/** What must hold whenever one looks. */
async function expectNoneLostOrDoubled({ ports, lane }: KeyedSends, seen: readonly Seen[]): Promise<void> {
  expect(lane.taken.length).toBeLessThanOrEqual(1);
  const accepted = seen.filter((one) => one.kind === 'accepted');
  expect(new Set(accepted.map(({ answer }) => answer)).size).toBeLessThanOrEqual(1);
  for (const { messageId } of accepted) expect(lane.taken).toEqual([messageId]);
  for (const id of lane.taken) expect(await ports.table.get({ pk: `message#${id}`, sk: 'row' })).toBeDefined();
}

const calls = [1, 2, 3, 4, 5, 6];
const faults: Fault[] = calls.flatMap((call) =>
  (['before', 'after'] as const).flatMap((when) => (['dies', 'fails'] as const).map((how) => ({ call, when, how }))),
);

test.each([
  ['at once', 0],
  ['when the lease has lapsed', 30_000],
  ['just before SQS might forget', 268_000],
])('after any one fault, requests that follow %s come to make exactly one SMS', async (_, afterMs) => {
  for (const fault of faults) {
    const sends = keyedSends(memoryTable());
    const seen = [await sends.send({ fault })];
    sends.ports.advance(afterMs);
    seen.push(await sends.send());
    sends.ports.advance(30_000 - Math.min(afterMs, 30_000));
    seen.push(await sends.send());
    expect(seen.at(-1)).toMatchObject({ kind: 'accepted' });
    expect(sends.lane.taken).toHaveLength(1);
    await expectNoneLostOrDoubled(sends, seen);
  }
});

interface Step {
  readonly afterMs: number;
  /** What others do before the requests. */
  readonly meanwhile: 'nothing' | 'connector' | 'settle-due';
  readonly laneRefuses: boolean;
  /** Requests at once, each with its fault. */
  readonly requests: readonly (Fault | undefined)[];
}

const anyFault = fc.record<Fault>({
  call: fc.integer({ min: 1, max: 8 }),
  when: fc.constantFrom('before', 'after'),
  how: fc.constantFrom('dies', 'fails'),
});

const anyStep = fc.record<Step>({
  afterMs: fc.constantFrom(0, 1_000, 30_000, 30_000, 100_000, 240_000, 300_000, 3_600_000),
  meanwhile: fc.constantFrom('nothing', 'nothing', 'nothing', 'connector', 'settle-due'),
  laneRefuses: fc.boolean(),
  requests: fc.array(fc.option(anyFault, { nil: undefined }), { minLength: 1, maxLength: 3 }),
});

async function live(sends: KeyedSends, step: Step, send: (fault?: Fault) => Promise<Seen>): Promise<Seen[]> {
  const { ports, lane } = sends;
  ports.advance(step.afterMs);
  if (step.meanwhile === 'connector') {
    for (const messageId of lane.taken) await applyEvent(ports, submittedEvent({ messageId }));
  }
  if (step.meanwhile === 'settle-due') await settleItems(ports);
  lane.refuseNext(step.laneRefuses);
  return Promise.all(step.requests.map(send));
}

test('whatever fails, dies, waits and comes at once, a key makes one SMS at most, and no answer lies', async () => {
  const property = fc.asyncProperty(
    fc.array(anyStep, { minLength: 1, maxLength: 5 }),
    fc.constantFrom(60, 86_400),
    fc.scheduler(),
    async (steps, validitySeconds, scheduler) => {
      const sends = keyedSends(memoryTable());
      const request = { body: { to: '+447700900123', text: 'Hello', validitySeconds } };
      const around = <T>(act: () => Promise<T>): Promise<T> => scheduler.scheduleFunction(act)();
      const seen: Seen[] = [];
      for (const step of steps) {
        const answers = live(sends, step, (fault) => sends.send({ ...request, fault, around }));
        seen.push(...(await scheduler.waitFor(answers)));
        await expectNoneLostOrDoubled(sends, seen);
      }
      sends.ports.advance(30_000);
      sends.lane.refuseNext(false);
      const last = await sends.send(request);
      await expectNoneLostOrDoubled(sends, [...seen, last]);
      if (last.kind === 'accepted') return;
      // The one thing that may be left open: whether it was put into its lane, too long ago to do it again.
      expect(last).toMatchObject({ code: 'outcome-unknown', messageId: expect.any(String) });
      expect(sends.ports.now() - begin).toBeGreaterThanOrEqual(Math.min(270_000, validitySeconds * 1_000));
    },
  );
  await fc.assert(property, { numRuns: 500 });
});
