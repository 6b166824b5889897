import type { ConnectorEvent } from '#contract/connector-events.ts';
import { SendSms, type SendSmsDeps } from '../../connector/send-sms.ts';
import type { RequestOutcome } from '../../connector/smpp/pending.ts';
import type { SubmitSm } from '../../connector/smpp/submit-sm.ts';
import { held, messageId, profile, recordedLog, sms } from '../support/connector-factories.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { accepted, answered } from '../support/submit-outcomes.ts';

const throttled = 0x58;
const invalidDestination = 0x0b;

/** A transceiver that answers each submit with the next outcome of the script. */
function harness(script: (RequestOutcome | Error)[], given: Partial<SendSmsDeps> = {}) {
  const clock = new FakeClock();
  const events: ConnectorEvent[] = [];
  const submitted: SubmitSm[] = [];
  const slots = { held: 0 };
  const log = recordedLog();
  const deps: SendSmsDeps = {
    carrier: profile(),
    transceiver: {
      acquire: async (_priority, stop) => {
        if (stop.aborted) return undefined;
        slots.held += 1;
        return {
          submit: async (pdu) => {
            submitted.push(pdu);
            const next = script.shift();
            if (next === undefined) throw new Error('the script has no further outcome');
            if (next instanceof Error) throw next;
            return next;
          },
          release: () => {
            slots.held -= 1;
          },
        };
      },
    },
    record: async (event) => {
      events.push(event);
    },
    deleteMessage: (message) => message.delete(),
    onAccepted: () => {},
    clock,
    random: () => 1,
    log,
    ...given,
  };
  return { clock, events, submitted, slots, log, deps };
}

const never = new AbortController().signal;

