import fc from 'fast-check';
import type { PartEvent } from '#contract/connector-events.ts';
import { collectPart } from '../../lambdas/collect-part.ts';
import { collect, settle, texts } from '../support/assembling.ts';
import { begin } from '../support/factories.ts';
import { dyingAt, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import { partEvent } from '../support/parts.ts';
import { scheduled } from '../support/scheduled-ports.ts';

/** The same conversations each time. */
const seed = 20_261_123;
/** Two characters each, so that a text says of which contents it is. */
const firsts = fc.constantFrom('a1', 'b1');
const lasts = fc.constantFrom('a9', 'b9', 'c9');

const moveTo = async (ports: TestPorts, seconds: number): Promise<void> => {
  ports.advance(begin + seconds * 1_000 - ports.now());
  await settle(ports);
};

/** What a subscriber keeps who knows an event by its id. */
const onceEach = ({ received }: TestPorts) => [...new Map(received.map((event) => [event.id, event])).values()];

const crash = fc.option(fc.record({ call: fc.integer({ min: 1, max: 8 }), when: fc.constantFrom('before', 'after') }));

/** The queue hands out again what a dead process was given, once its claim has lapsed. */
async function survive(ports: TestPorts, event: PartEvent, point: { call: number; when: string } | null) {
  if (point === null) return collect(ports, event);
  const when = point.when === 'before' ? 'before' : 'after';
  const died = await collectPart(dyingAt(ports, { call: point.call, when }), event).then(
    () => false,
    () => true,
  );
  if (!died) return;
  ports.advance(61_000);
  await collect(ports, event);
}

test('whatever is said with one reference, one message after another, every message is published once, whole and in order', async () => {
  const message = fc.record({
    first: firsts,
    last: lasts,
    gap: fc.integer({ min: 70, max: 700 }),
    crash,
    crashedPart: fc.integer({ min: 0, max: 2 }),
    repeats: fc.integer({ min: 0, max: 2 }),
    redelivered: fc.array(fc.nat(), { maxLength: 3 }),
  });
  const conversation = fc.record({
    total: fc.constantFrom(2, 3),
    repeated: fc.constantFrom<'first' | 'last'>('first', 'last'),
    messages: fc.array(message, { minLength: 1, maxLength: 7 }),
  });
  await fc.assert(
    fc.asyncProperty(conversation, async ({ total, repeated, messages }) => {
      const ports = testPorts(memoryTable());
      const sent: PartEvent[] = [];
      let seconds = 0;
      const expected: string[] = [];
      for (const { first, last, gap, crash: point, crashedPart, repeats, redelivered } of messages) {
        seconds += gap + 200;
        const words = [first, 'm2', last].filter((_, index) => total === 3 || index !== 1);
        for (const [index, text] of words.entries()) {
          await moveTo(ports, seconds + index * 70);
          const event = partEvent({ part: index + 1, total, text, seconds: seconds + index * 70 });
          await survive(ports, event, index === crashedPart ? point : null);
          sent.push(event);
        }
        seconds += total * 70 + 70;
        expected.push(words.join(''));
        expect(onceEach(ports).map(({ data }) => data.text)).toEqual(expected);
        await moveTo(ports, seconds);
        const again = { first: { part: 1, text: first }, last: { part: total, text: last } }[repeated];
        await collect(ports, ...Array.from({ length: repeats }, () => partEvent({ ...again, total, seconds })));
        await collect(ports, ...redelivered.flatMap((index) => sent[index % sent.length] ?? []));
      }
      await moveTo(ports, seconds + 86_400);
      expect(onceEach(ports).map(({ data }) => data.text)).toEqual(expected);
      expect(onceEach(ports).flatMap(({ data }) => data.parts?.missing)).toEqual([]);
      // A copy says so, and nothing else does.
      const copies = expected.map((text, index) => index > 0 && isSaid(text, expected.slice(0, index)));
      expect(onceEach(ports).map(({ data }) => data.possibleDuplicate)).toEqual(copies);
    }),
    { seed, numRuns: 300 },
  );
});

const contentsOf = (text: string): string[] => text.match(/../g) ?? [];

function isSaid(text: string, before: readonly string[]): boolean {
  const said = new Set(before.flatMap(contentsOf));
  return contentsOf(text).every((content) => said.has(content));
}

test('whatever comes at once, in any order, repeated, handed out twice or to a process that dies, no content is lost or made up', async () => {
  const part = fc.record({
    part: fc.integer({ min: 1, max: 3 }),
    text: fc.constantFrom('a', 'b', 'c'),
    crash,
    isRedelivered: fc.boolean(),
  });
  const burst = fc.record({
    parts: fc.array(part, { minLength: 1, maxLength: 5 }),
    gap: fc.integer({ min: 1, max: 900 }),
  });
  const bursts = fc.array(burst, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), bursts, async (scheduler, conversation) => {
      const memory = memoryTable();
      const ports = testPorts(memory);
      const sent: string[] = [];
      let seconds = 0;
      for (const { parts, gap } of conversation) {
        seconds += gap;
        ports.advance(gap * 1_000);
        await settle(ports);
        const works = parts.flatMap(({ part: number, text, crash: point, isRedelivered }) => {
          sent.push(`${text}${number}`);
          const event = partEvent({ part: number, text: `${text}${number}`, seconds });
          const slow = scheduled(ports, scheduler);
          const work = survive(slow, event, point);
          return isRedelivered ? [work, collect(slow, event)] : [work];
        });
        await scheduler.waitFor(Promise.all(works));
      }
      for (let hour = 0; hour < 3; hour += 1) {
        ports.advance(3_600_000);
        await settle(ports);
      }
      const said = onceEach(ports).flatMap(({ data }) => contentsOf(data.text));
      expect(new Set(said)).toEqual(new Set(sent));
      const count = (all: readonly string[], content: string) => all.filter((one) => one === content).length;
      for (const content of new Set(sent)) expect(count(said, content)).toBeLessThanOrEqual(count(sent, content));
      // Who publishes again does so under the same id.
      expect(new Set(ports.received.map(({ id, data }) => `${id} ${data.text}`)).size).toBe(onceEach(ports).length);
      const all = onceEach(ports).map(({ data }) => data.text);
      const copies = all.map((text, index) => isSaid(text, all.slice(0, index)));
      expect(onceEach(ports).map(({ data }) => data.possibleDuplicate)).toEqual(copies);
      expect(texts(ports).length).toBeGreaterThan(0);
      expect((await memory.all()).filter(({ dueAt }) => dueAt !== undefined)).toEqual([]);
    }),
    { seed, numRuns: 300 },
  );
});
