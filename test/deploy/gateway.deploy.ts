import type { ReceivedEvent, StatusEvent } from '#contract/cloud-events.ts';
import { Releases } from '../../local/releases.ts';
import { call, send } from '../support/api.ts';
import { subscribe } from '../support/aws.ts';
import { eventually } from '../support/eventually.ts';
import { notePersonal } from '../support/log-watch.ts';
import { carrier } from './support/configs.ts';
import { readApiDefinition, type ServedApi, serveDeployedApi } from './support/deployed-api.ts';
import { DeployedConnector, readTask } from './support/deployed-connector.ts';
import { readEventSources, runDeployedEventSources } from './support/deployed-event-source.ts';
import { DeployedStack } from './support/deployed-stack.ts';
import { deployment } from './support/deployment.ts';
import { putPassword } from './support/put-password.ts';
import { receivedBy, sendFromHandset } from './support/smsc.ts';

/** The whole path, of deployed parts: API, functions, lanes, connector, SMSC, events queue, topics. */

let stack: DeployedStack;
let api: ServedApi;
const releases = new Releases();

beforeAll(async () => {
  stack = await DeployedStack.read();
  api = await serveDeployedApi(await readApiDefinition(stack));
  releases.push(() => api.stop());
  const events = await runDeployedEventSources();
  releases.push(() => events.stop());
  await putPassword(stack, carrier, deployment().smsc.password);
  const connector = await DeployedConnector.start(await readTask(stack, carrier));
  releases.push(async () => void (await connector.stop()));
  await connector.logLine(/"message":"bound"/);
});

afterAll(() => releases.run());

let numbers = 0;
function newNumber(): string {
  numbers += 1;
  const number = `+4477009003${String(numbers).padStart(2, '0')}`;
  notePersonal(number);
  return number;
}

test('the queues of events and of received messages have one function each, which tells what of a batch failed', async () => {
  const source = { State: 'Enabled', BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] };
  await expect(readEventSources()).resolves.toMatchObject([source, source]);
});

describe('a message that a client sends', () => {
  test.each([
    ['in GSM 03.38', 'Señor Müller, 5€ à Genève'],
    ['in UCS-2, in parts', '👍 emoji over and over 東京 '.repeat(6).trim()],
  ])('reaches the handset %s, and its receipt comes back', async (_, text) => {
    const to = newNumber();
    notePersonal(text);
    const delivered = await subscribe<StatusEvent>(deployment(), stack.output('StatusTopicArn'), {
      type: ['sms.delivered'],
      to: [to],
    });
    const { id } = await send(api, { to, text });
    await expect(receivedBy(to)).resolves.toMatchObject({ from: '12345', text });
    await expect(delivered.next()).resolves.toMatchObject({
      subject: id,
      data: { status: 'delivered', stat: 'DELIVRD' },
    });
    const { body } = await call(api, 'GET', `/v1/messages/${id}`);
    expect(body).toMatchObject({ id, to, status: 'delivered', carrier });
  });

  test('goes by the urgent lane at most once', async () => {
    const to = newNumber();
    const message = { to, text: 'Your code is one two three', priority: 'urgent', guarantee: 'at-most-once' };
    notePersonal(message.text);
    await send(api, message);
    await expect(receivedBy(to)).resolves.toMatchObject({ text: message.text });
  });
});

describe('a handset’s message', () => {
  test('comes to a queue that asked for it, and what the filter does not let through does not', async () => {
    const [from, other] = [newNumber(), newNumber()];
    const inbound = await subscribe<ReceivedEvent>(deployment(), stack.output('InboundTopicArn'), {
      keyword: ['STOP'],
      from: [from],
    });
    const ok = [expect.stringContaining('ESME_ROK')];
    await expect(sendFromHandset(from, 'unstoppable')).resolves.toEqual(ok);
    await expect(sendFromHandset(other, 'STOP of another')).resolves.toEqual(ok);
    await expect(sendFromHandset(from, 'stop please 🙏')).resolves.toEqual(ok);
    // It was published after the others: had they come, they had come before it.
    await expect(inbound.next()).resolves.toMatchObject({
      type: 'sms.received',
      data: { from, text: 'stop please 🙏' },
    });
  });
});

test('a handset’s message in parts is one for whoever lists what came', async () => {
  const from = newNumber();
  const text = 'I was told to write to this number, and that somebody would read it. '.repeat(6).trim();
  notePersonal(text);
  await expect(sendFromHandset(from, text)).resolves.toHaveLength(3);
  const [message] = await eventually('received message in the list', async () => {
    const { body } = await call(api, 'GET', `/v1/inbound?from=${encodeURIComponent(from)}`);
    const { messages } = body as { messages: object[] };
    return messages.length > 0 ? messages : undefined;
  });
  expect(message).toMatchObject({ text, carrier, parts: { total: 3, missing: [] } });
});

test('a client sees that the carrier is bound', async () => {
  const bind = await eventually('bind that is reported as bound', async () => {
    const { body } = await call(api, 'GET', '/v1/carriers');
    const { carriers } = body as { carriers: { name: string; state: string; binds: { state: string }[] }[] };
    return carriers.find(({ name, state }) => name === carrier && state === 'bound')?.binds;
  });
  expect(bind).toMatchObject([{ state: 'bound' }]);
});
