import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LocalGateway, startLocalGateway } from '../support/local-gateway.ts';

jest.setTimeout(30_000);

const alice = '+447700900123';

function post(gateway: LocalGateway, message: object): Promise<Response> {
  return fetch(`${gateway.apiUrl}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': gateway.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify(message),
  });
}

describe('a running gateway', () => {
  let gateway: LocalGateway;

  beforeAll(async () => {
    gateway = await startLocalGateway();
  });

  afterAll(() => gateway.stop());

  test('takes a message to its handset', async () => {
    const handset = gateway.handset('+447700900001');
    expect((await post(gateway, { to: '+447700900001', text: 'Hello €' })).status).toBe(202);
    expect(await handset.receive()).toMatchObject({ text: 'Hello €', from: '12345', parts: 1 });
  });

  test('takes what a handset sends to a subscriber of the inbound topic', async () => {
    const { awsEndpoint: endpoint, region, inboundTopicArn: TopicArn } = gateway;
    const options = { endpoint, region, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
    const [sqs, sns] = [new SQSClient(options), new SNSClient(options)];
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'subscriber' }));
    const Endpoint = 'arn:aws:sqs:eu-west-1:000000000000:subscriber';
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    expect(await gateway.handset(alice).send('Yes please')).toEqual(['ESME_ROK']);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    expect(JSON.parse(Messages?.[0]?.Body ?? '').Message).toContain('"text":"Yes please"');
    sqs.destroy();
    sns.destroy();
  });

  test('answers like API Gateway where no function is asked', async () => {
    expect((await fetch(`${gateway.apiUrl}/v1/messages`, { method: 'POST' })).status).toBe(403);
    expect((await fetch(`${gateway.apiUrl}/nothing`)).status).toBe(404);
  });

  test('says on stderr what happens, a line of JSON each, without texts', async () => {
    await post(gateway, { to: '+447700900002', text: 'a secret' });
    await gateway.logLine(/"status":"delivered"/);
    for (const line of gateway.logs) expect(() => JSON.parse(line)).not.toThrow();
    expect(gateway.logs.join()).not.toContain('a secret');
  });

  test('has an SMSC that can be switched off and on', async () => {
    await gateway.smsc.stop();
    await gateway.logLine(/"message":"unbound"/);
    expect((await post(gateway, { to: '+447700900003', text: 'later' })).status).toBe(202);
    expect(await gateway.smsc.stats()).toMatchObject({ listening: false, sessions: [] });
    await gateway.smsc.start();
    expect(await gateway.handset('+447700900003').receive()).toMatchObject({ text: 'later' });
  });

  test('is reached by npm run handset', async () => {
    const port = new URL(gateway.apiUrl).port;
    const args = ['local/handset.ts', '--port', port, '--from', alice, '--to', '12345', 'Hi'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: join(__dirname, '../..') });
    expect(stdout).toContain('SMSC got ESME_ROK');
  });
});

test('when it has stopped nothing listens any more', async () => {
  const gateway = await startLocalGateway();
  const { port } = await gateway.smsc.stats();
  await gateway.stop();
  for (const url of [gateway.apiUrl, gateway.awsEndpoint, `http://127.0.0.1:${port}`]) {
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  }
});

test('the throttle can be set low', async () => {
  const gateway = await startLocalGateway({ args: ['--rate', '1'] });
  const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await post(gateway, {})).status));
  await gateway.stop();
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1);
});

test('with --data, messages outlive the process, and a second process may not have the same directory', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-data-'));
  const args = ['--data', directory];
  try {
    const first = await startLocalGateway({ args });
    const { id } = (await (await post(first, { to: alice, text: 'kept' })).json()) as { id: string };
    await first.handset(alice).receive();
    await expect(startLocalGateway({ args })).rejects.toThrow(/in use by another local gateway/);
    await first.stop();
    const second = await startLocalGateway({ args });
    const answer = await fetch(`${second.apiUrl}/v1/messages/${id}`, { headers: { 'x-api-key': second.apiKey } });
    expect(await answer.json()).toMatchObject({ id, to: alice });
    await second.stop();
  } finally {
    await rm(directory, { recursive: true });
  }
});
