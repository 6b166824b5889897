import { type ReceivedEvent, receivedEvent } from '#contract/cloud-events.ts';
import type { ConnectorEvent } from '#contract/connector-events.ts';
import { Inbound, type InboundOptions } from '../../connector/inbound.ts';
import { Meters } from '../../connector/meters.ts';
import { EntryFailedError } from '../../connector/queue/sqs-queue.ts';
import { deliverSm, profile, recordedLog } from '../support/connector-factories.ts';
import { FakeClock } from '../support/fake-clock.ts';

const receiptText = 'id:abc sub:001 dlvrd:001 submit date:2601010000 done date:2601010001 stat:DELIVRD err:000 text:Hi';

function harness(given: Partial<InboundOptions> = {}) {
  const journal: string[] = [];
  const events: ConnectorEvent[] = [];
  const published: { event: unknown; attributes: unknown }[] = [];
  const deadLetters: { body: string; reason: string | undefined }[] = [];
  const log = recordedLog();
  const clock = new FakeClock();
  const meters = new Meters(() => 0);
  let ids = 0;
  const inbound = new Inbound({
    carrier: profile(),
    events: {
      publish: async (event) => {
        events.push(event);
        journal.push('event');
      },
    },
    inboundTopic: {
      publish: async (event, attributes) => {
        published.push({ event, attributes });
        journal.push('published');
      },
    },
    deadLetterQueue: {
      send: async (body, _fifo, reason) => {
        deadLetters.push({ body, reason });
        journal.push('dead letter');
      },
    },
    clock,
    newId: () => `id-${++ids}`,
    meters,
    log,
    ...given,
  });
  const respond = (commandStatus: number) => {
    journal.push(`answered 0x${commandStatus.toString(16)}`);
    return true;
  };
  const lostRespond = () => {
    journal.push('answer not written');
    return false;
  };
  const counted = () => Object.fromEntries(meters.take({}).filter(([, [value]]) => value !== 0));
  return { inbound, journal, events, published, deadLetters, log, clock, counted, respond, lostRespond };
}

describe('a handset’s message', () => {
  test('is published as sms.received and acknowledged after SNS took it', async () => {
    const { inbound, journal, published, respond } = harness();
    await inbound.deliver(deliverSm({ shortMessage: Buffer.from('stop it') }), respond);
    expect(journal).toEqual(['published', 'answered 0x0']);
    expect(published).toEqual([
      {
        event: expect.objectContaining({
          specversion: '1.0',
          type: 'sms.received',
          id: 'id-1',
          source: '/carriers/acme',
          data: expect.objectContaining({
            from: '+447700900123',
            to: '12345',
            text: 'stop it',
            possibleDuplicate: false,
          }),
        }),
        attributes: { type: 'sms.received', carrier: 'acme', from: '+447700900123', to: '12345', keyword: 'STOP' },
      },
    ]);
    expect(() => receivedEvent.parse(published[0]?.event)).not.toThrow();
  });

  test('with emoji in UCS-2 arrives as written', async () => {
    const { inbound, published, respond } = harness();
    const shortMessage = Buffer.from('Grüße 👍', 'utf16le').swap16();
    await inbound.deliver(deliverSm({ dataCoding: 8, shortMessage }), respond);
    expect(published[0]?.event).toMatchObject({ data: { text: 'Grüße 👍', octets: shortMessage.toString('base64') } });
  });

  test('whose text is in message_payload is read from there (quirk 36)', async () => {
    const { inbound, published, respond } = harness();
    const payload = { tag: 0x0424, value: Buffer.from('a long one') };
    await inbound.deliver(deliverSm({ shortMessage: Buffer.alloc(0), tlvs: [payload] }), respond);
    expect(published[0]?.event).toMatchObject({ data: { text: 'a long one' } });
  });

  test('carries every TLV, also those without a name (quirk 43)', async () => {
    const { inbound, published, respond } = harness();
    const tlvs = [
      { tag: 0x0204, value: Buffer.from('0001', 'hex') },
      { tag: 0x1400, value: Buffer.from('cafe', 'hex') },
    ];
    await inbound.deliver(deliverSm({ tlvs }), respond);
    expect(published[0]?.event).toMatchObject({ data: { tlvs: { user_message_reference: '0001', '0x1400': 'cafe' } } });
  });

  test('is not acknowledged while SNS is away: the SMSC is asked to send it again (quirk 61)', async () => {
    const { inbound, journal, respond } = harness({
      inboundTopic: { publish: () => Promise.reject(new Error('away')) },
    });
    await inbound.deliver(deliverSm(), respond);
    expect(journal).toEqual(['answered 0x58']);
  });

  test('that SNS would never take is kept raw and acknowledged, so that it cannot loop', async () => {
    const refused = new EntryFailedError({ Code: 'InvalidParameter', SenderFault: true });
    const { inbound, journal, deadLetters, respond } = harness({
      inboundTopic: { publish: () => Promise.reject(refused) },
    });
    const pdu = deliverSm();
    await inbound.deliver(pdu, respond);
    expect(journal).toEqual(['dead letter', 'answered 0x0']);
    expect(deadLetters).toEqual([
      { body: pdu.raw.toString('base64'), reason: expect.stringContaining('InvalidParameter') },
    ]);
  });

  test('that comes twice is published twice, the second time flagged: it may be a second "YES"', async () => {
    const { inbound, published, respond } = harness();
    await inbound.deliver(deliverSm(), respond);
    await inbound.deliver(deliverSm(), respond);
    expect(published).toMatchObject([
      { event: { id: 'id-1', data: { possibleDuplicate: false } } },
      { event: { id: 'id-2', data: { possibleDuplicate: true } } },
    ]);
  });

  test('that comes again because its ESME_ROK was never written is acknowledged and not published again', async () => {
    const { inbound, journal, respond, lostRespond } = harness();
    await inbound.deliver(deliverSm(), lostRespond);
    await inbound.deliver(deliverSm(), respond);
    await inbound.deliver(deliverSm(), respond);
    expect(journal).toEqual(['published', 'answer not written', 'answered 0x0', 'published', 'answered 0x0']);
  });
});

