import { once } from 'node:events';
import { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { toError } from '#contract/to-error.ts';
import { StartError } from './start-error.ts';

/** Listens on 127.0.0.1 only, nowhere else, and resolves with the port. `port` 0 takes any free one. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    const message = isErrorCode(cause, 'EADDRINUSE')
      ? `port ${port} is in use`
      : `cannot listen on port ${port}: ${toError(cause).message}`;
    throw new StartError(message, { cause });
  }
  return (server.address() as AddressInfo).port;
}

/** Resolves when nothing listens and no connection is left. Requests under way have a moment to be answered. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  const cut = setTimeout(() => server instanceof HttpServer && server.closeAllConnections(), 500);
  await closed;
  clearTimeout(cut);
}

function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
