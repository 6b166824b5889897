import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authority, certificate } from '../../local/certificates.ts';
import { listenOnLoopback } from '../../local/loopback.ts';
import { endings } from '../../local/simulator/play/endings.ts';
import { scenarios } from '../../local/simulator/play/scenarios.ts';
import { carrierOf, configOf, faultsOfConfig } from '../support/config-file.ts';
import { releaseAfterTest } from '../support/release-after-test.ts';
import { expectRefusal, runScript } from '../support/run-script.ts';
import { Esme } from './simulator/esme.ts';
import { submitSm } from './simulator/rig.ts';
import { type SmscFacts, startSmscProcess } from './smsc-process.ts';

/** `npm run smsc`, as a process of its own. */

const account = { system_id: 'test', password: 'secret' };

async function connected({ smppPort, caFile }: SmscFacts, port = smppPort): Promise<Esme> {
  const esme = await Esme.connect(port, caFile && readFileSync(caFile, 'utf8'));
  releaseAfterTest(() => esme.destroy());
  return esme;
}

async function messagesOf({ httpUrl }: SmscFacts): Promise<unknown> {
  return (await fetch(`${httpUrl}/v1/messages?wait=10000`)).json();
}

test('when it is ready it says where, and a message goes all the way', async () => {
  const { facts, logLine, log } = await startSmscProcess();
  expect(facts).toEqual({
    smppPort: expect.any(Number),
    smppPorts: [facts.smppPort],
    httpUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    accounts: [{ systemId: 'test' }],
  });
  const esme = await connected(facts);
  expect(await esme.bind(account)).toMatchObject({ command: 'bind_transceiver_resp', command_status: 0 });
  await esme.ask('submit_sm', submitSm);
  expect(await messagesOf(facts)).toMatchObject({ messages: [{ to: '+447700900123', text: 'Hello' }] });
  esme.destroy();
  expect(JSON.parse(await logLine(/"ended"/))).toMatchObject({ level: 'INFO', session: 1, systemId: 'test' });
  expect(JSON.parse(log[0] ?? '')).toMatchObject({
    level: 'INFO',
    timestamp: expect.any(String),
    message: 'bound',
    session: 1,
    systemId: 'test',
    command: 'bind_transceiver',
  });
  expect(log.join('\n')).not.toMatch(/7700900123|Hello|secret/);
});

test('only the accounts that were named may bind, and only so often; what is refused is in the log', async () => {
  const { facts, logLine } = await startSmscProcess('--account', 'shop:geheim:1', '--account', 'other:');
  expect(facts.accounts).toEqual([{ systemId: 'shop' }, { systemId: 'other' }]);
  const statuses = [];
  for (const [system_id, password] of [
    ['test', 'secret'],
    ['shop', 'secret'],
    ['shop', 'geheim'],
    ['shop', 'geheim'],
    ['other', ''],
  ]) {
    const esme = await connected(facts);
    statuses.push((await esme.bind({ system_id, password })).command_status);
  }
  expect(statuses).toEqual([0x0f, 0x0e, 0, 0x05, 0]);
  expect(JSON.parse(await logLine(/ESME_RALYBND/))).toMatchObject({
    level: 'WARN',
    message: 'bind refused',
    systemId: 'shop',
    status: 'ESME_RALYBND',
  });
});

test('what it shall play is played from the start, and what is played instead is in the log', async () => {
  const { facts, logLine } = await startSmscProcess('--scenario', 'queue-full', '--set', 'binds.systemId=MARS');
  const esme = await connected(facts);
  expect(await esme.bind(account)).toMatchObject({ system_id: 'MARS' });
  expect((await esme.ask('submit_sm', submitSm)).command_status).toBe(0x14);
  await fetch(`${facts.httpUrl}/v1/scenario`, { method: 'DELETE' });
  expect(JSON.parse(await logLine(/plays/))).toMatchObject({ message: 'plays', scenarios: ['standard'] });
  expect((await esme.ask('submit_sm', submitSm)).command_status).toBe(0);
});

