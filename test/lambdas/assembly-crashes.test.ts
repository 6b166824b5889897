import fc from 'fast-check';
import { collectPart } from '../../lambdas/collect-part.ts';
import { collect, settle, texts } from '../support/assembling.ts';
import { begin } from '../support/factories.ts';
import { dyingAt, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import { partEvent, partEvents } from '../support/parts.ts';
import { scheduled } from '../support/scheduled-ports.ts';

describe('however the process dies', () => {
  const parts = () => [
    partEvent({ part: 2, total: 2 }),
    partEvent({ part: 1, total: 2, seconds: 2 }),
    partEvent({ part: 1, total: 2, seconds: 900, text: 'incomplete' }),
  ];

  test.each(['before', 'after'] as const)(
    '%s any call, each message is published, always under one id',
    async (when) => {
      let crashes = 0;
      for (let call = 1; call <= 40; call += 1) {
        const ports = testPorts(memoryTable());
        const dying = dyingAt(ports, { call, when });
        const given = parts();
        const died = await collect(dying, ...given).then(
          () => false,
          () => true,
        );
        if (died) crashes += 1;
        // The queue hands out again what was not done with, in any order; the claim of the dead has lapsed by then.
        ports.advance(360_000);
        if (died) await collect(ports, ...given.toReversed());
        ports.advance(86_400_000);
        await settle(ports);
        const byId = new Map(ports.received.map(({ id, data }) => [id, data.text]));
        expect([...byId.values()].sort()).toEqual(['incomplete', 'part 1 part 2 ']);
      }
      expect(crashes).toBeGreaterThan(8);
    },
  );

  test('while what fell due is settled, the next run publishes the same under the same id', async () => {
    for (let call = 1; call <= 12; call += 1) {
      const ports = testPorts(memoryTable());
      await collect(ports, { part: 1 }, { part: 3 });
      ports.advance(600_000);
      await settle(dyingAt(ports, { call, when: 'after' })).catch(() => undefined);
      // A part that comes just then belongs to nothing that is decided.
      await collect(ports, { part: 2, seconds: 605 });
      ports.advance(60_000);
      await settle(ports);
      ports.advance(600_000);
      await settle(ports);
      const ids = new Map(ports.received.map(({ id, data }) => [id, data.text]));
      const all = [...ids.values()].join('');
      expect([...ids.values()].sort()).toEqual(
        all.includes('part 1 part 2 part 3 ') ? ['part 1 part 2 part 3 '] : ['part 1 part 3 ', 'part 2 '],
      );
    }
  });
});

test('parts that come at once, and twice, in whatever order the calls are made, make a message and its possible duplicate', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 4 }), async (scheduler, total) => {
      const memory = memoryTable();
      const ports = testPorts(memory);
      const parts = partEvents(total);
      const again = partEvents(total, { seconds: 20 });
      const work = [...parts, ...again, ...parts].map((part) => collectPart(scheduled(ports, scheduler), part));
      await scheduler.waitFor(Promise.all(work));
      ports.advance(86_400_000);
      await settle(ports);
      const whole = Array.from({ length: total }, (_, index) => `part ${index + 1} `).join('');
      expect(texts(ports)).toEqual([whole, whole]);
      expect(ports.received.map(({ data }) => data.possibleDuplicate)).toEqual([false, true]);
      expect((await memory.all()).filter(({ dueAt }) => dueAt !== undefined)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('whatever parts come, when, and how often, every content is in a message, and none that came whole is torn', async () => {
  const anyPart = fc.record({
    part: fc.integer({ min: 1, max: 3 }),
    text: fc.constantFrom('a', 'b', 'c'),
    seconds: fc.integer({ min: 0, max: 4_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyPart, { maxLength: 12 }), async (given) => {
      const ports = testPorts(memoryTable());
      let last = 0;
      for (const part of given.toSorted((a, b) => a.seconds - b.seconds)) {
        ports.advance((part.seconds - last) * 1_000);
        last = part.seconds;
        await settle(ports);
        await collect(ports, { ...part, text: `${part.text}${part.part}` });
      }
      ports.advance(86_400_000);
      await settle(ports);
      const contents = (of: readonly string[]) => new Set(of.join('').match(/../g));
      expect(contents(texts(ports))).toEqual(contents(given.map(({ text, part }) => `${text}${part}`)));
      expect(new Set(ports.received.map(({ id }) => id)).size).toBe(ports.received.length);
      expect(ports.now()).toBeGreaterThan(begin);
    }),
    { numRuns: 300 },
  );
});
