import { asciiJson } from '#contract/ascii-json.ts';
import type { ConnectorEvent } from '#contract/connector-events.ts';
import { Meters } from '../../connector/meters.ts';
import { Outbound, type OutboundOptions } from '../../connector/outbound.ts';
import { EntryFailedError } from '../../connector/queue/sqs-queue.ts';
import type { RequestOutcome } from '../../connector/smpp/pending.ts';
import { held, messageId, profile, recordedLog, sms } from '../support/connector-factories.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { accepted, answered } from '../support/submit-outcomes.ts';

interface Sent {
  readonly body: string;
  readonly fifo: { groupId: string; deduplicationId: string } | undefined;
  readonly reason: string | undefined;
}

/** An outbound whose SMSC answers only when the test says so. */
function harness(given: Partial<OutboundOptions> = {}) {
  const clock = new FakeClock();
  const events: ConnectorEvent[] = [];
  const submits: { to: string; answer: (outcome: RequestOutcome) => void }[] = [];
  const deadLetters: Sent[] = [];
  const enqueued: Sent[] = [];
  const journal: string[] = [];
  const log = recordedLog();
  const givingUp = new AbortController();
  const queueOf = (sent: Sent[]) => ({
    send: async (body: string, fifo?: Sent['fifo'], reason?: string) => {
      sent.push({ body, fifo, reason });
    },
  });
  const outbound = new Outbound({
    carrier: profile(),
    transceiver: {
      rateLimit: undefined,
      untilNear: async (stop) => !stop.aborted,
      acquire: async (_priority, stop) =>
        stop.aborted
          ? undefined
          : {
              turn: async (signal) => !signal.aborted,
              accepted: () => {},
              throttled: () => 'carrier',
              refused: () => 'carrier',
              submit: (pdu) => {
                journal.push('submit');
                return new Promise((answer) => submits.push({ to: pdu.destinationAddr, answer }));
              },
              release: () => {},
            },
    },
    record: async (event) => {
      journal.push(event.type);
      events.push(event);
    },
    onAccepted: () => {},
    meters: new Meters(() => 0),
    laneQueue: () => queueOf(enqueued),
    deadLetterQueue: queueOf(deadLetters),
    givingUp: givingUp.signal,
    clock,
    random: () => 1,
    log,
    ...given,
  });
  return { outbound, clock, events, submits, deadLetters, enqueued, journal, log };
}

/** The n-th message to one recipient, as the lane would hold it. */
function heldSms(given: Parameters<typeof sms>[0] = {}, lane: Parameters<typeof held>[1] = {}) {
  return held(asciiJson(sms(given)), lane);
}

describe('an at-least-once message', () => {
  test('is deleted after its outcome is durable, never before', async () => {
    const { outbound, clock, submits, journal } = harness();
    const message = heldSms({}, { delete: async () => void journal.push('delete') });
    outbound.take(message);
    await clock.advance(0);
    submits[0]?.answer(accepted('1'));
    await outbound.drain();
    expect(journal).toEqual(['submit', 'submitted', 'delete']);
  });

  test('is given back, not deleted, when its event cannot be made durable', async () => {
    const { outbound, clock, submits } = harness({ record: () => Promise.reject(new Error('no events queue')) });
    const message = heldSms();
    outbound.take(message);
    await clock.advance(0);
    submits[0]?.answer(accepted('1'));
    await outbound.drain();
    expect(message.done).toEqual(['given back', 'released']);
  });

  test('is not given back when only its delete fails: that would send it again sooner', async () => {
    const { outbound, clock, submits, log } = harness();
    const failed = new EntryFailedError({ Code: 'ReceiptHandleIsInvalid', Message: 'too late', SenderFault: true });
    const message = heldSms({}, { delete: () => Promise.reject(failed) });
    outbound.take(message);
    await clock.advance(0);
    submits[0]?.answer(accepted('1'));
    await outbound.drain();
    expect(message.done).toEqual(['released']);
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', messageId }));
  });

  test('whose delete fails for now is deleted a little later', async () => {
    const { outbound, clock, submits } = harness();
    let calls = 0;
    const message = heldSms(
      {},
      {
        delete: async () => {
          calls += 1;
          if (calls < 3) throw new Error('SQS is throttling');
        },
      },
    );
    outbound.take(message);
    await clock.advance(0);
    submits[0]?.answer(accepted('1'));
    await clock.advance(10_000);
    expect(calls).toBe(3);
  });
});