test('it may have several hosts, and forgets all but the messages that it was told to keep', async () => {
  const { facts } = await startSmscProcess('--hosts', '2', '--keep', '1');
  expect(new Set(facts.smppPorts).size).toBe(2);
  const esme = await connected(facts, facts.smppPorts[1]);
  await esme.bind(account);
  await esme.ask('submit_sm', submitSm);
  await esme.ask('submit_sm', submitSm);
  expect(await messagesOf(facts)).toMatchObject({ messages: [{ number: 2 }] });
});

test('what a session did wrong is in the log', async () => {
  const { facts, logLine } = await startSmscProcess();
  const esme = await connected(facts);
  esme.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  expect(JSON.parse(await logLine(/"fault"/))).toMatchObject({ level: 'WARN', reason: expect.any(String) });
});

describe('over TLS', () => {
  test('it has a certificate for localhost by an authority that a carrier of the gateway takes', async () => {
    const { facts, child, ended } = await startSmscProcess('--tls');
    const caFile = facts.caFile ?? '';
    const ca = readFileSync(caFile, 'utf8');
    expect(faultsOfConfig(configOf({ carriers: [carrierOf({ tls: { ca } })] }))).toEqual([]);
    const esme = await connected(facts);
    expect((await esme.bind(account)).command_status).toBe(0);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(existsSync(caFile)).toBe(false);
  });

  test('it takes a certificate of yours', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smsc-test-'));
    releaseAfterTest(() => rm(folder, { recursive: true }));
    const by = await authority('mine');
    const own = await certificate({ subject: 'localhost', names: ['localhost'], by });
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await writeFile(cert, own.certificate);
    await writeFile(key, own.key);
    const { facts } = await startSmscProcess('--tls', '--cert', cert, '--key', key);
    expect(facts.caFile).toBeUndefined();
    const esme = await Esme.connect(facts.smppPort, by.certificate);
    releaseAfterTest(() => esme.destroy());
    expect((await esme.bind(account)).command_status).toBe(0);

    const swapped = await runScript('local/smsc.ts', '--port', '0', '--tls', '--cert', key, '--key', cert);
    expectRefusal(swapped, /must be a certificate and its key in PEM, without a passphrase/);
  });
});

describe('it ends', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('on %s, with 0, whoever is bound or waits', async (signal) => {
    const { facts, child, ended, logLine } = await startSmscProcess();
    const esme = await connected(facts);
    await esme.bind(account);
    const waiting = messagesOf(facts).catch(() => 'cut');
    await fetch(`${facts.httpUrl}/v1/stats`);
    child.kill(signal);
    expect(await ended).toBe(0);
    await esme.closed;
    await waiting;
    await logLine(/"stopping"/);
  });

  test('with the program that started it', async () => {
    const { child, ended } = await startSmscProcess();
    child.disconnect();
    expect(await ended).toBe(0);
  });

  test('at once, with a sentence, when a port is in use', async () => {
    const server = createServer();
    const port = String(await listenOnLoopback(server, 0));
    releaseAfterTest(() => server.close());
    expectRefusal(await runScript('local/smsc.ts', '--port', port, '--http-port', '0'), /port \d+ is in use/);
    expectRefusal(await runScript('local/smsc.ts', '--port', '0', '--http-port', port), /port \d+ is in use/);
  });

  test('at once, with a sentence, when an option is wrong', async () => {
    expectRefusal(await runScript('local/smsc.ts', '--scenario', 'thrott'), /got "thrott"/);
    const outcome = await runScript('local/smsc.ts', '--tls', '--cert', '/no/such/file', '--key', '/no/such/file');
    expectRefusal(outcome, /--cert must be a file that can be read: ENOENT/);
  });
});

test('--list shows every scenario and every number with what it does', async () => {
  const { code, stdout } = await runScript('local/smsc.ts', '--list');
  for (const [name, { says }] of [...Object.entries(scenarios), ...Object.entries(endings)]) {
    expect(stdout).toMatch(new RegExp(`^  ${name} +${says.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`, 'm'));
  }
  expect(code).toBe(0);
});

test('--help tells every option', async () => {
  const { code, stdout } = await runScript('local/smsc.ts', '--help');
  const told = [...stdout.matchAll(/--[a-z-]+/g)].map(([option]) => option);
  const options =
    '--port --http-port --hosts --account --tls --cert --key --scenario --set --keep --json --list --help';
  expect(told).toEqual(expect.arrayContaining(options.split(' ')));
  expect(code).toBe(0);
});