describe('a part of a long message', () => {
  const part = (text = 'first ') =>
    deliverSm({
      esmClass: 0x40,
      shortMessage: Buffer.concat([Buffer.from('050003070201', 'hex'), Buffer.from(text)]),
    });

  test('becomes an event and is acknowledged after the queue took it', async () => {
    const { inbound, journal, events, published, counted, respond } = harness();
    await inbound.deliver(part(), respond);
    expect(journal).toEqual(['event', 'answered 0x0']);
    expect(published).toEqual([]);
    expect(events).toMatchObject([
      {
        type: 'part',
        from: '+447700900123',
        to: '12345',
        concatenation: { kind: 'udh8', reference: 7, total: 2, part: 1 },
        octets: Buffer.from('first ').toString('base64'),
        possibleDuplicate: false,
      },
    ]);
    expect(counted()).toEqual({ receivedMessages: [1] });
  });

  test('that comes twice is two events, the second flagged: another message may have the same part', async () => {
    const { inbound, events, respond } = harness();
    await inbound.deliver(part(), respond);
    await inbound.deliver(part(), respond);
    expect(events).toMatchObject([{ possibleDuplicate: false }, { possibleDuplicate: true }]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });

  test('that comes again because its ESME_ROK was never written is acknowledged and no further event', async () => {
    const { inbound, journal, respond, lostRespond } = harness();
    await inbound.deliver(part(), lostRespond);
    await inbound.deliver(part(), respond);
    expect(journal).toEqual(['event', 'answer not written', 'answered 0x0']);
  });

  test('is not acknowledged while the events queue is away', async () => {
    const { inbound, journal, log, respond } = harness({
      events: { publish: () => Promise.reject(new Error('away')) },
    });
    await inbound.deliver(part('top secret'), respond);
    expect(journal).toEqual(['answered 0x58']);
    expect(log.lines).toMatchObject([
      { level: 'error', message: expect.stringContaining('parts of received messages') },
    ]);
    expect(JSON.stringify(log.lines)).not.toMatch(/top secret|7700900123/);
  });
});

test('a repeat that comes while the first is still being stored is flagged, and takes nothing from the next', async () => {
  const stored = Promise.withResolvers<void>();
  const flags: unknown[] = [];
  const { inbound, respond, lostRespond } = harness({
    inboundTopic: {
      publish: async (event) => {
        flags.push((event as ReceivedEvent).data.possibleDuplicate);
        if (flags.length === 1) await stored.promise;
      },
    },
  });
  const first = inbound.deliver(deliverSm(), lostRespond);
  await inbound.deliver(deliverSm(), respond);
  stored.resolve();
  await first;
  // The handset says the same once more, and means it.
  await inbound.deliver(deliverSm(), respond);
  expect(flags).toEqual([false, true, true]);
});

describe('a receipt', () => {
  const receipt = () => deliverSm({ esmClass: 0x04, shortMessage: Buffer.from(receiptText) });

  test('becomes an event and is acknowledged after the queue took it', async () => {
    const { inbound, journal, events, published, respond } = harness();
    await inbound.deliver(receipt(), respond);
    expect(journal).toEqual(['event', 'answered 0x0']);
    expect(published).toEqual([]);
    expect(events).toEqual([
      expect.objectContaining({
        type: 'receipt',
        carrier: 'acme',
        smscMessageId: 'abc',
        state: 'delivered',
        stat: 'DELIVRD',
        err: '000',
        from: '447700900123',
        to: '12345',
      }),
    ]);
  });

  test('is read as the carrier’s profile says', async () => {
    const carrier = profile({
      receipts: { idFormat: 'hex-to-decimal', errors: [{ codes: ['21b'], class: 'blocked' }] },
      tlvs: { operator: { tag: '0x1400', type: 'string' } },
    });
    const { inbound, events, respond } = harness({ carrier });
    const text = 'id:7 done date:2512312359 stat:UNDELIV err:21B';
    const tlvs = [{ tag: 0x1400, value: Buffer.of(1) }];
    await inbound.deliver(deliverSm({ esmClass: 0x44, shortMessage: Buffer.from(text), tlvs }), respond);
    expect(events).toMatchObject([
      {
        doneAt: '2025-12-31T23:59:00.000Z',
        idRelation: 'hex-to-decimal',
        errorClass: 'blocked',
        tlvs: { operator: '01' },
      },
    ]);
  });

  test('that is repeated has the same event id, another one has another', async () => {
    const { inbound, events, respond } = harness();
    await inbound.deliver(receipt(), respond);
    await inbound.deliver(receipt(), respond);
    const other = Buffer.from(receiptText.replace('id:abc', 'id:abd'));
    await inbound.deliver(deliverSm({ esmClass: 0x04, shortMessage: other }), respond);
    const [first, second, third] = events.map(({ id }) => id);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('is not acknowledged while the events queue is away', async () => {
    const { inbound, journal, respond } = harness({ events: { publish: () => Promise.reject(new Error('away')) } });
    await inbound.deliver(receipt(), respond);
    expect(journal).toEqual(['answered 0x58']);
  });
});

test('what is stored and what is refused are metrics, and a repeat that lacks only its answer is neither', async () => {
  const away = { publish: () => Promise.reject(new Error('away')) };
  const { inbound, counted, respond, lostRespond } = harness({ events: away });
  await inbound.deliver(deliverSm(), lostRespond);
  await inbound.deliver(deliverSm(), respond);
  await inbound.deliver(deliverSm({ shortMessage: Buffer.from('another') }), respond);
  await inbound.deliver(deliverSm({ esmClass: 0x04, shortMessage: Buffer.from(receiptText) }), respond);
  expect(counted()).toEqual({ receivedMessages: [2], deliversRefused: [1] });
  const well = harness();
  await well.inbound.deliver(deliverSm({ esmClass: 0x04, shortMessage: Buffer.from(receiptText) }), respond);
  expect(well.counted()).toEqual({ receipts: [1] });
});

test('what is to be looked into is a metric: a state that nobody knows, a text that could only be guessed at', async () => {
  const { inbound, counted, respond } = harness();
  await inbound.deliver(deliverSm({ esmClass: 0x04, shortMessage: Buffer.from('id:7 stat:QUUX') }), respond);
  await inbound.deliver(deliverSm({ esmClass: 0x04, shortMessage: Buffer.from('id:7 stat:UNKNOWN') }), respond);
  await inbound.deliver(deliverSm({ dataCoding: 8, shortMessage: Buffer.from('odd') }), respond);
  expect(counted()).toEqual({ receipts: [2], unknownReceiptStates: [1], receivedMessages: [1], guessedTexts: [1] });
});

test('that SNS is away is told once, and once that it is back, however many messages come meanwhile', async () => {
  let isAway = true;
  const publish = () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve());
  const { inbound, log, clock, respond } = harness({ inboundTopic: { publish } });
  for (let n = 0; n < 5; n += 1) await inbound.deliver(deliverSm(), respond);
  // That receipts can be stored says nothing of it.
  await inbound.deliver(deliverSm({ esmClass: 0x04, shortMessage: Buffer.from(receiptText) }), respond);
  isAway = false;
  await clock.advance(10_000);
  for (let n = 0; n < 5; n += 1) await inbound.deliver(deliverSm(), respond);
  expect(log.lines.filter(({ level }) => level !== 'debug')).toEqual([
    expect.objectContaining({ level: 'error', error: 'away' }),
    { level: 'info', message: 'received messages can be stored again' },
  ]);
});

test('nothing that is logged has the text or the number', async () => {
  const { inbound, log, respond } = harness({ inboundTopic: { publish: () => Promise.reject(new Error('away')) } });
  await inbound.deliver(deliverSm({ shortMessage: Buffer.from('top secret') }), respond);
  expect(log.lines).toHaveLength(1);
  expect(JSON.stringify(log.lines)).not.toMatch(/top secret|7700900123/);
});

test('settled resolves once every deliver_sm taken so far is answered', async () => {
  const publish = Promise.withResolvers<void>();
  const { inbound, journal, respond } = harness({ inboundTopic: { publish: () => publish.promise } });
  void inbound.deliver(deliverSm(), respond);
  const settled = inbound.settled().then(() => journal.push('settled'));
  publish.resolve();
  await settled;
  expect(journal).toEqual(['answered 0x0', 'settled']);
});
