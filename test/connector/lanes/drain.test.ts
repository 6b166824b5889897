import fc from 'fast-check';
import { down, type SqsCall, throttled } from '../../support/fake-sqs.ts';
import type { Answer } from '../../support/memory-smsc.ts';
import { Rig } from './rig.ts';

/** SIGTERM in whatever state: every message is accounted for by name, and soon. */

const throttledStatus = 0x58;
const systemError = 0x08;
const minute = 60_000;
const long = `long ${'x'.repeat(300)}`;

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => expect(rig.faults).toEqual([]));

const isEventsSend = ({ action, queue }: SqsCall) => action === 'SendMessage' && queue === 'events';
const names = () => rig.messages.map(({ name }) => name);
const visibleNames = () =>
  rig.messages
    .filter(({ sms: { id } }) => rig.lanes.normal.visible.some((body) => body.includes(id)))
    .map(({ name }) => name);

/** Stops `a` and says how long that took. */
async function stopping(connector: { stop(): Promise<void> }): Promise<number> {
  const before = rig.clock.monotonic();
  await connector.stop();
  return rig.clock.monotonic() - before;
}

describe('a drain', () => {
  test('gives back at once what has no place in the window, and waits for what is written', async () => {
    for (let n = 0; n < 15; n += 1) rig.enqueue(`m${n}.`);
    rig.smsc.answer = () => 'hold';
    const a = await rig.start('a', { window: 3 });
    await rig.until('full window', () => rig.smsc.held === 3);
    await rig.clock.advance(6_000);
    const stopped = a.stop();
    await rig.clock.advance(100);
    expect(visibleNames()).toEqual(names().slice(3));
    rig.smsc.release();
    await stopped;
    expect(visibleNames()).toEqual(names().slice(3));
    expect(Object.values(rig.account()).slice(0, 3)).toEqual([['submitted'], ['submitted'], ['submitted']]);
    expect(rig.arrived()).toHaveLength(3);
  });

  test('gives back what stays unanswered, after 15 s', async () => {
    rig.enqueue('a');
    rig.smsc.answer = () => 'silence';
    const a = await rig.start();
    await rig.until('submit_sm', () => rig.arrived().length === 1);
    const tookMs = await stopping(a);
    expect(tookMs).toBeGreaterThanOrEqual(15_000);
    expect(tookMs).toBeLessThan(24_000);
    expect(visibleNames()).toEqual(['a']);
  });

  test.each([
    ['throttled', throttledStatus],
    ['refused for now', systemError],
  ])('gives back at once what was %s and waits for its next attempt', async (_, status) => {
    for (const name of ['a', 'b', 'c']) rig.enqueue(name);
    rig.smsc.answer = () => status;
    const a = await rig.start();
    await rig.until('refusals', () => rig.arrived().length >= 3);
    await rig.clock.advance(10_000);
    expect(await stopping(a)).toBeLessThan(6_000);
    expect(visibleNames()).toEqual(['a', 'b', 'c']);
  });

  test('waits for the long poll under way and gives back what it brings', async () => {
    const a = await rig.start();
    await rig.clock.advance(7_000);
    const stopped = a.stop();
    await rig.clock.advance(500);
    rig.enqueue('late');
    await stopped;
    await rig.clock.advance(1_000);
    expect(rig.arrived()).toEqual([]);
    expect(visibleNames()).toEqual(['late']);
  });

  test('of a message with an accepted part finishes it, or gives it back whole', async () => {
    rig.enqueue('long', { text: long });
    rig.smsc.answer = ({ text }) => (text.startsWith('long') ? 0 : throttledStatus);
    const a = await rig.start();
    await rig.until('refusal', () => rig.arrived().length > 1);
    await stopping(a);
    expect(rig.account()).toEqual({ long: ['submitted 1/2', 'in its lane'] });
    expect(visibleNames()).toEqual(['long']);
    rig.smsc.answer = () => 0;
    await rig.start('b');
    await rig.untilSettled();
    expect(rig.account().long).toContain('submitted 2/2, flagged');
  });

  test('without an events queue deletes nothing, and gives back what was sent: it is flagged when it goes out again', async () => {
    for (const name of ['a', 'b']) rig.enqueue(name);
    rig.sqs.fault = (call) => (isEventsSend(call) ? down() : undefined);
    const a = await rig.start('a');
    await rig.until('submit_sm', () => rig.arrived().length === 2);
    expect(await stopping(a)).toBeLessThan(24_000);
    expect(visibleNames()).toEqual(['a', 'b']);
    rig.sqs.fault = () => undefined;
    await rig.start('b');
    await rig.untilSettled();
    expect(rig.account()).toEqual({ a: ['submitted, flagged'], b: ['submitted, flagged'] });
  });

  test('whose deletes fail leaves what is settled to its visibility, and says so', async () => {
    rig.enqueue('a');
    rig.sqs.fault = ({ action }) => (action === 'DeleteMessageBatch' ? throttled() : undefined);
    const a = await rig.start('a');
    await rig.until('submitted', () => rig.journal.includes('submitted a'));
    expect(await stopping(a)).toBeLessThan(24_000);
    expect(rig.account()).toEqual({ a: ['submitted', 'in its lane'] });
    expect(visibleNames()).toEqual([]);
    expect(rig.log.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        messageId: rig.messages[0]?.sms.id,
        message: expect.stringContaining('could not be deleted'),
      }),
    );
  });

  test('that cannot give back leaves all to SQS, which gives it to the next one later', async () => {
    for (const name of ['a', 'b']) rig.enqueue(name);
    rig.smsc.answer = () => throttledStatus;
    const a = await rig.start('a');
    await rig.until('refusal', () => rig.arrived().length >= 2);
    rig.sqs.fault = ({ action }) => (action === 'ChangeMessageVisibilityBatch' ? throttled() : undefined);
    await stopping(a);
    expect(rig.lanes.normal.bodies).toHaveLength(2);
    rig.sqs.fault = () => undefined;
    rig.smsc.answer = () => 0;
    await rig.start('b');
    await rig.untilSettled(5 * minute);
    expect(rig.arrived('accepted').toSorted()).toEqual(['a', 'b']);
  });

  test('that cannot give back one of a recipient keeps the order: SQS holds the later ones back until it comes', async () => {
    for (const name of ['first', 'second', 'third']) rig.enqueue(name, { to: '+447700900001' });
    rig.smsc.answer = () => throttledStatus;
    const a = await rig.start('a');
    await rig.until('refusal', () => rig.arrived().length >= 1);
    let isRefused = false;
    rig.sqs.fault = ({ action }) => {
      if (action !== 'ChangeMessageVisibilityBatch' || isRefused) return undefined;
      isRefused = true;
      return { refused: [0] };
    };
    await stopping(a);
    expect(visibleNames()).toEqual([]);
    rig.smsc.answer = () => 0;
    await rig.start('b');
    await rig.untilSettled(5 * minute);
    expect(rig.arrived('accepted')).toEqual(['first', 'second', 'third']);
  });

  test('ends in time though no call to AWS is answered any more', async () => {
    for (const name of ['a', 'b']) rig.enqueue(name);
    const a = await rig.start('a');
    await rig.until('submit_sm', () => rig.arrived().length === 2);
    rig.sqs.fault = () => 'hangs';
    expect(await stopping(a)).toBeLessThan(24_000);
  });

  test('in the middle of an at-most-once claim writes nothing more of it and says where it is', async () => {
    rig.enqueue('a', { guarantee: 'at-most-once' });
    rig.sqs.fault = ({ action }) => (action === 'DeleteMessageBatch' ? down() : undefined);
    const a = await rig.start('a');
    await rig.until('sending', () => rig.journal.includes('sending a'));
    await stopping(a);
    expect(rig.arrived()).toEqual([]);
    expect(rig.account()).toEqual({ a: ['sending', 'in its lane'] });
    rig.sqs.fault = () => undefined;
    await rig.start('b');
    await rig.untilSettled(5 * minute);
    await rig.clock.advance(1_000);
    expect(rig.arrived()).toEqual(['a']);
  });

  test('of an unanswered at-most-once message does not enqueue it anew', async () => {
    rig.enqueue('a', { guarantee: 'at-most-once' });
    rig.smsc.answer = () => 'silence';
    const a = await rig.start('a');
    await rig.until('submit_sm', () => rig.arrived().length === 1);
    await stopping(a);
    expect(rig.account()).toEqual({ a: ['sending'] });
  });

  test('of an at-most-once message with an accepted part does not begin it anew', async () => {
    rig.enqueue('long', { text: long, guarantee: 'at-most-once' });
    rig.smsc.answer = ({ text }) => (text.startsWith('long') ? 0 : throttledStatus);
    const a = await rig.start('a');
    await rig.until('refusal', () => rig.arrived().length > 1);
    await stopping(a);
    expect(rig.account()).toEqual({ long: ['sending', 'submitted 1/2'] });
  });

  test('while there is no session gives everything back', async () => {
    for (const name of ['a', 'b', 'c']) rig.enqueue(name);
    rig.smsc.answer = () => 'hold';
    const a = await rig.start('a', { window: 1 });
    await rig.until('submit_sm', () => rig.smsc.held === 1);
    rig.smsc.goDown();
    await rig.clock.advance(minute);
    await stopping(a);
    expect(visibleNames()).toEqual(['a', 'b', 'c']);
  });

  test('asked for twice is one', async () => {
    rig.enqueue('a');
    const a = await rig.start('a');
    await Promise.all([a.stop(), a.stop()]);
    await a.stop();
  });

  test('before the first bind ends too', async () => {
    rig.smsc.isDown = true;
    rig.enqueue('a');
    const a = await rig.start('a');
    await rig.clock.advance(3_000);
    await stopping(a);
    expect(visibleNames()).toEqual(['a']);
  });
});