describe('a message', () => {
  test('that the SMSC accepts is finished with one submitted event', async () => {
    const { deps, events, slots } = harness([accepted('abc')]);
    await expect(new SendSms(sms(), held(''), deps).run(never)).resolves.toEqual({ kind: 'finished' });
    expect(events).toEqual([
      expect.objectContaining({
        type: 'submitted',
        id: `${messageId}:1:submitted:abc`,
        messageId,
        clientId: 'client-1',
        carrier: 'acme',
        segment: 1,
        segments: 1,
        smscMessageId: 'abc',
        possibleDuplicate: false,
      }),
    ]);
    expect(slots.held).toBe(0);
  });

  test('that is refused for good is finished with a rejected event and no further segment', async () => {
    const { deps, events, submitted } = harness([accepted('1'), answered(invalidDestination)]);
    await expect(new SendSms(sms({ text: 'x'.repeat(400) }), held(''), deps).run(never)).resolves.toEqual({
      kind: 'finished',
    });
    expect(submitted).toHaveLength(2);
    expect(events.map(({ type }) => type)).toEqual(['submitted', 'rejected']);
    expect(events[1]).toMatchObject({ segment: 2, segments: 3, commandStatus: invalidDestination });
  });

  test('that is throttled is tried again after a pause (demand 5)', async () => {
    const { deps, clock, events, submitted } = harness([answered(throttled), answered(throttled), accepted('1')]);
    const run = new SendSms(sms(), held(''), deps).run(never);
    await clock.advance(499);
    expect(submitted).toHaveLength(1);
    await clock.advance(1);
    expect(submitted).toHaveLength(2);
    await clock.advance(1_000);
    await expect(run).resolves.toEqual({ kind: 'finished' });
    expect(events.map(({ type }) => type)).toEqual(['submitted']);
  });

  test('whose answer never came is sent again and flagged (demand 8)', async () => {
    const { deps, clock, events } = harness([{ kind: 'unanswered', why: 'session-ended' }, accepted('1')]);
    const run = new SendSms(sms(), held(''), deps).run(never);
    await clock.advance(500);
    await run;
    expect(events).toEqual([expect.objectContaining({ type: 'submitted', possibleDuplicate: true })]);
  });

  test('that was not written is sent again and not flagged', async () => {
    const { deps, clock, events } = harness([{ kind: 'not-written' }, accepted('1')]);
    const run = new SendSms(sms(), held(''), deps).run(never);
    await clock.advance(500);
    await run;
    expect(events).toEqual([expect.objectContaining({ type: 'submitted', possibleDuplicate: false })]);
  });

  test('that SQS delivered before is flagged', async () => {
    const { deps, events } = harness([accepted('1')]);
    await new SendSms(sms(), held('', { receiveCount: 2 }), deps).run(never);
    expect(events).toEqual([expect.objectContaining({ possibleDuplicate: true })]);
  });

  test('at most once is not sent again when its answer never came', async () => {
    const { deps, events, submitted } = harness([{ kind: 'unanswered', why: 'timeout' }]);
    const message = sms({ guarantee: 'at-most-once' });
    await expect(new SendSms(message, held(''), deps).run(never)).resolves.toEqual({ kind: 'unknown' });
    expect(submitted).toHaveLength(1);
    expect(events.map(({ type }) => type)).toEqual(['sending']);
  });

  test('at most once is announced and deleted only when it has a slot, and before its first octet', async () => {
    const { deps, events, submitted } = harness([accepted('1')]);
    const gate = Promise.withResolvers<void>();
    const { acquire } = deps.transceiver;
    const transceiver: SendSmsDeps['transceiver'] = {
      acquire: async (...about) => {
        await gate.promise;
        return await acquire(...about);
      },
    };
    const message = held('', { delete: async () => expect(submitted).toEqual([]) });
    const sending = new SendSms(sms({ guarantee: 'at-most-once' }), message, { ...deps, transceiver });
    const run = sending.run(never);
    await Promise.resolve();
    expect(events).toEqual([]);
    expect(sending.claimed).toBe(false);
    gate.resolve();
    await expect(run).resolves.toEqual({ kind: 'finished' });
    expect(sending.claimed).toBe(true);
    expect(events.map(({ type }) => type)).toEqual(['sending', 'submitted']);
  });

  test.each([
    [1, 60_000],
    [2, 120_000],
    [4, 480_000],
    [9, 900_000],
  ])(
    'that the SMSC cannot take now is back in the queue after a minute, on receive %i for %i ms',
    async (receiveCount, delayMs) => {
      const { deps, clock } = harness(Array.from({ length: 7 }, () => answered(0x08)));
      const startedAt = clock.now();
      const run = new SendSms(sms(), held('', { receiveCount }), deps).run(never);
      await clock.advance(63_000);
      await expect(run).resolves.toEqual({ kind: 'deferred', delayMs });
      expect(clock.now() - startedAt).toBeLessThanOrEqual(63_000);
    },
  );

  test('that the carrier throttles is held however long it takes, and so is one with an accepted segment', async () => {
    const script = [...Array.from({ length: 20 }, () => answered(throttled)), accepted('1')];
    const { deps, clock } = harness(script);
    const run = new SendSms(sms(), held(''), deps).run(never);
    await clock.advance(20 * 30_000);
    await expect(run).resolves.toEqual({ kind: 'finished' });

    const long = [accepted('1'), ...Array.from({ length: 20 }, () => answered(0x08)), accepted('2')];
    const second = harness(long);
    const longRun = new SendSms(sms({ text: 'x'.repeat(200) }), held(''), second.deps).run(never);
    await second.clock.advance(20 * 30_000);
    await expect(longRun).resolves.toEqual({ kind: 'finished' });
  });

  test('whose validity has ended is not submitted but expired', async () => {
    const { deps, clock, events, submitted } = harness([]);
    await clock.advance(25 * 3_600_000);
    await expect(new SendSms(sms(), held(''), deps).run(never)).resolves.toEqual({ kind: 'finished' });
    expect(submitted).toEqual([]);
    expect(events).toEqual([expect.objectContaining({ type: 'expired', id: `${messageId}:expired` })]);
  });

  test('whose validity ends after a submit that was never answered is not said to be unsent', async () => {
    const { deps, clock, events } = harness([{ kind: 'unanswered', why: 'timeout' }]);
    const run = new SendSms(sms({ validUntil: '2026-01-01T00:00:00.400Z' }), held(''), deps).run(never);
    await clock.advance(500);
    await expect(run).resolves.toEqual({ kind: 'finished' });
    expect(events).toEqual([
      expect.objectContaining({
        type: 'expired',
        id: `${messageId}:expired:possibly-submitted`,
        possiblySubmitted: true,
      }),
    ]);
  });

  test('that cannot be written as a PDU is unsendable, and its slot is free again', async () => {
    const { InvalidPduError } = await import('../../connector/smpp/errors.ts');
    const { deps, events, slots } = harness([new InvalidPduError('sourceAddr', 'at most 64 octets', '70')]);
    await expect(new SendSms(sms(), held(''), deps).run(never)).resolves.toEqual({ kind: 'finished' });
    expect(events).toEqual([expect.objectContaining({ type: 'unsendable', id: `${messageId}:unsendable` })]);
    expect(slots.held).toBe(0);
  });

  test('with too little visibility left waits for the heartbeat before it is written', async () => {
    const { deps, clock, submitted } = harness([accepted('1')]);
    let remainingMs = 10_000;
    const run = new SendSms(sms(), held('', { remainingMs: () => remainingMs }), deps).run(never);
    await clock.advance(499);
    remainingMs = 120_000;
    expect(submitted).toEqual([]);
    await clock.advance(1);
    await expect(run).resolves.toEqual({ kind: 'finished' });
  });

  test('whose visibility has ended is left to whoever received it', async () => {
    const { deps, submitted } = harness([]);
    await expect(new SendSms(sms(), held('', { remainingMs: () => 0 }), deps).run(never)).resolves.toEqual({
      kind: 'lost',
    });
    expect(submitted).toEqual([]);
  });

  test('that waits to be tried again is stopped by a drain', async () => {
    const drain = new AbortController();
    const { deps, clock } = harness([answered(throttled)]);
    const run = new SendSms(sms(), held(''), deps).run(drain.signal);
    await clock.advance(100);
    drain.abort();
    await expect(run).resolves.toEqual({ kind: 'stopped' });
  });

  test('is not finished while its event is not durable', async () => {
    const { deps } = harness([accepted('1')], { record: async () => Promise.reject(new Error('SQS is away')) });
    await expect(new SendSms(sms(), held(''), deps).run(never)).rejects.toThrow('SQS is away');
  });

  test('is logged without its text and numbers', async () => {
    const { deps, clock, log } = harness([answered(throttled), accepted('1')]);
    const run = new SendSms(sms({ text: 'top secret' }), held(''), deps).run(never);
    await clock.advance(500);
    await run;
    expect(log.lines).toHaveLength(1);
    expect(JSON.stringify(log.lines)).not.toMatch(/top secret|7700900123/);
  });
});
