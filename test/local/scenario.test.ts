import { createServer } from 'node:http';
import { closeServer, listenOnLoopback } from '../../local/loopback.ts';
import { abandonedPort } from '../support/abandoned-port.ts';
import { releaseAfterTest } from '../support/release-after-test.ts';
import { expectRefusal, runScript } from '../support/run-script.ts';
import { startSimulatorHttp } from './simulator/http/http-rig.ts';

describe('npm run scenario', () => {
  test('shows what is played', async () => {
    const { url } = await startSimulatorHttp({ scenarios: ['throttle', 'quirk-7'] });
    const { stdout, code } = await runScript('local/scenario.ts', '--url', url);
    expect({ stdout, code }).toEqual({ stdout: 'plays throttle, quirk-7\n', code: 0 });
  });

  test('switches to scenarios and options, and shows them', async () => {
    const { url, simulator } = await startSimulatorHttp();
    const change = ['--set', 'submits.perSecond.limit=50', '--set', 'mo.long=sar'];
    const { stdout } = await runScript('local/scenario.ts', '--url', `${url}/`, 'throttle', 'slow', ...change);
    expect(stdout).toBe('plays throttle, slow with {"submits":{"perSecond":{"limit":50}},"mo":{"long":"sar"}}\n');
    expect(simulator.stage.behaviour).toMatchObject({
      submits: { perSecond: { limit: 50 } },
      responses: { delayMs: { min: 500, max: 2_000 } },
      mo: { long: 'sar' },
    });
  });

  test('options alone go over what a friendly SMSC does', async () => {
    const { url, simulator } = await startSimulatorHttp({ scenarios: ['throttle'] });
    await runScript('local/scenario.ts', '--url', url, '--set', 'receipts.when=never');
    expect(simulator.stage.playing).toEqual({ scenarios: ['standard'], change: { receipts: { when: 'never' } } });
  });

  test('refuses a scenario that there is not before it asks anybody', async () => {
    const outcome = await runScript('local/scenario.ts', '--port', '0', 'thrott');
    expectRefusal(outcome, /must be one of those that "npm run smsc -- --list" shows, got "thrott"/);
  });

  test('says so when no simulator runs there', async () => {
    const outcome = await runScript('local/scenario.ts', '--port', String(await abandonedPort()), 'throttle');
    expectRefusal(outcome, /no local gateway with a simulator/);
  });

  test('says so when something else runs there', async () => {
    const server = createServer((_, response) => response.end('<html></html>'));
    const port = await listenOnLoopback(server, 0);
    releaseAfterTest(() => closeServer(server));
    const outcome = await runScript('local/scenario.ts', '--url', `http://127.0.0.1:${port}`);
    expectRefusal(outcome, /what answers at .* is no simulator: it answered 200, no content type/);
  });

  test('refuses two addresses at once', async () => {
    const outcome = await runScript('local/scenario.ts', '--url', 'http://127.0.0.1:1', '--port', '5');
    expectRefusal(outcome, /--port and --url must not be given together/);
  });

  test('--help tells every option', async () => {
    const { code, stdout } = await runScript('local/scenario.ts', '--help');
    for (const option of ['NAME', '--set', '--port', '--url']) expect(stdout).toContain(option);
    expect(code).toBe(0);
  });
});
