import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Answers a request. May reject: the connection is dropped then. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface Front {
  readonly server: Server;
  /** To be called once. Requests that came before wait for it. */
  readonly serve: (serve: Serve) => void;
}

/** An HTTP server that can listen, and so claim its port, before there is anything behind it. */
export function createFront(): Front {
  const behind = Promise.withResolvers<Serve>();
  const server = createServer((request, response) => {
    behind.promise.then((serve) => serve(request, response)).catch(() => response.destroy());
  });
  // A slow or silent client must not hold its connection for ever.
  server.requestTimeout = 60_000;
  return { server, serve: behind.resolve };
}