const anyAnswer = fc.constantFrom<Answer>(0, 0, 0, 0x58, 0x14, 0x08, 0x0b, 'silence', 'drop');
const anyMessage = fc.record({
  to: fc.constantFrom('+447700900001', '+447700900002', '+447700900003'),
  guarantee: fc.constantFrom('at-least-once' as const, 'at-most-once' as const),
  parts: fc.constantFrom(1, 1, 2),
});

test('whenever a connector stops, each message is settled or in its lane, or told as sending; the next connector ends the rest', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyMessage, { minLength: 1, maxLength: 12 }),
      fc.array(anyAnswer, { maxLength: 20 }),
      fc.integer({ min: 0, max: 60_000 }),
      async (messages, answers, stopsAfterMs) => {
        rig = new Rig();
        for (const [n, { to, guarantee, parts }] of messages.entries()) {
          const text = `text ${`m${n}.`.repeat(parts === 2 ? 60 : 1)}`;
          rig.enqueue(`m${n}.`, { to: `${to}${n % 3}`, guarantee, text });
        }
        let asked = 0;
        rig.smsc.answer = () => {
          asked += 1;
          return answers[asked - 1] ?? 0;
        };
        const a = await rig.start('a', { window: 3 });
        await rig.clock.advance(stopsAfterMs);
        expect(await stopping(a)).toBeLessThan(24_000);
        for (const [n, facts] of Object.values(rig.account()).entries()) {
          const isAtMostOnce = messages[n]?.guarantee === 'at-most-once';
          const isWhereItShould =
            facts.includes('in its lane') || isOver(facts) || (isAtMostOnce && facts.includes('sending'));
          expect({ n, facts, isWhereItShould }).toEqual({ n, facts, isWhereItShould: true });
        }
        rig.smsc.answer = () => 0;
        await rig.start('b');
        await rig.untilSettled(30 * minute);
        await rig.clock.advance(minute);
        for (const [n, facts] of Object.values(rig.account()).entries()) {
          if (messages[n]?.guarantee === 'at-least-once')
            expect({ n, facts, over: isOver(facts) }).toEqual({ n, facts, over: true });
        }
        expect(rig.faults).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

/** Whether there is an end of it: each segment submitted, or one event that ends it. */
function isOver(facts: readonly string[]): boolean {
  if (facts.some((fact) => /^(submitted(,|$)|rejected|expired)/.test(fact))) return true;
  return ['1/2', '2/2'].every((part) => facts.some((fact) => fact.startsWith(`submitted ${part}`)));
}
