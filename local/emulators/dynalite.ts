import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import dynalite from 'dynalite';

export interface DynamoDbEmulator {
  /**
   * To be listened on, and closed: dynalite closes its database only with its own listening server.
   * It answers nothing by itself.
   */
  readonly server: Server;
  readonly serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** DynamoDB, kept in `directory` or in memory. */
export function createDynamoDb(directory: string | undefined): DynamoDbEmulator {
  const server = dynalite({ createTableMs: 0, ...(directory === undefined ? {} : { path: directory }) });
  const handlers = server.listeners('request');
  server.removeAllListeners('request');
  return {
    server,
    async serve(request, response) {
      const whole = await readWhole(request);
      if (whole === undefined) {
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
        response.end('{"__type":"com.amazon.coral.service#SerializationException"}');
        return;
      }
      for (const handle of handlers) handle.call(server, whole, response);
    },
  };
}

/**
 * The request with its body already here, or undefined when the body is not a JSON object: on a body that
 * breaks off or is no object, dynalite throws where nobody can catch it, which would end the process.
 */
async function readWhole(request: IncomingMessage): Promise<Readable | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (!isJsonObject(body.toString())) return undefined;
  return Object.assign(Readable.from([body]), {
    method: request.method,
    url: request.url,
    headers: request.headers,
  });
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
