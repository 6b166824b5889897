import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { healthCheckCommand } from '#contract/health-check.ts';
import { type Health, startHealth } from '../../connector/health.ts';

let health: Health;
let bound = false;
beforeEach(async () => {
  health = await startHealth(0, () => ({ carrier: 'acme', bound }));
});
afterEach(() => health.stop());

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${health.port}${path}`, init);
}

test('a connector that runs is healthy, bound or not, and says which', async () => {
  for (bound of [false, true]) {
    const response = await ask('/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok', carrier: 'acme', bound });
  }
});

test('anything but GET /health is not found', async () => {
  expect((await ask('/')).status).toBe(404);
  expect((await ask('/health', { method: 'POST' })).status).toBe(404);
});

test('a client that stays connected does not hold up the stop', async () => {
  const client = connect(health.port, '127.0.0.1');
  await new Promise((resolve) => client.once('connect', resolve));
  const closed = new Promise((resolve) => client.once('close', resolve));
  // Cut off within its request, it may see a reset before the end.
  client.on('error', () => {});
  client.write('GET /health HTTP/1.1\r\n');
  await health.stop();
  await closed;
});

test('a port that is taken is an error of the start', async () => {
  await expect(startHealth(health.port, () => ({}))).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

describe('the health check of the container', () => {
  const [, , , script] = healthCheckCommand;

  async function exitCode(port: number, checkScript = script): Promise<number> {
    const check = spawn(process.execPath, ['-e', checkScript], { env: { HEALTH_PORT: String(port) } });
    const [code] = await once(check, 'exit');
    return code;
  }

  test('exits 0 for a connector that answers', async () => {
    expect(await exitCode(health.port)).toBe(0);
  });

  test('exits 1 where nobody listens', async () => {
    const { port } = health;
    await health.stop();
    expect(await exitCode(port)).toBe(1);
  });

  test.each([
    ['answers anything but 200', 500, script],
    // The same with a patience that is over at once.
    ['does not answer', undefined, script.replace('3000', '1')],
  ])('exits 1 for a connector that %s', async (_, status, checkScript) => {
    const server = createServer((_request, response) => {
      if (status !== undefined) response.writeHead(status).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    expect(await exitCode((server.address() as AddressInfo).port, checkScript)).toBe(1);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
