import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { asciiJson } from '#contract/ascii-json.ts';
import type { CarrierProfileInput } from '#contract/carrier.ts';
import { type ConnectorEvent, parseEventList } from '#contract/connector-events.ts';
import { environment } from '#contract/environment.ts';
import { countMessages, createQueue, QueueReader, sqsAt } from '../support/aws.ts';
import { sms } from '../support/connector-factories.ts';
import { type LocalGateway, startLocalGateway } from '../support/local-gateway.ts';
import { hold, ok, type Reply, type ScriptedSmsc, silence, startScriptedSmsc } from '../support/scripted-smsc.ts';

/** The connector as the container runs it: its bundle in a process of its own, with queues of its own. */

let gateway: LocalGateway;
let sqs: SQSClient;
let directory: string;
let bundle: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'connector-'));
  bundle = join(directory, 'connector.cjs');
  const bundling = promisify(execFile)(process.execPath, ['connector/bundle.ts', bundle]);
  [gateway] = await Promise.all([startLocalGateway(), bundling]);
  sqs = sqsAt(gateway);
}, 30_000);

afterAll(async () => {
  await gateway.stop();
  await rm(directory, { recursive: true });
}, 15_000);

const fifo = { FifoQueue: 'true' };
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
}, 30_000);

interface Running {
  readonly child: ChildProcess;
  readonly normal: string;
  readonly deadLetters: string;
  readonly events: QueueReader;
  readonly output: () => string;
  enqueue(body: string, groupId: string): Promise<void>;
}

async function startConnector(smsc: ScriptedSmsc, carrier: Partial<CarrierProfileInput> = {}): Promise<Running> {
  stops.push(() => smsc.stop());
  const [urgent, normal, deadLetters, events] = await Promise.all([
    createQueue(sqs, fifo),
    createQueue(sqs, fifo),
    createQueue(sqs, fifo),
    createQueue(sqs),
  ]);
  const hosts = [{ host: smsc.host, port: smsc.port }];
  const profile = { name: 'acme', hosts, systemId: 'me', password: { env: 'ACME_PASSWORD' }, ...carrier };
  const child = spawn(process.execPath, [bundle], {
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: gateway.awsEndpoint,
      AWS_REGION: gateway.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ACME_PASSWORD: 'secret',
      [environment.carrierProfile]: JSON.stringify(profile),
      [environment.urgentQueueUrl]: urgent,
      [environment.normalQueueUrl]: normal,
      [environment.outboundDeadLetterQueueUrl]: deadLetters,
      [environment.eventsQueueUrl]: events,
      [environment.eventsDeadLetterQueueUrl]: events,
      [environment.inboundTopicArn]: gateway.inboundTopicArn,
      [environment.healthPort]: '0',
      [environment.pollWaitSeconds]: '1',
    },
  });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  stops.push(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
  let enqueued = 0;
  return {
    child,
    normal,
    deadLetters,
    events: new QueueReader(sqs, events),
    output: () => output,
    async enqueue(body, groupId) {
      enqueued += 1;
      const ids = { MessageGroupId: groupId, MessageDeduplicationId: String(enqueued) };
      await sqs.send(new SendMessageCommand({ QueueUrl: normal, MessageBody: body, ...ids }));
    },
  };
}

/** Ids of ten messages to as many recipients. */
const ids = Array.from({ length: 10 }, (_, n) => `019b76da-a800-7000-8000-00000000000${n}`);

async function enqueueTen(connector: Running): Promise<void> {
  const validUntil = new Date(Date.now() + 3_600_000).toISOString();
  for (const [n, id] of ids.entries()) {
    await connector.enqueue(asciiJson(sms({ id, to: `+44770090020${n}`, text: String(n), validUntil })), id);
  }
}

async function eventsOf(reader: QueueReader): Promise<ConnectorEvent[]> {
  return (await reader.rest())
    .flatMap(({ Body = '' }) => parseEventList(Body))
    .flatMap((parsed) => (parsed.kind === 'event' ? [parsed.event] : []));
}

async function terminate({ child }: Running): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = await exited;
  return code as number | null;
}

test('SIGTERM in the middle of a window finishes it, gives the rest back, and unbinds: every message is accounted for', async () => {
  let draining = false;
  const holdUntilDrain: Reply = (...about) => (draining ? ok() : hold())(...about);
  const smsc = await startScriptedSmsc([{ submit_sm: [ok(), ok(), holdUntilDrain] }]);
  const connector = await startConnector(smsc, { window: 4 });
  await enqueueTen(connector);
  // Two are answered, four fill the window.
  const submits = await smsc.atLeast(6, 'submit_sm');
  const exited = terminate(connector);
  draining = true;
  smsc.held.release();
  expect(await exited).toBe(0);

  const written = smsc.receivedOf('submit_sm').map((pdu) => ids[Number((pdu.short_message as Buffer).toString())]);
  expect(new Set(written).size).toBe(written.length);
  expect(submits.length).toBeLessThanOrEqual(written.length);
  const accounted = (await eventsOf(connector.events)).flatMap((event) =>
    event.type === 'submitted' ? [event.messageId] : [],
  );
  expect(accounted.sort()).toEqual([...written].sort());
  const { visible, inFlight } = await countMessages(sqs, connector.normal);
  expect({ left: visible, inFlight }).toEqual({ left: ids.length - written.length, inFlight: 0 });
  expect(smsc.receivedOf('unbind')).toHaveLength(1);
}, 40_000);

test('SIGTERM while answers never come gives those messages back too, and exits 0', async () => {
  const smsc = await startScriptedSmsc([{ submit_sm: silence }]);
  const connector = await startConnector(smsc, { window: 4, responseTimeoutMs: 2_000 });
  await enqueueTen(connector);
  await smsc.atLeast(4, 'submit_sm');
  expect(await terminate(connector)).toBe(0);
  await expect(countMessages(sqs, connector.normal)).resolves.toEqual({ visible: ids.length, inFlight: 0 });
}, 40_000);

test('a message that cannot be read goes to the dead-letter queue with the reason, and nothing stops', async () => {
  const smsc = await startScriptedSmsc();
  const connector = await startConnector(smsc);
  await connector.enqueue('{"version": 1, "id": "no"', 'a');
  await connector.enqueue(asciiJson({ ...sms(), to: undefined }), 'b');
  await enqueueTen(connector);
  await smsc.atLeast(ids.length, 'submit_sm');
  const deadLetters = new QueueReader(sqs, connector.deadLetters);
  const reasons = [await deadLetters.next(), await deadLetters.next()].map(
    ({ MessageAttributes }) => MessageAttributes?.reason?.StringValue,
  );
  expect(reasons.sort()).toEqual([expect.stringContaining('not JSON'), expect.stringContaining('to: ')]);
  expect(await terminate(connector)).toBe(0);
}, 40_000);

test('a wrong environment is told in one line, all faults at once, without a stack', async () => {
  const child = spawn(process.execPath, [bundle], { env: { PATH: process.env.PATH, [environment.healthPort]: 'x' } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(output.trim().split('\n')).toHaveLength(1);
  for (const name of [environment.carrierProfile, environment.normalQueueUrl, environment.healthPort]) {
    expect(output).toContain(name);
  }
  expect(output).not.toContain('    at ');
});
