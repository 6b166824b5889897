import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { asciiJson } from '#contract/ascii-json.ts';
import type { CarrierProfileInput } from '#contract/carrier.ts';
import type { ConnectorEvent } from '#contract/connector-events.ts';
import type { MetricName } from '#contract/metrics.ts';
import { type Connector, startConnector } from '../../connector/connector.ts';
import { dial } from '../../connector/smpp/dial.ts';
import { messageId, profile, queueUrls, recordedLog, sms } from '../support/connector-factories.ts';
import { batchAnswer, fakeAws } from '../support/fake-aws.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLaneQueue } from '../support/fake-lane-queue.ts';
import { type Conversation, hold, ok, refuse, silence, startScriptedSmsc } from '../support/scripted-smsc.ts';

/** The whole connector in this process: real TCP to a scripted SMSC, a clock that moves by call, queues as AWS runs them. */

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface EntriesInput {
  readonly Entries: readonly { readonly ReceiptHandle: string; readonly VisibilityTimeout?: number }[];
}

async function start(
  conversations: readonly Conversation[],
  carrier: Partial<CarrierProfileInput> = {},
  readPassword = async () => 'secret',
) {
  const smsc = await startScriptedSmsc(conversations);
  const clock = new FakeClock();
  const lanes = { urgent: new FakeLaneQueue(clock), normal: new FakeLaneQueue(clock) };
  const events: ConnectorEvent[] = [];
  const log = recordedLog();
  const metrics: Partial<Record<MetricName, number[]>> = {};
  const hanging = { sends: false };

  async function answer({ command, input }: { command: string; input: Readonly<Record<string, unknown>> }) {
    const lane = lanes[input.QueueUrl as keyof typeof lanes];
    const { Entries = [] } = input as Partial<EntriesInput>;
    switch (command) {
      case 'ReceiveMessageCommand':
        return { Messages: (await lane.receive(Number(input.MaxNumberOfMessages), 1, 120)).map(asSqsMessage) };
      case 'DeleteMessageBatchCommand':
        return toBatchAnswer(await lane.deleteBatch(Entries.map(({ ReceiptHandle }) => ReceiptHandle)));
      case 'ChangeMessageVisibilityBatchCommand':
        return toBatchAnswer(
          await lane.changeVisibilityBatch(
            Entries.map(({ ReceiptHandle, VisibilityTimeout = 0 }) => ({
              receiptHandle: ReceiptHandle,
              timeoutSeconds: VisibilityTimeout,
            })),
          ),
        );
      case 'GetQueueAttributesCommand':
        return { Attributes: { ApproximateNumberOfMessages: String(lane.visible.length) } };
      case 'SendMessageCommand':
        if (hanging.sends) return await new Promise(() => {});
        events.push(...JSON.parse(String(input.MessageBody)).events);
        return {};
      default:
        throw new Error(`unexpected ${command}`);
    }
  }

  const connector = await startConnector(
    {
      carrier: profile({ hosts: [{ host: smsc.host, port: smsc.port }], ...carrier }),
      ...queueUrls,
      healthPort: 0,
      pollWaitSeconds: 1,
      drainSeconds: 15,
    },
    {
      sqs: fakeAws<SQSClient>(answer).client,
      sns: fakeAws<SNSClient>(() => batchAnswer(1)).client,
      clock,
      random: () => 1,
      newId: () => 'id-1',
      bindId: 'bind-1',
      log,
      tellMetrics: (told) => {
        for (const [name, values] of told) metrics[name] = [...(metrics[name] ?? []), ...values];
      },
      connect: (to, stop) => dial(to, { tls: false }, stop),
      readPassword,
    },
  );
  stops.push(async () => {
    const stopped = stop(connector, clock);
    await stopped;
    await smsc.stop();
  });
  return { smsc, clock, lanes, events, log, metrics, hanging, connector };
}

/** Stops it, with time going on as it would. */
async function stop(connector: Connector, clock: FakeClock): Promise<void> {
  let stopped = false;
  const stopping = connector.stop().then(() => {
    stopped = true;
  });
  while (!stopped) await clock.advance(100);
  await stopping;
}

function asSqsMessage(message: {
  receiptHandle: string;
  body: string;
  groupId: string;
  sqsMessageId: string;
  receiveCount: number;
}) {
  return {
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MessageId: message.sqsMessageId,
    Attributes: { MessageGroupId: message.groupId, ApproximateReceiveCount: String(message.receiveCount) },
  };
}

