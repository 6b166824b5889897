import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectRefusal, runScript } from '../support/run-script.ts';

async function withFile(content: string, use: (file: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'cli-'));
  try {
    await writeFile(join(directory, 'gateway.config.json'), content);
    await use(join(directory, 'gateway.config.json'));
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe('npm start', () => {
  test.each([
    ['--port', 'abc', /--port must be a whole number from 0 to 65535, got "abc"/],
    ['--port', '65536', /from 0 to 65535/],
    ['--rate', '0', /--rate must be/],
    ['--data', '', /--data must not be empty/],
    ['--aws-endpoint', 'localhost', /--aws-endpoint must be a URL such as http:.*got "localhost"/],
    ['--prot', '1', /Unknown option '--prot'/],
    ['--config', '/no/such/file', /cannot read the config: ENOENT.*\/no\/such\/file/],
    ['--scenario', 'thrott', /must be one of those that "npm run smsc -- --list" shows, got "thrott"/],
    ['--set', 'submits.perSecond.limit=0', /submits\.perSecond\.limit/],
    ['--data', '/no/such/directory', /cannot keep data in \/no\/such\/directory/],
  ])('refuses %s %s', async (option, value, message) => {
    const port = option === '--port' ? [] : ['--port', '0'];
    expectRefusal(await runScript('local/main.ts', ...port, option, value), message);
  });

  test('refuses to keep the data of emulators that it does not start', async () => {
    const outcome = await runScript('local/main.ts', '--data', tmpdir(), '--aws-endpoint', 'http://127.0.0.1:1');
    expectRefusal(outcome, /--data is for the emulators that --aws-endpoint does without/);
  });

  test('refuses to let carriers of a config play a scenario', async () => {
    const outcome = await runScript('local/main.ts', '--config', 'gateway.config.json', '--scenario', 'throttle');
    expectRefusal(outcome, /--scenario and --set are for the simulator, which --config does without/);
  });

  test('refuses a port that is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const outcome = await runScript('local/main.ts', '--port', String(port));
    server.close();
    expectRefusal(outcome, new RegExp(`port ${port} is in use`));
  });

  test.each([
    ['that is not JSON', '{', /not JSON/],
    [
      'with bad values, and names all of them',
      '{"carriers": [{"name": "X"}]}',
      /carriers\[0\]\.name[\s\S]*carriers\[0\]\.hosts/,
    ],
    [
      'with a password in it',
      '{"carriers": [{"name": "a", "hosts": [{"host": "h"}], "systemId": "s", "password": "geheim"}]}',
      /^(?!.*geheim).*never the password itself; create a secret with `aws secretsmanager create-secret --name smpp-a /,
    ],
    [
      'whose password cannot be read',
      '{"carriers": [{"name": "a", "hosts": [{"host": "h"}], "systemId": "s", "password": {"env": "NOT_THERE"}}]}',
      /carrier a: .*NOT_THERE/,
    ],
  ])('refuses a config %s', async (_what, content, message) => {
    await withFile(content, async (file) => {
      expectRefusal(await runScript('local/main.ts', '--port', '0', '--config', file), message);
    });
  });

  test('--help tells every option', async () => {
    const { code, stdout } = await runScript('local/main.ts', '--help');
    for (const option of ['--port', '--json', '--config', '--data', '--aws-endpoint', '--rate', '--scenario', '--set'])
      expect(stdout).toContain(option);
    expect(code).toBe(0);
  });
});