describe.each(['at-least-once', 'at-most-once'] as const)('an %s message', (guarantee) => {
  test('that SQS hands out twice at a time is sent once, and deleted twice', async () => {
    const { outbound, clock, submits } = harness();
    const sqsMessageId = 'handed out twice';
    const [first, second] = [1, 2].map(() => heldSms({ guarantee }, { sqsMessageId }));
    for (const message of [first, second]) message && outbound.take(message);
    await clock.advance(0);
    submits[0]?.answer(accepted('1'));
    await clock.advance(1_000);
    await outbound.drain();
    expect(submits).toHaveLength(1);
    expect([first?.done, second?.done]).toEqual([
      ['deleted', 'released'],
      ['deleted', 'released'],
    ]);
  });

  test('that comes again after it was deleted, as a queue may forget, is deleted once more', async () => {
    const { outbound, clock, submits } = harness();
    const sqsMessageId = 'deletion forgotten';
    outbound.take(heldSms({ guarantee }, { sqsMessageId }));
    await clock.advance(0);
    submits[0]?.answer(accepted('1'));
    await clock.advance(60_000);
    const again = heldSms({ guarantee }, { sqsMessageId, receiveCount: 2 });
    outbound.take(again);
    await clock.advance(1_000);
    await outbound.drain();
    expect(submits).toHaveLength(1);
    expect(again.done).toEqual(['deleted', 'released']);
  });
});

test('who waits is looked after every few seconds, and nobody once all are settled', async () => {
  const { outbound, clock, submits, events } = harness();
  const message = heldSms({ validUntil: '2026-01-01T00:00:03.000Z' });
  outbound.take(message);
  await clock.advance(0);
  submits[0]?.answer(answered(0x08));
  await clock.advance(0);
  submits[1]?.answer(answered(0x08));
  await clock.advance(10_000);
  for (const { answer } of submits) answer(answered(0x08));
  await clock.advance(10_000);
  expect(events).toEqual([expect.objectContaining({ type: 'expired' })]);
  expect(message.done).toEqual(['deleted', 'released']);
  expect(clock.pending).toBe(0);
});

test('messages that cannot be settled are told anew when that comes again after others were', async () => {
  let fails = true;
  const { outbound, clock, submits, log } = harness({
    record: () => (fails ? Promise.reject(new Error('no events queue')) : Promise.resolve()),
  });
  const settle = async (works: boolean) => {
    fails = !works;
    outbound.take(heldSms());
    await clock.advance(0);
    submits.at(-1)?.answer(accepted('1'));
    await clock.advance(20_000);
  };
  for (const works of [false, false, true, false]) await settle(works);
  const told = log.lines.filter(({ level }) => level !== 'debug').map(({ level, message }) => `${level} ${message}`);
  expect(told).toEqual([
    'error messages could not be settled, and are given back',
    'info messages are settled again',
    'error messages could not be settled, and are given back',
  ]);
});

describe('an at-most-once message', () => {
  test('is durable as sending, then deleted, and only then written', async () => {
    const { outbound, clock, submits, journal } = harness();
    outbound.take(heldSms({ guarantee: 'at-most-once' }, { delete: async () => void journal.push('delete') }));
    await clock.advance(0);
    submits[0]?.answer(accepted('1'));
    await outbound.drain();
    expect(journal).toEqual(['sending', 'delete', 'submit', 'submitted']);
  });

  test('is not written when its delete is not confirmed', async () => {
    const { outbound, clock, submits } = harness();
    const failed = new EntryFailedError({ Code: 'ReceiptHandleIsInvalid', SenderFault: true });
    const message = heldSms({ guarantee: 'at-most-once' }, { delete: () => Promise.reject(failed) });
    outbound.take(message);
    await clock.advance(60_000);
    await outbound.drain();
    expect(submits).toEqual([]);
    expect(message.done).toContain('given back');
  });

  test('that was refused for now is enqueued anew by a drain, under another deduplication id', async () => {
    const { outbound, clock, submits, enqueued } = harness();
    const message = heldSms({ guarantee: 'at-most-once' });
    outbound.take(message);
    await clock.advance(0);
    submits[0]?.answer(answered(0x08));
    await clock.advance(0);
    await outbound.drain();
    expect(enqueued).toEqual([
      {
        body: message.body,
        fifo: { groupId: 'group', deduplicationId: expect.stringMatching(`^${messageId}:attempt\\d+$`) },
        reason: undefined,
      },
    ]);
  });
});