function toBatchAnswer(errors: readonly (Error | undefined)[]) {
  const refused = Object.fromEntries(
    errors.flatMap((error, index) => (error ? [[index, { Code: error.message, SenderFault: true }]] : [])),
  );
  return batchAnswer(errors.length, refused);
}

/** Lets time go on until the SMSC has what is awaited. */
async function whileWaiting<Result>(clock: FakeClock, awaited: Promise<Result>): Promise<Result> {
  let done = false;
  const result = awaited.finally(() => {
    done = true;
  });
  while (!done) await clock.advance(100);
  return await result;
}

function sum(values: readonly number[] = []): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('the connector', () => {
  test('takes no message before it is bound', async () => {
    const { smsc, clock, lanes } = await start([{ bind_transceiver: hold() }]);
    lanes.normal.put(asciiJson(sms()));
    await whileWaiting(clock, smsc.next('bind_transceiver'));
    await clock.advance(5_000);
    expect(lanes.normal.asked).toEqual([]);
    smsc.held.release();
    await whileWaiting(clock, smsc.next('submit_sm'));
  });

  test('tells at each change and every 30 s whether it is bound, and its stop', async () => {
    const { smsc, clock, events, metrics, connector } = await start([{}]);
    const states = () => events.flatMap((event) => (event.type === 'carrier-state' ? [event.state] : []));
    await whileWaiting(clock, smsc.next('bind_transceiver'));
    await clock.advance(1_000);
    expect(states()).toEqual(['unbound', 'bound']);
    await clock.advance(30_000);
    expect(states()).toEqual(['unbound', 'bound', 'bound']);
    await stop(connector, clock);
    expect(states().at(-1)).toBe('stopped');
    expect(metrics.boundBinds?.at(-1)).toBe(0);
  });

  test('tells how much waits in its lanes, and how much the carrier took of late', async () => {
    const { smsc, clock, lanes, events } = await start([{ submit_sm: [ok(), hold()] }], { window: 1 });
    for (let n = 0; n < 25; n += 1) lanes.normal.put(asciiJson(sms({ text: String(n) })));
    await whileWaiting(clock, smsc.atLeast(2, 'submit_sm'));
    await clock.advance(30_000);
    const last = events.findLast((event) => event.type === 'carrier-state');
    // What the lane has received is not among them.
    const waiting = lanes.normal.visible.length;
    expect(waiting).toBeLessThan(24);
    expect(last).toMatchObject({ state: 'bound', backlog: { urgent: 0, normal: waiting } });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'carrier-state', effectiveRate: expect.any(Number) }),
    );
  });

  test('logs a carrier that stays out of reach once, not at every attempt', async () => {
    const { smsc, clock, log } = await start([{ bind_transceiver: refuse(0x0d) }]);
    await whileWaiting(clock, smsc.atLeast(5, 'bind_transceiver'));
    const unbound = log.lines.filter(({ message }) => message === 'unbound');
    expect(unbound).toEqual([
      expect.objectContaining({ level: 'warn', reason: expect.stringContaining('ESME_RBINDFAIL') }),
    ]);
  });

  test('says once in its log, and in its events, what is to be done about a password that cannot be read', async () => {
    const todo = 'its secret has no value yet: aws secretsmanager put-secret-value';
    const { smsc, clock, events, log } = await start([{}], {}, async () => {
      throw new Error(todo);
    });
    await clock.advance(180_000);
    const reason = `cannot read the password: ${todo}`;
    expect(log.lines.filter(({ level }) => level !== 'info')).toEqual([
      expect.objectContaining({ level: 'warn', message: 'unbound', reason }),
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'carrier-state', state: 'unbound', reason });
    expect(smsc.connections).toHaveLength(0);
  });

  test('tells what is to be done about credentials that are refused, once, and counts each refusal (quirk 52)', async () => {
    const { smsc, clock, log, metrics, connector } = await start([{ bind_transceiver: refuse(0x0e) }]);
    await whileWaiting(clock, smsc.atLeast(3, 'bind_transceiver'));
    expect(log.lines.filter(({ level }) => level !== 'info')).toEqual([
      expect.objectContaining({
        level: 'error',
        message: expect.stringContaining('check systemId'),
        nextTrySeconds: 300,
      }),
    ]);
    await stop(connector, clock);
    // Of the third the answer may still have been on its way.
    expect(sum(metrics.bindRefusals)).toBeGreaterThanOrEqual(2);
  });

  test('of a pair sends while the transmitter is bound, and is bound when both are (quirk 64)', async () => {
    const { smsc, clock, lanes, events, metrics } = await start([{ bind_receiver: refuse(0x0d) }], {
      bindMode: 'transmitter-receiver',
    });
    const states = () => events.flatMap((event) => (event.type === 'carrier-state' ? [event] : []));
    lanes.normal.put(asciiJson(sms()));
    await whileWaiting(clock, smsc.next('submit_sm'));
    await clock.advance(30_000);
    expect(states().map(({ state }) => state)).not.toContain('bound');
    expect(states().at(-1)?.reason).toContain('receiver: bind refused: ESME_RBINDFAIL');
    expect(metrics.boundBinds).not.toContain(1);
  });

  test('tells every 30 s and at its end what it counted and how things stand, and nothing for each message', async () => {
    const { smsc, clock, lanes, metrics, connector } = await start([{ submit_sm: [ok(), hold(ok())] }], { window: 2 });
    for (let n = 0; n < 6; n += 1) lanes.normal.put(asciiJson(sms({ text: String(n) })));
    await whileWaiting(clock, smsc.atLeast(2, 'submit_sm'));
    await clock.advance(30_000 - (clock.monotonic() % 30_000));
    const told = { ...metrics };
    expect(told.heldMessages?.at(-1)).toBeGreaterThanOrEqual(4);
    expect(told.windowUse?.at(-1)).toBe(100);
    expect(told.timeSinceLastPdu?.at(-1)).toBeGreaterThan(0);
    expect(told).toMatchObject({ receipts: expect.anything(), nacks: expect.anything() });
    smsc.held.release();
    await stop(connector, clock);
    expect(metrics.submits?.length).toBe((told.submits?.length ?? 0) + 1);
    expect(sum(metrics.submitsSent)).toBe(smsc.receivedOf('submit_sm').length);
    expect(metrics.heldMessages?.at(-1)).toBe(0);
    expect(metrics.timeSinceLastPdu?.length).toBe(told.timeSinceLastPdu?.length);
  });

  test('leaves no timer behind when it has stopped', async () => {
    const { smsc, clock, connector } = await start([{}]);
    await whileWaiting(clock, smsc.next('bind_transceiver'));
    await stop(connector, clock);
    expect(clock.pending).toBe(0);
  });
});

