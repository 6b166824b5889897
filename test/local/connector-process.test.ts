import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepConnectorRunning } from '../../local/connector-process.ts';
import type { LogLine } from '../../local/log.ts';
import { FakeClock } from '../support/fake-clock.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'connector-process-'));
});

afterAll(() => rm(directory, { recursive: true }));

/** Runs `source` as if it were the connector. `line` resolves with the next line whose message is given. */
async function run(name: string, source: string, env: NodeJS.ProcessEnv = {}) {
  const bundle = join(directory, `${name}.cjs`);
  await writeFile(bundle, source);
  const clock = new FakeClock();
  const stop = new AbortController();
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const onLog = (line: LogLine) => {
    lines.push(line);
    for (const look of waiting) look();
  };
  const ended = keepConnectorRunning({ bundle, env: { ...process.env, ...env }, onLog, clock }, stop.signal);
  const line = (message: RegExp, occurrence = 1) =>
    new Promise<LogLine>((resolve) => {
      const look = () => {
        const found = lines.filter((each) => message.test(each.message))[occurrence - 1];
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { clock, stop, lines, ended, line };
}

const log = (message: string, fields = '') =>
  `console.log(JSON.stringify({ level: 'INFO', message: '${message}'${fields} }));`;
const untilSignal = `setInterval(() => {}, 1000); process.on('SIGTERM', () => { ${log('draining')} process.exit(0); });`;

test('its log lines are read, its metrics are not, and it has the environment that it was given', async () => {
  const source = `${untilSignal} console.log('{"_aws":{}}'); console.error('oh'); ${log('up', ', word: process.env.WORD')}`;
  const { line, lines, stop, ended } = await run('log', source, { WORD: 'x' });
  expect(await line(/^up$/)).toEqual({ level: 'INFO', message: 'up', fields: { word: 'x' } });
  expect(await line(/^oh$/)).toMatchObject({ level: 'WARN' });
  stop.abort();
  await ended;
  expect(lines.map(({ message }) => message)).toEqual(expect.not.arrayContaining([expect.stringContaining('_aws')]));
});

test('when it is stopped it drains, and is not started again', async () => {
  const { line, lines, stop, ended, clock } = await run('stop', `${untilSignal} ${log('up')}`);
  await line(/^up$/);
  stop.abort();
  await ended;
  expect(lines.map(({ message }) => message)).toEqual(['connector process started', 'up', 'draining']);
  expect(clock.pending).toBe(0);
});

test('when it ends by itself it is started again a second later', async () => {
  const { line, stop, ended, clock } = await run('crash', 'process.exit(3);');
  expect(await line(/ended/)).toMatchObject({ level: 'ERROR', message: expect.stringContaining('exit code 3') });
  await clock.advance(1_000);
  await line(/ended/, 2);
  stop.abort();
  await ended;
});

test('when it does not end after 25 s it is killed', async () => {
  const { line, stop, ended, clock } = await run(
    'stuck',
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); ${log('up')}`,
  );
  await line(/^up$/);
  stop.abort();
  await clock.advance(25_000);
  await ended;
});
