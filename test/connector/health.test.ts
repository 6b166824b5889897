import { connect } from 'node:net';
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
