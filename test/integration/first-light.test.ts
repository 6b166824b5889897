import type { ReceivedEvent, StatusEvent } from '#contract/cloud-events.ts';
import { call, send } from '../support/api.ts';
import { subscribe } from '../support/aws.ts';
import { eventually } from '../support/eventually.ts';
import { type LocalGateway, startLocalGateway } from '../support/local-gateway.ts';

/** The whole path on one machine: real handlers, real SDK clients, real emulators, real SMPP over TCP. */

let gateway: LocalGateway;
let status: { next(): Promise<StatusEvent> };
let inbound: { next(): Promise<ReceivedEvent> };

beforeAll(async () => {
  gateway = await startLocalGateway();
  status = await subscribe(gateway, gateway.statusTopicArn);
  inbound = await subscribe(gateway, gateway.inboundTopicArn);
}, 30_000);

afterAll(async () => {
  await gateway.stop();
  // Of all that the tests below sent, nothing may be in the log: no text, no full number.
  expect(gateway.logs.join('\n')).not.toMatch(/7700900\d{3}|Hello|Grüße|stop please/);
}, 15_000);

let numbers = 0;
/** A handset of the test's own. */
function newNumber(): string {
  numbers += 1;
  return `+4477009001${String(numbers).padStart(2, '0')}`;
}

const statusEvents: StatusEvent[] = [];

/** Types of the status events of one message, up to the one of `last`; other messages' may come in between. */
async function statusesOf(id: string, last: StatusEvent['data']['status']): Promise<StatusEvent[]> {
  const ofMessage = () => statusEvents.filter(({ subject }) => subject === id);
  while (ofMessage().at(-1)?.data.status !== last) statusEvents.push(await status.next());
  return ofMessage();
}

/** Each event once: the topic promises it at least once, always with the same id. */
function typesOf(events: readonly StatusEvent[]): string[] {
  return [...new Map(events.map(({ id, type }) => [id, type])).values()];
}

/** What the inbound topic brings of one text; what other tests' handsets sent may come in between. */
async function receivedFrom(from: string, text: string): Promise<ReceivedEvent> {
  for (;;) {
    const event = await inbound.next();
    if (event.data.from === from && event.data.text === text) return event;
  }
}

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a message that a client sends', () => {
  test('reaches the handset, and its receipt comes back', async () => {
    const to = newNumber();
    const accepted = await send(gateway, { to, from: 'ACME', text: 'Hello' });
    expect(accepted).toMatchObject({
      id: expect.stringMatching(uuidV7),
      status: 'queued',
      encoding: 'gsm7',
      segments: 1,
    });

    await expect(gateway.handset(to).receive()).resolves.toMatchObject({ from: 'ACME', text: 'Hello' });
    const events = await statusesOf(accepted.id, 'delivered');
    expect(typesOf(events)).toEqual(['sms.sent', 'sms.delivered']);
    expect(events.at(-1)).toMatchObject({
      specversion: '1.0',
      id: `${accepted.id}:delivered`,
      data: { stat: 'DELIVRD' },
    });

    const { body } = await call(gateway, 'GET', `/v1/messages/${accepted.id}`);
    expect(body).toMatchObject({ id: accepted.id, to, from: 'ACME', status: 'delivered', segments: 1 });
    const { history } = body as { history: Record<string, unknown>[] };
    expect(history).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'submitted', commandStatus: expect.stringContaining('ESME_ROK') }),
        expect.objectContaining({ type: 'receipt', stat: 'DELIVRD' }),
      ]),
    );
  });

  test.each([
    ['accents in GSM 03.38', 'Señor Müller, 5€ à Genève: [é]', 'gsm7', 1],
    ['an accent that GSM 03.38 lacks', 'Ça coûte', 'ucs2', 1],
    ['every kind of GSM character', '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ{}[]~\\|^€ÄÖÑÜ§¿äöñüà', 'gsm7', 1],
    ['emoji in UCS-2', 'Grüße 👍🏽 from 東京', 'ucs2', 1],
    ['a long GSM text', 'Long {text} with pairs. '.repeat(20).trim(), 'gsm7', 4],
    ['a long UCS-2 text', '👍 emoji over and over 東京 '.repeat(12).trim(), 'ucs2', 5],
  ])('arrives as written: %s', async (_name, text, encoding, segments) => {
    const to = newNumber();
    const accepted = await send(gateway, { to, from: '12345', text });
    expect(accepted).toMatchObject({ encoding, segments });
    await expect(gateway.handset(to).receive()).resolves.toMatchObject({ text });
    await statusesOf(accepted.id, 'delivered');
  });

  test('has status events with attributes to filter on', async () => {
    const to = newNumber();
    const delivered = await subscribe<StatusEvent>(gateway, gateway.statusTopicArn, {
      type: ['sms.delivered'],
      to: [to],
    });
    const { id } = await send(gateway, { to, text: 'Hello' });
    await expect(delivered.next()).resolves.toMatchObject({ type: 'sms.delivered', subject: id });
  });

  test('at most once goes out too, and says that it is being sent', async () => {
    const to = newNumber();
    const { id } = await send(gateway, { to, text: 'Once', guarantee: 'at-most-once', priority: 'urgent' });
    await expect(gateway.handset(to).receive()).resolves.toMatchObject({ text: 'Once' });
    const events = await statusesOf(id, 'delivered');
    expect(typesOf(events)).toEqual(['sms.sending', 'sms.sent', 'sms.delivered']);
  });
});

