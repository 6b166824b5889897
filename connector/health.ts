import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Health {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * `GET /health` on loopback: 200 while the event loop makes progress, bound or not. A carrier that has
 * not allow-listed our address yet must not fail a deployment; being unbound is a metric and an event.
 */
export async function startHealth(port: number, describe: () => Record<string, unknown>): Promise<Health> {
  const server = createServer((request, response) => {
    const found = request.method === 'GET' && request.url === '/health';
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ? { status: 'ok', ...describe() } : { status: 'not found' }));
  });
  await listening(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
