import type { CarrierProfileInput } from '#contract/carrier.ts';
import type { ConnectorEvent } from '#contract/connector-events.ts';
import { Meters } from '../../connector/meters.ts';
import { OutcomeTable } from '../../connector/outcome.ts';
import { Permits } from '../../connector/permits.ts';
import { SendSms, type SendSmsDeps } from '../../connector/send-sms.ts';
import type { RequestOutcome } from '../../connector/smpp/pending.ts';
import type { SubmitSm } from '../../connector/smpp/submit-sm.ts';
import { tagNames } from '../../connector/smpp/tlvs-by-name.ts';
import { held, messageId, profile, recordedLog, sms } from '../support/connector-factories.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { accepted, answered } from '../support/submit-outcomes.ts';

type Given = Partial<SendSmsDeps> & { readonly profile?: Partial<CarrierProfileInput> };

const throttled = 0x58;
const invalidDestination = 0x0b;

/** Of the carrier, after throttling. */
const pauseMs = 1_000;

/** A transceiver that answers each submit with the next outcome of the script. */
function harness(script: (RequestOutcome | Error)[], { profile: given, ...others }: Given = {}) {
  const carrier = profile(given);
  let pausedUntil = 0;
  const clock = new FakeClock();
  const events: ConnectorEvent[] = [];
  const submitted: SubmitSm[] = [];
  const slots = { held: 0, told: [] as string[] };
  const meters = new Meters(() => 0);
  const log = recordedLog();
  const deps: SendSmsDeps = {
    carrier,
    outcomes: new OutcomeTable(carrier),
    nameOfTag: tagNames(carrier.tlvs),
    claims: { urgent: new Permits(() => 10), normal: new Permits(() => 10) },
    transceiver: {
      untilNear: async (stop) => !stop.aborted,
      acquire: async (_priority, stop) => {
        const pausedMs = pausedUntil - clock.monotonic();
        if (pausedMs > 0) await clock.sleep(pausedMs, stop);
        if (stop.aborted) return undefined;
        slots.held += 1;
        return {
          turn: async (signal) => !signal.aborted,
          submit: async (pdu) => {
            submitted.push(pdu);
            const next = script.shift();
            if (next === undefined) throw new Error('the script has no further outcome');
            if (next instanceof Error) throw next;
            return next;
          },
          accepted: () => slots.told.push('accepted'),
          throttled: () => {
            slots.told.push('throttled');
            pausedUntil = clock.monotonic() + pauseMs;
            return 'carrier';
          },
          refused: () => {
            slots.told.push('refused');
            return 'carrier';
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
    meters,
    ...others,
  };
  return { clock, events, submitted, slots, log, deps, meters };
}

describe('a message', () => {
  test('that the SMSC accepts is finished with one submitted event', async () => {
    const { deps, events, slots } = harness([accepted('abc')]);
    await expect(new SendSms(sms(), held(''), deps).run()).resolves.toEqual({ kind: 'finished' });
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
    await expect(new SendSms(sms({ text: 'x'.repeat(400) }), held(''), deps).run()).resolves.toEqual({
      kind: 'finished',
    });
    expect(submitted).toHaveLength(2);
    expect(events.map(({ type }) => type)).toEqual(['submitted', 'rejected']);
    expect(events[1]).toMatchObject({ segment: 2, segments: 3, commandStatus: invalidDestination });
  });

  test('whose last part goes first is told by the numbers in the order of the text', async () => {
    const { deps, events } = harness([accepted('3'), accepted('2'), accepted('1')], {
      profile: { text: { partOrder: 'reverse' }, receipts: { parts: 'last' } },
    });
    await new SendSms(sms({ text: 'x'.repeat(400) }), held(''), deps).run();
    expect(events).toMatchObject([
      { segment: 3, segments: 3, smscMessageId: '3', receiptExpected: true },
      { segment: 2, segments: 3, smscMessageId: '2', receiptExpected: false },
      { segment: 1, segments: 3, smscMessageId: '1', receiptExpected: false },
    ]);
  });

  test.each([
    ['a character that the carrier lacks', { text: 'жук' }, /U\+0436/],
    ['a sender that cannot be written', { from: 'Zürich' }, /^address of the sender must be/],
    ['more segments than there can be', { text: 'x'.repeat(40_000) }, /takes 262/],
  ])('with %s is told to be unsendable, and not written', async (_, message, reason) => {
    const { deps, events, submitted } = harness([], {
      profile: { text: { encodings: [{ alphabet: 'gsm7', dataCoding: 0 }] } },
    });
    await expect(new SendSms(sms(message), held(''), deps).run()).resolves.toEqual({ kind: 'finished' });
    expect(submitted).toEqual([]);
    expect(events).toMatchObject([{ type: 'unsendable', reason: expect.stringMatching(reason) }]);
  });

  test('that is throttled is tried again after the carrier’s pause, without a wait of its own (demand 5)', async () => {
    const { deps, clock, events, submitted, slots } = harness([
      answered(throttled),
      answered(throttled),
      accepted('1'),
    ]);
    const run = new SendSms(sms(), held(''), deps).run();
    await clock.advance(pauseMs - 1);
    expect(submitted).toHaveLength(1);
    await clock.advance(1);
    expect(submitted).toHaveLength(2);
    await clock.advance(pauseMs);
    await expect(run).resolves.toEqual({ kind: 'finished' });
    expect(events.map(({ type }) => type)).toEqual(['submitted']);
    expect(slots.told).toEqual(['throttled', 'throttled', 'accepted']);
  });

  test('whose answer never came is sent again and flagged (demand 8)', async () => {
    const { deps, clock, events } = harness([{ kind: 'unanswered', why: 'session-ended' }, accepted('1')]);
    const run = new SendSms(sms(), held(''), deps).run();
    await clock.advance(500);
    await run;
    expect(events).toEqual([expect.objectContaining({ type: 'submitted', possibleDuplicate: true })]);
  });

  test('that was not written is sent again and not flagged', async () => {
    const { deps, clock, events } = harness([{ kind: 'not-written' }, accepted('1')]);
    const run = new SendSms(sms(), held(''), deps).run();
    await clock.advance(500);
    await run;
    expect(events).toEqual([expect.objectContaining({ type: 'submitted', possibleDuplicate: false })]);
  });

  test('that SQS delivered before is flagged', async () => {
    const { deps, events } = harness([accepted('1')]);
    await new SendSms(sms(), held('', { receiveCount: 2 }), deps).run();
    expect(events).toEqual([expect.objectContaining({ possibleDuplicate: true })]);
  });

  test('at most once is no duplicate however often SQS delivered it: who sends it has deleted it before', async () => {
    const { deps, events } = harness([accepted('1')]);
    const message = sms({ guarantee: 'at-most-once' });
    await new SendSms(message, held('', { receiveCount: 2 }), deps).run();
    expect(events).toContainEqual(expect.objectContaining({ type: 'submitted', possibleDuplicate: false }));
  });

  test('at most once is not sent again when its answer never came', async () => {
    const { deps, events, submitted } = harness([{ kind: 'unanswered', why: 'timeout' }]);
    const message = sms({ guarantee: 'at-most-once' });
    await expect(new SendSms(message, held(''), deps).run()).resolves.toEqual({ kind: 'unknown' });
    expect(submitted).toHaveLength(1);
    expect(events.map(({ type }) => type)).toEqual(['sending']);
  });

  test('at most once is announced and deleted only when it has a slot, and before its first octet', async () => {
    const { deps, events, submitted } = harness([accepted('1')]);
    const gate = Promise.withResolvers<void>();
    const { acquire } = deps.transceiver;
    const transceiver: SendSmsDeps['transceiver'] = {
      ...deps.transceiver,
      acquire: async (...about) => {
        await gate.promise;
        return await acquire(...about);
      },
    };
    const message = held('', { delete: async () => expect(submitted).toEqual([]) });
    const sending = new SendSms(sms({ guarantee: 'at-most-once' }), message, { ...deps, transceiver });
    const run = sending.run();
    await Promise.resolve();
    expect(events).toEqual([]);
    expect(sending.claimed).toBe(false);
    gate.resolve();
    await expect(run).resolves.toEqual({ kind: 'finished' });
    expect(sending.claimed).toBe(true);
    expect(events.map(({ type }) => type)).toEqual(['sending', 'submitted']);
  });

  test.each([
    [1, 75_000],
    [2, 150_000],
    [4, 600_000],
    [9, 900_000],
  ])(
    'that the SMSC cannot take now is back in the queue after a minute, on receive %i for %i ms',
    async (receiveCount, delayMs) => {
      const { deps, clock } = harness(Array.from({ length: 7 }, () => answered(0x08)));
      const startedAt = clock.now();
      const run = new SendSms(sms(), held('', { receiveCount }), deps).run();
      await clock.advance(63_000);
      await expect(run).resolves.toEqual({ kind: 'deferred', delayMs });
      expect(clock.now() - startedAt).toBeLessThanOrEqual(63_000);
    },
  );

  test('that the carrier throttles is held however long it takes, and so is one with an accepted segment', async () => {
    const script = [...Array.from({ length: 20 }, () => answered(throttled)), accepted('1')];
    const { deps, clock } = harness(script);
    const run = new SendSms(sms(), held(''), deps).run();
    await clock.advance(20 * 30_000);
    await expect(run).resolves.toEqual({ kind: 'finished' });

    const long = [accepted('1'), ...Array.from({ length: 20 }, () => answered(0x08)), accepted('2')];
    const second = harness(long);
    const longRun = new SendSms(sms({ text: 'x'.repeat(200) }), held(''), second.deps).run();
    await second.clock.advance(20 * 30_000);
    await expect(longRun).resolves.toEqual({ kind: 'finished' });
  });

  test('whose validity has ended is not submitted but expired', async () => {
    const { deps, clock, events, submitted } = harness([]);
    await clock.advance(25 * 3_600_000);
    await expect(new SendSms(sms(), held(''), deps).run()).resolves.toEqual({ kind: 'finished' });
    expect(submitted).toEqual([]);
    expect(events).toEqual([expect.objectContaining({ type: 'expired', id: `${messageId}:expired` })]);
  });

  test('whose validity ends after a submit that was never answered is not said to be unsent', async () => {
    const { deps, clock, events } = harness([{ kind: 'unanswered', why: 'timeout' }]);
    const run = new SendSms(sms({ validUntil: '2026-01-01T00:00:00.400Z' }), held(''), deps).run();
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
    await expect(new SendSms(sms(), held(''), deps).run()).resolves.toEqual({ kind: 'finished' });
    expect(events).toEqual([expect.objectContaining({ type: 'unsendable', id: `${messageId}:unsendable` })]);
    expect(slots.held).toBe(0);
  });

  test('with too little visibility left waits for the heartbeat before it is written', async () => {
    const { deps, clock, submitted } = harness([accepted('1')]);
    let remainingMs = 10_000;
    const run = new SendSms(sms(), held('', { remainingMs: () => remainingMs }), deps).run();
    await clock.advance(499);
    remainingMs = 120_000;
    expect(submitted).toEqual([]);
    await clock.advance(1);
    await expect(run).resolves.toEqual({ kind: 'finished' });
  });

  test('whose visibility has ended is left to whoever received it', async () => {
    const { deps, submitted } = harness([]);
    await expect(new SendSms(sms(), held('', { remainingMs: () => 0 }), deps).run()).resolves.toEqual({
      kind: 'lost',
    });
    expect(submitted).toEqual([]);
  });

  test.each([throttled, 0x08])('that waits to be tried again, after 0x%x, is stopped by a drain', async (status) => {
    const { deps, clock, slots } = harness([answered(status)]);
    const sending = new SendSms(sms(), held(''), deps);
    const run = sending.run();
    await clock.advance(100);
    sending.drain();
    await expect(run).resolves.toEqual({ kind: 'stopped' });
    expect(slots.held).toBe(0);
  });

  test('of which a segment was accepted goes on while draining, until it has to stop', async () => {
    for (const [guarantee, fate] of [
      ['at-least-once', 'stopped'],
      ['at-most-once', 'unknown'],
    ] as const) {
      const { deps, clock, submitted } = harness([accepted('1'), answered(throttled), accepted('2'), answered(0x08)]);
      const sending = new SendSms(sms({ text: 'x'.repeat(400), guarantee }), held(''), deps);
      const run = sending.run();
      await clock.advance(100);
      sending.drain();
      await clock.advance(pauseMs);
      expect(submitted).toHaveLength(4);
      sending.stop();
      await expect(run).resolves.toEqual({ kind: fate });
    }
  });

  test('whose first segment is on its way when the drain begins goes on if it is accepted, and stops if not', async () => {
    for (const [outcome, fate, count] of [
      [accepted('1'), 'finished', 2],
      [answered(throttled), 'stopped', 1],
      [{ kind: 'unanswered', why: 'session-ended' }, 'stopped', 1],
    ] as const) {
      const answer = Promise.withResolvers<RequestOutcome>();
      const { deps, clock, submitted } = harness([]);
      const first = harness([accepted('2')]);
      const transceiver: SendSmsDeps['transceiver'] = {
        ...deps.transceiver,
        acquire: async (...about) => {
          const slot = await first.deps.transceiver.acquire(...about);
          return (
            slot && {
              ...slot,
              submit: (pdu) => (submitted.push(pdu) === 1 ? answer.promise : slot.submit(pdu)),
            }
          );
        },
      };
      const sending = new SendSms(sms({ text: 'x'.repeat(200) }), held(''), { ...deps, transceiver });
      const run = sending.run();
      await clock.advance(0);
      sending.drain();
      answer.resolve(outcome);
      await expect(run).resolves.toEqual({ kind: fate });
      expect(submitted).toHaveLength(count);
    }
  });

  test('keeps its place in the window from segment to segment, so that no other session begins in between (quirk 37)', async () => {
    const { deps, slots } = harness([accepted('1'), accepted('2'), accepted('3')]);
    let acquired = 0;
    const { acquire } = deps.transceiver;
    const transceiver: SendSmsDeps['transceiver'] = {
      ...deps.transceiver,
      acquire: (...about) => {
        acquired += 1;
        return acquire(...about);
      },
    };
    await new SendSms(sms({ text: 'x'.repeat(400) }), held(''), { ...deps, transceiver }).run();
    expect(acquired).toBe(1);
    expect(slots.held).toBe(0);
  });

  test('that waits for a place is told when its validity is over, by a look', async () => {
    const { deps, clock, events } = harness([]);
    const transceiver: SendSmsDeps['transceiver'] = {
      ...deps.transceiver,
      acquire: (_priority, stop) => new Promise((resolve) => stop.addEventListener('abort', () => resolve(undefined))),
    };
    const message = sms({ validUntil: '2026-01-01T00:10:00.000Z' });
    const sending = new SendSms(message, held(''), { ...deps, transceiver });
    const run = sending.run();
    await clock.advance(600_000 - 1);
    sending.look();
    await clock.advance(1);
    expect(events).toEqual([]);
    sending.look();
    await expect(run).resolves.toEqual({ kind: 'finished' });
    expect(events).toEqual([expect.objectContaining({ type: 'expired' })]);
  });

  test('is held for 11 hours and no longer, for SQS ends the visibility at 12', async () => {
    const { deps, clock } = harness([answered(throttled)]);
    const { acquire } = deps.transceiver;
    let asked = 0;
    const transceiver: SendSmsDeps['transceiver'] = {
      ...deps.transceiver,
      acquire: (priority, stop) => {
        asked += 1;
        if (asked === 1) return acquire(priority, stop);
        return new Promise((resolve) => stop.addEventListener('abort', () => resolve(undefined)));
      },
    };
    const sending = new SendSms(sms(), held('', { receivedAt: clock.monotonic() }), { ...deps, transceiver });
    const run = sending.run();
    let fate: unknown;
    void run.then((ended) => {
      fate = ended;
    });
    await clock.advance(11 * 3_600_000 - 1);
    sending.look();
    await clock.advance(0);
    expect(fate).toBeUndefined();
    await clock.advance(1);
    sending.look();
    await expect(run).resolves.toEqual({ kind: 'stopped' });
  });

  test('has what is left of its validity in validity_period, in the form that the carrier takes (quirk 71)', async () => {
    for (const [form, first, second] of [
      ['relative', '000001000000000R', '000000235930000R'],
      ['absolute', '260102000000000+', '260102000000000+'],
      ['none', '', ''],
    ] as const) {
      const given = {
        validityPeriod: form,
        submitOutcomes: [{ statuses: [8], outcome: 'retry' as const, afterMs: 30_000 }],
      };
      const { deps, clock, submitted } = harness([answered(8), accepted('1')], { profile: given, random: () => 0 });
      const run = new SendSms(sms(), held(''), deps).run();
      await clock.advance(30_000);
      await run;
      expect(submitted.map(({ validityPeriod }) => validityPeriod)).toEqual([first, second]);
    }
  });

  test('waits as long as the carrier’s profile says, in the queue when that is over a minute', async () => {
    const outcomes = (afterMs: number) => ({
      profile: { submitOutcomes: [{ statuses: [0x400], outcome: 'retry' as const, afterMs }] },
    });
    const { deps, clock, submitted } = harness([answered(0x400), accepted('1')], outcomes(40_000));
    const run = new SendSms(sms(), held(''), deps).run();
    await clock.advance(43_999);
    expect(submitted).toHaveLength(1);
    await clock.advance(1);
    await expect(run).resolves.toEqual({ kind: 'finished' });

    const longer = harness([answered(0x400)], outcomes(600_000));
    await expect(new SendSms(sms(), held(''), longer.deps).run()).resolves.toEqual({
      kind: 'deferred',
      delayMs: 660_000,
    });
  });

  test('that ends the session is sent again over the next, and given back when it does so again and again', async () => {
    const { deps, clock, slots, submitted } = harness(Array.from({ length: 7 }, () => answered(0x04)));
    const run = new SendSms(sms(), held(''), deps).run();
    await clock.advance(63_000);
    await expect(run).resolves.toMatchObject({ kind: 'deferred' });
    expect(submitted).toHaveLength(7);
    expect(slots.told).toEqual(Array.from({ length: 7 }, () => 'refused'));
  });

  test('that is throttled while others pass, or alone, waits by itself, and is meant anew with its next segment', async () => {
    const told: (number | undefined)[] = [];
    const answers = ['carrier', 'message', 'nobody-knows', 'carrier'] as const;
    const script = [answered(throttled), answered(throttled), answered(throttled), accepted('1'), answered(throttled)];
    const { deps, clock, submitted } = harness([...script, accepted('2')]);
    const { acquire } = deps.transceiver;
    const transceiver: SendSmsDeps['transceiver'] = {
      ...deps.transceiver,
      acquire: async (...about) => {
        const slot = await acquire(...about);
        return (
          slot && {
            ...slot,
            throttled: (_message, before) => {
              told.push(before);
              return answers[told.length - 1] ?? 'carrier';
            },
          }
        );
      },
    };
    const begin = clock.monotonic();
    const run = new SendSms(sms({ text: 'x'.repeat(200) }), held(''), { ...deps, transceiver }).run();
    await clock.advance(0);
    expect(submitted).toHaveLength(2);
    await clock.advance(500);
    expect(submitted).toHaveLength(3);
    await clock.advance(500);
    await expect(run).resolves.toEqual({ kind: 'finished' });
    expect(told).toEqual([undefined, begin, begin, undefined]);
  });

  test('is counted: what was written, what came of it, how long it took', async () => {
    const script = [answered(8), answered(throttled), { kind: 'unanswered', why: 'timeout' } as const, accepted('1')];
    const { deps, clock, meters } = harness(script);
    const count = jest.spyOn(meters, 'count');
    const sample = jest.spyOn(meters, 'sample');
    const sending = new SendSms(sms({ acceptedAt: '2025-12-31T23:59:59.000Z', priority: 'urgent' }), held(''), deps);
    const run = sending.run();
    await clock.advance(60_000);
    await run;
    const counted = count.mock.calls.map(([metric]) => metric);
    expect(counted.filter((metric) => metric === 'submits')).toHaveLength(4);
    expect(counted.filter((metric) => metric !== 'submits')).toEqual([
      'submitsRetried',
      'submitsThrottled',
      'submitsUnanswered',
      'submitsSent',
    ]);
    expect(sample.mock.calls.filter(([metric]) => metric === 'urgentQueueToSubmit')).toEqual([
      ['urgentQueueToSubmit', 1_000],
    ]);
    expect(sample.mock.calls.filter(([metric]) => metric === 'submitLatency')).toHaveLength(3);
  });

  test('that is refused for good, or whose validity is over, is counted too', async () => {
    const refused = harness([answered(invalidDestination)]);
    const counts = [jest.spyOn(refused.meters, 'count')];
    await new SendSms(sms(), held(''), refused.deps).run();
    const late = harness([]);
    counts.push(jest.spyOn(late.meters, 'count'));
    await late.clock.advance(25 * 3_600_000);
    await new SendSms(sms(), held(''), late.deps).run();
    expect(counts.map(({ mock }) => mock.calls)).toEqual([[['submits'], ['submitsRejected']], [['messagesExpired']]]);
  });

  test('is not finished while its event is not durable', async () => {
    const { deps } = harness([accepted('1')], { record: async () => Promise.reject(new Error('SQS is away')) });
    await expect(new SendSms(sms(), held(''), deps).run()).rejects.toThrow('SQS is away');
  });

  test('is logged without its text and numbers', async () => {
    const { deps, clock, log } = harness([answered(throttled), accepted('1')]);
    const run = new SendSms(sms({ text: 'top secret' }), held(''), deps).run();
    await clock.advance(pauseMs);
    await run;
    expect(log.lines).toHaveLength(1);
    expect(JSON.stringify(log.lines)).not.toMatch(/top secret|7700900123/);
  });
});