describe('a handset’s message', () => {
  test.each(['YES', 'Grüße 👍'])('comes out of the inbound topic and is acknowledged: %s', async (text) => {
    const statuses = await gateway.handset('+447700900190').send(text, '12345');
    expect(statuses).toEqual([expect.stringContaining('ESME_ROK')]);
    await expect(receivedFrom('+447700900190', text)).resolves.toMatchObject({
      specversion: '1.0',
      type: 'sms.received',
      source: '/carriers/simulator',
      data: { from: '+447700900190', to: '12345', text },
    });
  });

  test('comes with attributes to filter on', async () => {
    const from = newNumber();
    const stops = await subscribe<ReceivedEvent>(gateway, gateway.inboundTopicArn, { keyword: ['STOP'], from: [from] });
    for (const text of ['hello', 'stop please', 'unstoppable', 'STOP']) await gateway.handset(from).send(text, '12345');
    await expect(stops.next()).resolves.toMatchObject({ data: { text: 'stop please' } });
    await expect(stops.next()).resolves.toMatchObject({ data: { text: 'STOP' } });
  });
});

describe('two hundred requests at once with one Idempotency-Key', () => {
  test('make one SMS, and what the first was answered is the answer from then on', async () => {
    const to = newNumber();
    const body = { to, text: 'Hello once', reference: 'order 7', metadata: { campaign: 'x' } };
    const post = () => call(gateway, 'POST', '/v1/messages', body, { 'idempotency-key': 'order-7' });
    const answers = await Promise.all(Array.from({ length: 200 }, post));
    const accepted = answers.filter(({ status: code }) => code === 202);
    expect(accepted.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    for (const { status: code, headers } of answers) {
      if (code !== 202) expect([code, headers.get('retry-after')]).toEqual([409, '1']);
    }

    const again = await post();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(accepted[0]?.body);
    const { id } = again.body as { id: string };
    const events = await statusesOf(id, 'delivered');
    expect(events.at(-1)?.data).toMatchObject({ reference: 'order 7', metadata: { campaign: 'x' } });
    const received = (await gateway.smsc.messages()).filter(({ text }) => text === 'Hello once');
    expect(received).toHaveLength(1);
  });
});

describe('a client', () => {
  test('sees that the carrier is bound', async () => {
    const body = await eventually('report of the connector', async () => {
      const { status: code, body } = await call(gateway, 'GET', '/v1/carriers');
      expect(code).toBe(200);
      const { carriers } = body as { carriers: { state: string }[] };
      // The gateway is ready when it is bound; of that the table is told a moment later.
      return carriers[0]?.state === 'bound' ? body : undefined;
    });
    expect(body).toMatchObject({
      carriers: [
        {
          name: 'simulator',
          state: 'bound',
          binds: [{ state: 'bound' }],
          effectiveRate: expect.any(Number),
          backlog: { urgent: expect.any(Number), normal: expect.any(Number) },
        },
      ],
    });
  });

  test('gets a problem that says what is wrong, what is allowed and what was given', async () => {
    const { status: code, headers, body } = await call(gateway, 'POST', '/v1/messages', { to: 'abc', text: '' });
    expect(code).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ status: 400, code: expect.any(String) });
    const { errors } = body as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual(['text', 'to']);
  });

  test('without the key gets 403', async () => {
    const { status: code } = await call({ ...gateway, apiKey: 'wrong' }, 'POST', '/v1/messages', {
      to: '+447700900106',
      text: 'x',
    });
    expect(code).toBe(403);
  });

  test('finds its message where the answer says that it is', async () => {
    const posted = await call(gateway, 'POST', '/v1/messages', { to: newNumber(), text: 'Hello there' });
    const { id } = posted.body as { id: string };
    const { status: code, body } = await call(gateway, 'GET', posted.headers.get('location') ?? '');
    expect([code, body]).toEqual([200, expect.objectContaining({ id })]);
  });

  test('gets 404 for a message that is not there', async () => {
    const { status: code } = await call(gateway, 'GET', '/v1/messages/019b76da-a800-7000-8000-0123456789ab');
    expect(code).toBe(404);
  });
});
