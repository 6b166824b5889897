import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { environment } from '#contract/environment.ts';
import { metrics } from '#contract/metrics.ts';
import { releaseAfterTest } from '../support/release-after-test.ts';
import { startScriptedSmsc } from '../support/scripted-smsc.ts';

/** The connector as a process, at an AWS that refuses everything: what it prints. */

type Line = Readonly<Record<string, unknown>>;

/** A port where whoever asks is refused in a way that is not worth another try. */
async function startRefusingAws(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(400).end('{"__type":"InvalidAction"}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  releaseAfterTest(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs it until it is bound and then stops it. All that it printed. */
async function printedBy(env: NodeJS.ProcessEnv = {}): Promise<Line[]> {
  const smsc = await startScriptedSmsc([{}]);
  releaseAfterTest(() => smsc.stop());
  const endpoint = await startRefusingAws();
  const hosts = [{ host: smsc.host, port: smsc.port }];
  const child = spawn(process.execPath, [join(__dirname, '../../connector/main.ts')], {
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ACME_PASSWORD: 'secret',
      [environment.carrierProfile]: JSON.stringify({
        name: 'acme',
        hosts,
        systemId: 'me',
        password: { env: 'ACME_PASSWORD' },
      }),
      [environment.urgentQueueUrl]: `${endpoint}/1/urgent.fifo`,
      [environment.normalQueueUrl]: `${endpoint}/1/normal.fifo`,
      [environment.outboundDeadLetterQueueUrl]: `${endpoint}/1/dead-letters.fifo`,
      [environment.eventsQueueUrl]: `${endpoint}/1/events`,
      [environment.eventsDeadLetterQueueUrl]: `${endpoint}/1/events-dead-letters`,
      [environment.inboundTopicArn]: 'arn:aws:sns:eu-west-1:1:inbound',
      [environment.healthPort]: '0',
      ...env,
    },
  });
  releaseAfterTest(() => void child.kill('SIGKILL'));
  return await linesOf(child);
}

async function linesOf(child: ChildProcess): Promise<Line[]> {
  const lines: Line[] = [];
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) throw new Error('no pipe');
    createInterface({ input }).on('line', (line) => {
      const read = JSON.parse(line) as Line;
      lines.push(read);
      if (read.BoundBinds === 1) child.kill('SIGTERM');
    });
  }
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return lines;
}

const isMetric = (line: Line) => '_aws' in line;

test('every line of its log has the carrier and the task, and one on the bind where it leads', async () => {
  const lines = (await printedBy()).filter((line) => !isMetric(line));
  const [{ bindId } = {}] = lines;
  expect(bindId).toEqual(expect.stringMatching(/^[\da-f-]{36}$/));
  expect(lines.filter((line) => line.carrier !== 'acme' || line.bindId !== bindId)).toEqual([]);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'INFO', message: 'bound', role: 'transceiver', port: expect.any(Number) }),
  );
  expect(lines.filter(({ level }) => level === 'DEBUG')).toEqual([]);
}, 15_000);

test('all metrics are a line at its start and at its end, and the bind one of its own when it came and when it went', async () => {
  const lines = (await printedBy({ POWERTOOLS_LOG_LEVEL: 'ERROR' })).filter(isMetric);
  const told = lines.map((line) => [line.BoundBinds, line.BindRefusals]);
  expect(told).toEqual([
    [0, 0],
    [1, undefined],
    [0, undefined],
    [0, 0],
  ]);
  const counts = Object.values(metrics).filter(({ kind }) => kind === 'count');
  for (const line of [lines.at(0), lines.at(-1)]) {
    expect(counts.filter(({ name }) => line?.[name] !== 0)).toEqual([]);
  }
}, 15_000);
