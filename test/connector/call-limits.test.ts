import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { callLimits } from '../../connector/call-limits.ts';

/** What the SDK's client does with an AWS that answers so. */
async function receiveFrom(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sqs = new SQSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: callLimits(1_000, 100),
  });
  const url = 'http://127.0.0.1/000000000000/lane.fifo';
  const end = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url })).then(
    () => 'answered',
    () => 'given up',
  );
  sqs.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return end;
}

test('a call that is not answered is given up', async () => {
  await expect(receiveFrom(() => {})).resolves.toBe('given up');
});

test('a call whose answer stops in the middle is given up: it would end the receiving of its lane', async () => {
  const stop = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': '5000' }).write('{"');
  };
  await expect(receiveFrom(stop)).resolves.toBe('given up');
});

test('a call that is answered is not', async () => {
  const answer = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  };
  await expect(receiveFrom(answer)).resolves.toBe('answered');
});
