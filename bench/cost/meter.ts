import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { systemClock } from '../../connector/clock.ts';
import { closeServer, listenOnLoopback } from '../../local/loopback.ts';
import type { Releases } from '../../local/releases.ts';
import type { Exchange } from './ledger.ts';

export interface MeterOptions {
  /** Of the emulators. */
  readonly upstream: string;
  /** How long a call takes beyond what the emulator needs: nothing is as near as an emulator. */
  readonly latencyMs: number;
  readonly onExchange: (exchange: Exchange) => void;
}

export interface Meter {
  /** To be used in place of the emulators'. */
  readonly endpoint: string;
  /** Octets that went through it so far, both ways, with HTTP's headers. */
  bytes(): number;
}

/** An endpoint in front of the emulators that sees every call. */
export async function startMeter(
  { upstream, latencyMs, onExchange }: MeterOptions,
  releases: Releases,
): Promise<Meter> {
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    try {
      const asked = await bodyOf(request);
      const { status, answered } = await forward(upstream, agent, request, asked, response);
      await systemClock.sleep(latencyMs);
      response.end(answered);
      onExchange({ headers: request.headers, request: asked.toString(), status, response: answered.toString() });
    } catch {
      response.destroy();
    }
  });
  server.on('connection', (socket) => sockets.add(socket));
  const port = await listenOnLoopback(server, 0);
  releases.push(async () => {
    await closeServer(server);
    agent.destroy();
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bytes: () => [...sockets].reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0),
  };
}

function forward(upstream: string, agent: Agent, from: IncomingMessage, body: Buffer, to: ServerResponse) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; answered: Buffer }>();
  const { method, headers } = from;
  httpRequest(new URL(from.url ?? '/', upstream), { method, headers, agent }, async (answer) => {
    const answered = await bodyOf(answer);
    const { 'transfer-encoding': _, ...others } = answer.headers;
    const status = answer.statusCode ?? 502;
    to.writeHead(status, { ...others, 'content-length': answered.length });
    resolve({ status, answered });
  })
    .on('error', reject)
    .end(body);
  return promise;
}

async function bodyOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