describe('an at-most-once message that the SMSC cannot take', () => {
  test('waits in its lane after seven attempts, enqueued anew, and frees its place', async () => {
    const { outbound, clock, submits, enqueued } = harness();
    const message = heldSms({ guarantee: 'at-most-once' });
    outbound.take(message);
    for (let attempt = 0; attempt < 7; attempt += 1) {
      await clock.advance(30_000);
      submits[attempt]?.answer(answered(0x08));
    }
    await clock.advance(0);
    expect(message.done).toEqual(['deleted', 'released']);
    const notBefore = new Date(clock.now() + 75_000).toISOString();
    expect(enqueued.map(({ body }) => JSON.parse(body))).toEqual([{ ...JSON.parse(message.body), notBefore }]);
  });

  test('is enqueued anew for four minutes at the most: later SQS would not know the second of two any more', async () => {
    const sends: number[] = [];
    const { outbound, clock, submits, log } = harness({
      laneQueue: () => ({
        send: async () => {
          sends.push(clock.monotonic());
          throw new Error('no answer');
        },
      }),
    });
    outbound.take(heldSms({ guarantee: 'at-most-once' }));
    for (let attempt = 0; attempt < 7; attempt += 1) {
      await clock.advance(30_000);
      submits[attempt]?.answer(answered(0x08));
    }
    await clock.advance(3_600_000);
    expect(sends.length).toBeGreaterThan(20);
    expect((sends.at(-1) ?? 0) - (sends[0] ?? 0)).toBeLessThan(260_000);
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', messageId }));
  });

  test('goes back until its time has come', async () => {
    const { outbound, clock, submits } = harness();
    const delays: (number | undefined)[] = [];
    const again = heldSms(
      { guarantee: 'at-most-once', notBefore: new Date(clock.now() + 75_000).toISOString() },
      { giveBack: async (delayMs) => void delays.push(delayMs) },
    );
    outbound.take(again);
    await clock.advance(75_000);
    expect([submits.length, delays]).toEqual([0, [75_000]]);
    outbound.take(again);
    await clock.advance(0);
    expect(submits).toHaveLength(1);
  });
});

describe('an unreadable message', () => {
  test.each([
    ['no JSON', '{', /not JSON/],
    ['a bad field', asciiJson({ ...sms(), to: 5 }), /to: /],
    ['another carrier', asciiJson(sms({ carrier: 'other' })), /must be "acme", got "other"/],
    ['an unknown version', asciiJson({ ...sms(), version: 99 }), /version: /],
  ])('(%s) goes to the dead-letter queue with the reason, and the next one goes out', async (_name, body, reason) => {
    const { outbound, clock, deadLetters, submits } = harness();
    const bad = held(body);
    const good = heldSms({}, { groupId: 'group' });
    outbound.take(bad);
    outbound.take(good);
    await clock.advance(0);
    submits[0]?.answer(accepted('1'));
    await outbound.drain();
    expect(deadLetters).toEqual([
      { body, fifo: { groupId: 'group', deduplicationId: bad.sqsMessageId }, reason: expect.stringMatching(reason) },
    ]);
    expect(bad.done).toEqual(['deleted', 'released']);
    expect(good.done).toEqual(['deleted', 'released']);
  });

  test('stays in the lane while the dead-letter queue cannot be reached', async () => {
    const { outbound, clock } = harness({ deadLetterQueue: { send: () => Promise.reject(new Error('away')) } });
    const bad = held('{');
    outbound.take(bad);
    await clock.advance(60_000);
    expect(bad.done).toEqual([]);
  });
});

describe('messages of one group', () => {
  test('are sent one after the other, also when SQS gives several in one receive', async () => {
    const { outbound, clock, submits } = harness();
    const messages = [1, 2, 3].map(() => heldSms());
    for (const message of messages) outbound.take(message);
    for (const count of [1, 2, 3]) {
      await clock.advance(0);
      expect(submits).toHaveLength(count);
      submits[count - 1]?.answer(accepted(String(count)));
    }
    await outbound.drain();
  });

  test('do not hold up other groups, nor the same recipient in the urgent lane', async () => {
    const { outbound, clock, submits } = harness();
    outbound.take(heldSms({ to: '+441' }, { groupId: 'a' }));
    outbound.take(heldSms({ to: '+442' }, { groupId: 'b' }));
    outbound.take(heldSms({ to: '+441', priority: 'urgent' }, { groupId: 'a', lane: 'urgent' }));
    await clock.advance(0);
    expect(submits.map(({ to }) => to)).toEqual(['441', '442', '441']);
    for (const { answer } of submits) answer(accepted('1'));
    await outbound.drain();
  });
});

test('a message is given back with its earlier sibling, so that it does not overtake it', async () => {
  const { outbound, clock, submits } = harness({ record: () => Promise.reject(new Error('no events queue')) });
  const [first, second] = [heldSms(), heldSms()];
  outbound.take(first);
  outbound.take(second);
  await clock.advance(0);
  submits[0]?.answer(accepted('1'));
  await clock.advance(0);
  expect(submits).toHaveLength(1);
  expect(first.done).toEqual(['given back', 'released']);
  expect(second.done).toEqual(['given back', 'released']);
});

test('a drain finishes what is written and gives back what was not begun, siblings included', async () => {
  const { outbound, clock, submits } = harness();
  const [written, sibling] = [heldSms(), heldSms()];
  outbound.take(written);
  outbound.take(sibling);
  await clock.advance(0);
  const drained = outbound.drain();
  submits[0]?.answer(accepted('1'));
  await drained;
  expect(written.done).toEqual(['deleted', 'released']);
  expect(sibling.done).toEqual(['given back', 'released']);
  const late = heldSms();
  outbound.take(late);
  await outbound.drain();
  expect(late.done).toEqual(['given back', 'released']);
});