describe('a drain', () => {
  test('waits at most 15 s for answers, then gives back what has none', async () => {
    const { smsc, clock, lanes, connector } = await start([{ submit_sm: silence }], { responseTimeoutMs: 30_000 });
    const body = asciiJson(sms());
    lanes.normal.put(body);
    await whileWaiting(clock, smsc.next('submit_sm'));
    const before = clock.now();
    await stop(connector, clock);
    expect(clock.now() - before).toBeLessThan(20_000);
    expect(lanes.normal.visible).toEqual([body]);
    expect(smsc.receivedOf('unbind')).toHaveLength(1);
  });

  test('ends also when AWS never answers, and says what that leaves behind', async () => {
    const { smsc, clock, lanes, log, hanging, connector } = await start([{}]);
    const body = asciiJson(sms());
    hanging.sends = true;
    lanes.normal.put(body);
    await whileWaiting(clock, smsc.next('submit_sm'));
    const before = clock.now();
    await stop(connector, clock);
    expect(clock.now() - before).toBeLessThan(24_000);
    expect(log.lines).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('AWS does not answer') }),
    );
    expect(lanes.normal.bodies).toEqual([body]);
  });

  test('waits for the answers that come, and leaves nothing of them in the lane', async () => {
    const { smsc, clock, lanes, events, connector } = await start([{ submit_sm: hold(ok()) }]);
    lanes.normal.put(asciiJson(sms()));
    await whileWaiting(clock, smsc.next('submit_sm'));
    const stopped = stop(connector, clock);
    smsc.held.release();
    await stopped;
    expect(lanes.normal.bodies).toEqual([]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'submitted', messageId }));
  });
});
